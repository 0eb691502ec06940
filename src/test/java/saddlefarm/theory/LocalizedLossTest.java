package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Gradient;
import saddlefarm.network.Hessian;
import saddlefarm.network.Loss;
import saddlefarm.network.NaiveNetwork;
import saddlefarm.network.NetworkCase;
import saddlefarm.network.Parameters;

/** Against {@link NaiveNetwork}, and differences of its values. */
class LocalizedLossTest {

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    static List<NetworkCase> withoutBiases() {
        return cases().stream()
                .filter(network -> !network.architecture().bias())
                .toList();
    }

    @Test
    void theSlopeOfTheMeanSquaredErrorAtTheOriginIsMinusTheTargetsOverN() {
        assertThat(slope(Loss.MSE, new double[][] {{1, -2}, {0, 3}}).data).containsExactly(-0.5, 1, 0, -1.5);
    }

    /** Of equal outputs the softmax is uniform: ¼ − T, over N = 2. */
    @Test
    void theSlopeOfTheCrossEntropyAtTheOriginIsUniformMinusTheTargetsOverN() {
        assertThat(slope(Loss.CROSS_ENTROPY, new double[][] {{1, 0, 0, 0}, {0, 0.5, 0.5, 0}}).data)
                .containsExactly(
                        new double[] {-0.375, 0.125, 0.125, 0.125, 0.125, -0.125, -0.125, 0.125}, within(1e-16));
    }

    /** −Tr[Gᵀ Y]/c^L by the naive network; larger weights in the same direction have the same speed. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutBiases")
    void theSpeedOfWeightsIsTheDropInUnitsOfTheirSizeToTheDepth(NetworkCase network) {
        Parameters point = network.point();
        int depth = network.architecture().depth();
        double size = Math.sqrt(point.squaredNorm() / depth);
        double expected = -naive(network, point) / Math.pow(size, depth);
        double speed = speed(network, point);
        assertThat(speed).isCloseTo(expected, within(1e-11 * (1 + Math.abs(expected))));
        double[] larger = point.toVector();
        Vectors.scale(3, larger);
        assertThat(speed(network, Parameters.of(network.architecture(), larger)))
                .isCloseTo(speed, within(1e-11 * (1 + Math.abs(speed))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void itIsTheTraceAndItsGradientIsTheDerivativeByEachParameter(NetworkCase network) {
        var gradient = new Parameters(network.architecture());
        double value = evaluate(network, network.point(), gradient);
        // a few dozen roundings of numbers below 100
        assertThat(value).isCloseTo(naive(network, network.point()), within(1e-12));
        double[] partials = gradient.toVector();
        double size = Math.sqrt(gradient.squaredNorm());
        for (int i = 0; i < partials.length; i++) {
            double[] axis = new double[partials.length];
            axis[i] = 1;
            double[] expected =
                    NetworkCase.derivative(distance -> new double[] {naive(network, network.moved(axis, distance))});
            assertThat(partials[i]).as("parameter %d", i).isCloseTo(expected[0], within(1e-9 * (1 + size)));
        }
    }

    /** L0(2θ) = 2^L L0(θ): powers of two commute with every rounding. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutBiases")
    void withoutBiasesItIsHomogeneousOfTheDepthsDegree(NetworkCase network) {
        var ignored = new Parameters(network.architecture());
        double[] doubled = network.point().toVector();
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] *= 2;
        }
        assertThat(evaluate(network, Parameters.of(network.architecture(), doubled), ignored))
                .isEqualTo(Math.scalb(
                        evaluate(network, network.point(), ignored),
                        network.architecture().depth()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void itsHessianIsTheDerivativeOfItsGradient(NetworkCase network) {
        double[] direction = new double[network.architecture().parameters()];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = i % 2 == 0 ? 0.3 : -0.2;
        }
        double[] expected = NetworkCase.derivative(distance -> {
            var gradient = new Parameters(network.architecture());
            evaluate(network, network.moved(direction, distance), gradient);
            return gradient.toVector();
        });
        double[] product = new double[direction.length];
        new Hessian(new LocalizedLoss(), inputs(network), slope(network), Kernels.ordered(), network.point())
                .apply(direction, product);
        double size = 0;
        for (double x : expected) {
            size = Math.max(size, Math.abs(x));
        }
        assertThat(product).containsExactly(expected, within(1e-8 * (1 + size)));
    }

    private static double evaluate(NetworkCase network, Parameters point, Parameters gradient) {
        return new Gradient(
                        network.architecture(), new LocalizedLoss(), inputs(network), slope(network), Kernels.ordered())
                .evaluate(point, gradient);
    }

    private static double speed(NetworkCase network, Parameters point) {
        return LocalizedLoss.speed(
                network.loss(), inputs(network), PaddedMatrix.of(network.targets()), Kernels.ordered(), point);
    }

    private static double naive(NetworkCase network, Parameters point) {
        DMatrixRMaj outputs = new NaiveNetwork(point, network.inputs()).outputs();
        DMatrixRMaj slope = slope(network).toMatrix();
        double trace = 0;
        for (int i = 0; i < outputs.getNumElements(); i++) {
            trace += slope.data[i] * outputs.data[i];
        }
        return trace;
    }

    private static PaddedMatrix inputs(NetworkCase network) {
        return PaddedMatrix.of(network.inputs());
    }

    private static PaddedMatrix slope(NetworkCase network) {
        return network.loss().gradientAtZero(PaddedMatrix.of(network.targets()), Kernels.ordered());
    }

    private static DMatrixRMaj slope(Loss loss, double[][] targets) {
        return loss.gradientAtZero(PaddedMatrix.of(new DMatrixRMaj(targets)), Kernels.ordered())
                .toMatrix();
    }
}
