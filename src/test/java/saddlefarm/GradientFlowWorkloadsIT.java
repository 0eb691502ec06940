package saddlefarm;

import java.io.IOException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What gradient flow saves with ReLU, as docs/SCIENCE.md tells it. */
@NullMarked
class GradientFlowWorkloadsIT {

    /**
     * Until t = 60; distances from a flow at a tolerance four to fourteen times as tight, before kinks make it worse.
     */
    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({
        "orthogonal-teacher, 0, 1e-3, 1e-4, 6",
        "orthogonal-teacher, 1, 1e-3, 1e-4, 9",
        "positive-teacher, 0, 7e-4, 5e-5, 4.5",
        "positive-teacher, 1, 2e-4, 5e-5, 3",
        "relu-teacher, 0, 3e-4, 5e-5, 2.5",
        "relu-teacher, 1, 5e-4, 5e-5, 4",
    })
    void flowIsAsCloseForAFractionOfTheEvaluations(
            String name, int seed, double tolerance, double tight, double fraction) throws IOException {
        var run = GradientFlowWorkloadsTest.runs(
                        name,
                        tolerance,
                        "sweep.initialization.seed=[%d]".formatted(seed),
                        "stop={max-flow-time=60,max-steps=0,loss=0}")
                .get(0);
        new GradientFlowWorkloadsTest().compare(run, 0.01, tolerance, tight, fraction);
    }
}
