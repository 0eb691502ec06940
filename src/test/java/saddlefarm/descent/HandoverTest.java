package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class HandoverTest {

    /** 20 steps of 0.1 with 3 evaluations each are 30 for a unit of time, λ_max = 3 asks descent for 10. */
    @ParameterizedTest(name = "{0} rejected, {1} evaluations a step, pace {2}, sharpness {3}")
    @CsvSource({
        "5, 3, 2, 3, true",
        "4, 3, 2, 3, false",
        "5, 3, 0.9, 3, false",
        "5, 3, 2, 8.9, true",
        "5, 3, 2, 9.1, false",
        "5, 1, 2, 2.9, true",
        "5, 1, 2, 3.1, false",
    })
    void descentIsDueWhereStepsAreRejectedAndDearWhileTheLossFalls(
            int rejected, int evaluations, double pace, double sharpness, boolean due) {
        Handover window = Handover.NONE;
        for (int step = 0; step < 20; step++) {
            assertThat(window.due(100, sharpness)).isFalse();
            window = window.afterFlow(0.1, step < rejected ? 1 : 0, evaluations, pace);
        }
        assertThat(window.due(100, sharpness)).isEqualTo(due);
        assertThat(window.descending()).isFalse();
    }

    @Test
    void oneSlowStepOfAWindowIsEnoughToStay() {
        Handover window = Handover.NONE;
        for (int step = 0; step < 20; step++) {
            window = window.afterFlow(0.1, 1, 3, step == 7 ? 0.9 : 2);
        }
        assertThat(window.due(100, 3)).isFalse();
    }

    @Test
    void theNextWindowBeginsAfresh() {
        Handover window = Handover.NONE;
        for (int step = 0; step < 20; step++) {
            window = window.afterFlow(0.1, 1, 3, 0.9);
        }
        window = window.afterFlow(0.5, 2, 7, 3);
        assertThat(window).isEqualTo(new Handover(1, 2, 7, 0.5, true, 0, 0, 0));
    }

    @Test
    void whatWasRefusedIsNotAskedForUntilTimeHasGrownByATenth() {
        Handover window = Handover.refused(100);
        for (int step = 0; step < 20; step++) {
            window = window.afterFlow(0.1, 1, 3, 2);
        }
        assertThat(window.due(109.9, 3)).isFalse();
        assertThat(window.due(110.1, 3)).isTrue();
    }

    @ParameterizedTest(name = "t = {0}, |∇C|² = {1}, pace {2}")
    @CsvSource({
        "105, 1e-4, 2, true",
        "110.1, 1e-4, 2, false",
        "105, 1.19e-4, 2, true",
        "105, 1.21e-4, 2, false",
        "105, 1e-4, 0.49, false",
    })
    void aLegEndsWithItsTimeOrWhereASaddleIsNear(double time, double square, double pace, boolean goesOn) {
        Handover leg = Handover.begun(100, 1);
        assertThat(leg.descending()).isTrue();
        leg = leg.afterDescent(101, 1e-4, 2);
        assertThat(leg.descending()).isTrue();
        assertThat(leg.afterDescent(time, square, pace).descending()).isEqualTo(goesOn);
    }

    /**
     * C = ½ (θ − 1)², in the middle of a leg: a step is 0.3/λ = 0.3 of the way, and one evaluation. The radius was
     * measured with its margin of 1.2.
     */
    @Test
    void inALegStepsAreGradientDescents() {
        var one = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}}));
        var architecture = new Architecture(List.of(1, 1), Activation.LINEAR, false);
        var evaluator = new Gradient(architecture, Loss.MSE, one, one, Kernels.ordered());
        Parameters weight = Parameters.of(architecture, new double[] {5});
        var memory = new FlowMemory(0.5, 0.5, 1, 1.2, 3, weight, 1000, Handover.begun(100, 16));
        var flow = new GradientFlow(evaluator, 1e-4, new DescentState(50, 100, 8, 16, weight, memory));
        double left = 4;
        for (int step = 1; step <= 5; step++) {
            flow.evaluate();
            flow.advance();
            left *= 0.7;
            assertThat(flow.parameters().weights(1).get(0, 0)).isCloseTo(1 + left, within(1e-12));
            assertThat(flow.flowTime()).isCloseTo(100 + 0.3 * step, within(1e-12));
            assertThat(flow.evaluations()).isEqualTo(1000 + step);
        }
    }
}
