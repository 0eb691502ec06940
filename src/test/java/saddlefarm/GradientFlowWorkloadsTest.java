package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Plateau;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.GradientFlow;
import saddlefarm.descent.Twin;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Activation;
import saddlefarm.network.Gradient;
import saddlefarm.network.Workspaces;

/** The product's experiments under gradient flow: the same saddles, for fewer evaluations. */
@NullMarked
class GradientFlowWorkloadsTest {

    private final TaskLibrary tasks = new TaskLibrary();

    @ParameterizedTest(name = "depth {0}, tolerance {2}")
    @CsvSource({"2, 5e-4, 1e-3", "3, 5e-3, 1e-3", "4, 3e-2, 1e-3", "3, 5e-3, 1e-2", "4, 3e-2, 1e-2"})
    void aLinearNetworkLearnsItsTeachersStrengthsOneAfterTheOther(int depth, double deviation, double tolerance)
            throws IOException {
        List<Double> strengths = List.of(4.0, 2.0, 1.0, 0.5);
        for (RunSpec run : runs("linear-teacher-L" + depth, tolerance)) {
            List<Plateau> saddles = saddles(run);
            assertThat(saddles).extracting(Plateau::rank).containsExactly(0, 1, 2, 3);
            for (int k = 0; k < 4; k++) {
                double level =
                        strengths.stream().skip(k).mapToDouble(s -> s * s / 2).sum();
                assertThat(saddles.get(k).loss()).isCloseTo(level, within(deviation * Math.min(1, level)));
            }
        }
    }

    /**
     * Distances from a flow whose own is a hundredth of them, with ReLU an eighth. Gradient descent goes at 0.3 / λ,
     * where λ is the curvature at the end: L 4^{2 − 2/L}, about 30 with ReLU.
     */
    @ParameterizedTest(name = "{0}, scale {1}")
    @CsvSource({
        "linear-teacher-L3, 0.005, 0.01575, 9e-5, 6",
        "linear-teacher-L4, 0.05, 0.009375, 2e-5, 6",
        "orthogonal-teacher, 0.2, 0.01, 1e-3, 3",
    })
    void flowIsAsCloseForAFractionOfTheEvaluations(
            String name, double scale, double rate, double tolerance, double fraction) throws IOException {
        RunSpec run = runs(name, tolerance, "initialization.scale=" + scale).get(0);
        boolean linear = run.architecture().activation() == Activation.LINEAR;
        compare(run, rate, tolerance, linear ? 1e-7 : 1e-4, fraction);
    }

    /** Compares both methods with a flow at a tighter tolerance. */
    void compare(RunSpec run, double rate, double tolerance, double tight, double fraction) {
        var descent = new GradientDescent(gradient(run), Kernels.ordered(), rate, start(run));
        Twin.Distance ofDescent = distance(run, tight, descent);
        var flow = new GradientFlow(gradient(run), tolerance, start(run));
        Twin.Distance ofFlow = distance(run, tight, flow);
        assertThat(ofFlow.parameters()).isLessThan(ofDescent.parameters());
        assertThat(ofFlow.loss()).isLessThan(ofDescent.loss());
        assertThat(flow.evaluations() * fraction).isLessThan(descent.step() + 1.0);
    }

    /** The experiment with another descent. */
    static List<RunSpec> runs(String name, double tolerance, String... overrides) throws IOException {
        Path file = Path.of("config", name + ".conf");
        String flow = "descent { method = gradient-flow, tolerance = %s }".formatted(tolerance);
        String text =
                Files.readString(file).replaceAll("(?m)^descent .*$", flow).replaceAll("(?m)^observe .*$", "");
        return Experiment.parse(text, name, file.resolveSibling(""), List.of(overrides))
                .runs();
    }

    private List<Plateau> saddles(RunSpec run) {
        var workshop = new TaskWorkshop(tasks, new Workspaces(1, 0), "a processor");
        var training = workshop.training(run, null);
        var finder = workshop.finder(run, null);
        var saddles = new ArrayList<Plateau>();
        while (training.ending() == null) {
            training.step();
            Descent at = training.descent();
            finder.step(at.step(), at.flowTime(), at.loss(), at.squaredGradientNorm());
            switch (training.look()) {
                case ROW -> finder.row(training.state());
                case PROBE -> finder.probe(training.state());
                case ESCAPE -> finder.drop(training.state());
                case NONE -> {}
            }
            for (var finding : finder.drain()) {
                if (finding instanceof PlateauFound found) {
                    saddles.add(found.plateau());
                }
            }
        }
        assertThat(finder.rank()).isEqualTo(4);
        return saddles;
    }

    private Twin.Distance distance(RunSpec run, double tight, Descent other) {
        var twin = new Twin(new GradientFlow(gradient(run), tight, start(run)), other);
        twin.begin();
        while (twin.advance(run.limits()) == null) {}
        return twin.distance();
    }

    private Gradient gradient(RunSpec run) {
        Task task = tasks.task(run.data(), run.loss());
        return new Gradient(run.architecture(), run.loss(), task.inputs(), task.targets(), Kernels.ordered());
    }

    private DescentState start(RunSpec run) {
        return DescentState.initial(tasks.initialParameters(run));
    }
}
