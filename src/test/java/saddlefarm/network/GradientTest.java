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
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;

/** Against {@link NaiveNetwork}: its values, and differences of them. */
class GradientTest {

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void outputsAndLossAreThoseOfTheFormulas(NetworkCase network) {
        var naive = new NaiveNetwork(network.point(), network.inputs());
        double expected = naive.loss(network.loss(), network.targets());
        var weights = new PackedWeights(network.architecture());
        weights.set(network.point());
        var panels = Panel.keeping(
                network.architecture(),
                Kernels.ordered(),
                PaddedMatrix.of(network.inputs()),
                PaddedMatrix.of(network.targets()));

        panels.get(0).forward(weights);

        // a few dozen roundings, of numbers below 100
        assertThat(loss(network)).isCloseTo(expected, within(1e-13 * (1 + expected)));
        double[] outputs = panels.get(0).outputs().toMatrix().data;
        assertThat(outputs).containsExactly(naive.outputs().data, within(1e-13));
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
    void evaluatingLeavesParametersAndTaskAlone(NetworkCase network) {
        double[] before = network.point().toVector();
        var inputs = PaddedMatrix.of(network.inputs());
        var targets = PaddedMatrix.of(network.targets());

        new Gradient(network.architecture(), network.loss(), inputs, targets, Kernels.ordered())
                .evaluate(network.point(), new Parameters(network.architecture()));

        assertThat(network.point().toVector()).isEqualTo(before);
        assertThat(inputs.toMatrix().data).isEqualTo(network.inputs().data);
        assertThat(targets.toMatrix().data).isEqualTo(network.targets().data);
    }

    /** Loss and gradient are sums over samples in ascending order, so panels may be of any size. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void noBitDependsOnHowTheSamplesAreDivided(Loss loss) {
        // 4 × 1100 outputs a sample: panels of eight
        var architecture = new Architecture(List.of(3, 1100, 1100, 1100, 1100, 2), Activation.RELU, true);
        assertThat(Panel.samples(architecture)).isEqualTo(8);
        var random = RandomStream.of(1, "panels");
        DMatrixRMaj inputs = TestMatrices.gaussian(21, 3, random);
        DMatrixRMaj targets = new DMatrixRMaj(21, 2);
        for (int n = 0; n < 21; n++) {
            targets.set(n, n % 2, 1);
        }
        Parameters point = Initialization.gaussian(architecture, 1.4, random);
        var whole = new PackedGradient(architecture, Kernels.ordered());
        double[] sums = new double[PaddedMatrix.BLOCK];
        var weights = new PackedWeights(architecture);
        weights.set(point);
        Panel panel = Panel.keeping(
                        architecture, Kernels.ordered(), PaddedMatrix.of(inputs), PaddedMatrix.of(targets), 21)
                .get(0);
        panel.forward(weights);
        panel.evaluate(loss, 21, sums);
        panel.backward(weights, whole);
        var expected = new Parameters(architecture);
        whole.copyTo(expected);

        var gradient = new Parameters(architecture);
        double evaluated = new Gradient(
                        architecture, loss, PaddedMatrix.of(inputs), PaddedMatrix.of(targets), Kernels.ordered())
                .evaluate(point, gradient);

        assertThat(evaluated).isEqualTo(loss.total(sums, 21));
        assertThat(gradient.toVector()).isEqualTo(expected.toVector());
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
        var one = matrix(new double[][] {{1}});
        var gradient = new Parameters(architecture);

        double evaluated = new Gradient(architecture, Loss.MSE, one, one, Kernels.ordered())
                .evaluate(Parameters.of(architecture, new double[] {weight, 1}), gradient);

        assertThat(evaluated).isEqualTo(loss);
        assertThat(gradient.weights(1).get(0, 0)).isEqualTo(derivative);
    }

    /** Y = 0 and its derivatives are products of other zeros, so the origin is a critical point from depth 2. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void theOriginIsACriticalPointWithTheLossOfOutputZero(Activation activation) {
        var architecture = new Architecture(List.of(2, 3, 2), activation, false);
        var inputs = matrix(new double[][] {{1, 2}, {3, 4}});
        var targets = matrix(new double[][] {{1, 0}, {2, 2}});
        var gradient = new Parameters(architecture);

        double loss = new Gradient(architecture, Loss.MSE, inputs, targets, Kernels.ordered())
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
            assertThat(evaluator(network).evaluate(point, new Parameters(network.architecture())))
                    .as("%s", network)
                    .isNaN();
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 4, 2", "5, 3, 3", "6, 3, 2"})
    void aTaskOfOtherWidthsOrUnequalSamplesIsRefused(int samples, int inputWidth, int outputWidth) {
        var architecture = new Architecture(List.of(3, 4, 2), Activation.RELU, false);
        assertThatThrownBy(() -> new Gradient(
                        architecture,
                        Loss.MSE,
                        new PaddedMatrix(5, inputWidth),
                        new PaddedMatrix(samples, outputWidth),
                        Kernels.ordered()))
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
                network.architecture(),
                network.loss(),
                PaddedMatrix.of(network.inputs()),
                PaddedMatrix.of(network.targets()),
                Kernels.ordered());
    }

    private static double loss(NetworkCase network) {
        return evaluator(network).evaluate(network.point(), new Parameters(network.architecture()));
    }

    private static PaddedMatrix matrix(double[][] rows) {
        return PaddedMatrix.of(new DMatrixRMaj(rows));
    }

    private static double naiveLoss(NetworkCase network, Parameters parameters) {
        return new NaiveNetwork(parameters, network.inputs()).loss(network.loss(), network.targets());
    }
}
