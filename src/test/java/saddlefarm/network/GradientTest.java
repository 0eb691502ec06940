package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.AllocatedBytes;
import saddlefarm.linalg.EjmlKernels;

/** Against {@link NaiveNetwork}: its values, and differences of them. */
class GradientTest {

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void outputsAndLossAreThoseOfTheFormulas(NetworkCase network) {
        var evaluator = evaluator(network);
        var naive = new NaiveNetwork(network.point(), network.inputs());
        double expected = naive.loss(network.loss(), network.targets());

        // a few dozen roundings, of numbers below 100
        assertThat(evaluator.loss(network.point())).isCloseTo(expected, within(1e-13 * (1 + expected)));
        for (int i = 0; i < naive.outputs().getNumElements(); i++) {
            assertThat(evaluator.outputs().data[i]).isCloseTo(naive.outputs().data[i], within(1e-13));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theGradientIsTheDerivativeByEachParameter(NetworkCase network) {
        var gradient = new Parameters(network.architecture());
        evaluator(network).evaluate(network.point(), gradient);
        double[] partials = gradient.toVector();
        double size = Math.sqrt(gradient.squaredNorm());
        for (int i = 0; i < partials.length; i++) {
            double[] axis = new double[partials.length];
            axis[i] = 1;
            double[] expected = NetworkCase.derivative(
                    distance -> new double[] {naiveLoss(network, network.moved(axis, distance))});
            assertThat(partials[i])
                    .as("parameter %d of %d", i, partials.length)
                    .isCloseTo(expected[0], within(1e-9 * (1 + size)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void evaluatingGivesTheSameLossAndLeavesTheParametersAlone(NetworkCase network) {
        var evaluator = evaluator(network);
        double[] before = network.point().toVector();
        double[] inputs = network.inputs().data.clone();
        double[] targets = network.targets().data.clone();

        double loss = evaluator.evaluate(network.point(), new Parameters(network.architecture()));

        assertThat(loss).isEqualTo(evaluator.loss(network.point()));
        assertThat(network.point().toVector()).isEqualTo(before);
        assertThat(network.inputs().data).isEqualTo(inputs);
        assertThat(network.targets().data).isEqualTo(targets);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatWasEvaluatedBeforeLeavesNoTrace(NetworkCase network) {
        var gradient = new Parameters(network.architecture());
        double loss = evaluator(network).evaluate(network.point(), gradient);
        var used = evaluator(network);
        var overwritten = new Parameters(network.architecture());
        used.evaluate(network.moved(network.direction(0), 3), overwritten);

        assertThat(used.evaluate(network.point(), overwritten)).isEqualTo(loss);
        assertThat(overwritten.toVector()).isEqualTo(gradient.toVector());
    }

    /** One unit whose input is its weight: C = ½ (relu(w) − 1)², on either side of the kink and on it. */
    @ParameterizedTest(name = "w = {0}")
    @CsvSource({"0.5, 0.125, -0.5", "2, 0.5, 1", "-0.5, 0.5, 0", "0, 0.5, 0", "-0.0, 0.5, 0"})
    void theDerivativeOfReluIsOneAboveZeroAndElseZero(double weight, double loss, double derivative) {
        var architecture = new Architecture(List.of(1, 1, 1), Activation.RELU, false);
        var one = new DMatrixRMaj(new double[][] {{1}});
        var gradient = new Parameters(architecture);

        double evaluated = new Gradient(architecture, Loss.MSE, one, one, new EjmlKernels())
                .evaluate(Parameters.of(architecture, new double[] {weight, 1}), gradient);

        assertThat(evaluated).isEqualTo(loss);
        assertThat(gradient.weights(1).get(0, 0)).isEqualTo(derivative);
    }

    /** Y = 0 and its derivatives are products of other zeros, so the origin is a critical point from depth 2. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void theOriginIsACriticalPointWithTheLossOfOutputZero(Activation activation) {
        var architecture = new Architecture(List.of(2, 3, 2), activation, false);
        var inputs = new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}});
        var targets = new DMatrixRMaj(new double[][] {{1, 0}, {2, 2}});
        var gradient = new Parameters(architecture);

        double loss = new Gradient(architecture, Loss.MSE, inputs, targets, new EjmlKernels())
                .evaluate(new Parameters(architecture), gradient);

        assertThat(loss).isEqualTo(9.0 / 4);
        assertThat(gradient.squaredNorm()).isZero();
    }

    @Test
    void parametersThatAreNotFiniteGiveALossThatIsNot() {
        for (NetworkCase network : cases()) {
            int depth = network.architecture().depth();
            Parameters point = network.point().copy();
            Arrays.fill(point.weights(depth).data, Double.NaN);
            assertThat(evaluator(network).loss(point)).as("%s", network).isNaN();
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 4, 2", "5, 3, 3", "6, 3, 2"})
    void aTaskOfOtherWidthsOrUnequalSamplesIsRefused(int samples, int inputWidth, int outputWidth) {
        var architecture = new Architecture(List.of(3, 4, 2), Activation.RELU, false);
        assertThatThrownBy(() -> new Gradient(
                        architecture,
                        Loss.MSE,
                        new DMatrixRMaj(5, inputWidth),
                        new DMatrixRMaj(samples, outputWidth),
                        new EjmlKernels()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a network of widths [3, 4, 2] cannot map 5 samples of %d inputs to %d of %d outputs"
                        .formatted(inputWidth, samples, outputWidth));
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void noEvaluationAllocates(Loss loss) {
        NetworkCase network = cases().stream()
                .filter(candidate -> candidate.loss() == loss
                        && candidate.architecture().depth() == 5
                        && candidate.architecture().bias())
                .findFirst()
                .orElseThrow();
        var evaluator = evaluator(network);
        var gradient = new Parameters(network.architecture());
        // An object at every call would be 16 bytes at least.
        assertThat(AllocatedBytes.of(() -> evaluator.evaluate(network.point(), gradient), 2000))
                .isLessThan(2000 * 16L);
    }

    private static Gradient evaluator(NetworkCase network) {
        return new Gradient(
                network.architecture(), network.loss(), network.inputs(), network.targets(), new EjmlKernels());
    }

    private static double naiveLoss(NetworkCase network, Parameters parameters) {
        return new NaiveNetwork(parameters, network.inputs()).loss(network.loss(), network.targets());
    }
}
