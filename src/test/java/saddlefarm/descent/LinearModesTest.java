package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * A deep linear network on whitened inputs with the teacher U diag(s) Vᵀ, from a start that is balanced and aligned
 * with it: W_ℓ = Q_ℓ diag(c^{1/L}) Q_{ℓ−1}ᵀ with Q_0 = V, Q_L = U. Then every mode c_j = u_jᵀ W_L ⋯ W_1 v_j moves by
 * itself, in the limit of small rates by c' = L c^{2−2/L} (s − c) (A. Saxe, J. McClelland, S. Ganguli, <i>Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks</i>, 2014).
 */
class LinearModesTest {

    private static final double[] STRENGTHS = {3, 1.5, 0.8};
    private static final double START = 0.02;
    private static final double TIME = 4;

    /** All layers of a mode have the same singular value q = c^{1/L}, which a step moves by −η q^{L−1} (q^L − s). */
    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void modesFollowTheirOwnRecurrence(int depth) {
        double rate = 0.01;
        var network = new Modes(depth, rate);
        double[] q = new double[STRENGTHS.length];
        for (int j = 0; j < q.length; j++) {
            q[j] = Math.pow(START, 1.0 / depth);
        }
        for (int step = 1; step <= 400; step++) {
            network.step();
            for (int j = 0; j < q.length; j++) {
                q[j] -= rate * Math.pow(q[j], depth - 1) * (Math.pow(q[j], depth) - STRENGTHS[j]);
            }
            DMatrixRMaj modes = network.modes();
            for (int i = 0; i < q.length; i++) {
                for (int j = 0; j < q.length; j++) {
                    double expected = i == j ? Math.pow(q[j], depth) : 0;
                    // Roundings of 1e-16 grow as the modes do, by about two orders from START.
                    assertThat(modes.get(i, j))
                            .as("mode (%d, %d) at step %d", i, j, step)
                            .isCloseTo(expected, within(1e-12));
                }
            }
        }
    }

    /** a(t) = s e^{2st} / (e^{2st} − 1 + s/a0); the deviation is of first order in the rate, here 1.125 times it. */
    @ParameterizedTest(name = "rate {0}")
    @ValueSource(doubles = {1e-2, 1e-3, 1e-4})
    void twoLayersFollowTheSigmoidOfTheClosedForm(double rate) {
        double deviation = deviation(2, rate, strength -> time -> {
            double growth = Math.exp(2 * strength * time);
            return strength * growth / (growth - 1 + strength / START);
        });
        assertThat(deviation).isBetween(rate, 1.3 * rate);
    }

    /** Against classical Runge-Kutta steps of 1e-3, whose own error is of the order 1e-10. */
    @ParameterizedTest(name = "depth {0}, rate {1}")
    @CsvSource({"2, 1e-3", "3, 1e-3", "4, 1e-3", "3, 5e-4", "4, 5e-4"})
    void modesFollowTheirFlow(int depth, double rate) {
        double deviation = deviation(depth, rate, strength -> flow(depth, strength));
        double halved = deviation(depth, rate / 2, strength -> flow(depth, strength));
        assertThat(deviation).isLessThan(5 * rate);
        // Of first order: half the rate, half the deviation, up to terms of second order.
        assertThat(halved / deviation).isCloseTo(0.5, within(10 * rate));
    }

    private interface ByStrength {
        DoubleUnaryOperator solution(double strength);
    }

    /** The largest deviation of a mode from its solution, at times 0, 0.1, 0.2, …, relative to its strength. */
    private static double deviation(int depth, double rate, ByStrength exact) {
        var network = new Modes(depth, rate);
        List<DoubleUnaryOperator> solutions = new ArrayList<>();
        for (double strength : STRENGTHS) {
            solutions.add(exact.solution(strength));
        }
        double deviation = 0;
        long every = Math.round(0.1 / rate);
        for (int row = 0; row <= 10 * TIME; row++) {
            DMatrixRMaj modes = network.modes();
            for (int j = 0; j < STRENGTHS.length; j++) {
                double expected = solutions.get(j).applyAsDouble(network.descent.flowTime());
                deviation = Math.max(deviation, Math.abs(modes.get(j, j) - expected) / STRENGTHS[j]);
            }
            for (long step = 0; step < every; step++) {
                network.step();
            }
        }
        return deviation;
    }

    /** c' = L c^{2−2/L} (s − c) from START, by Runge-Kutta of order 4. */
    private static DoubleUnaryOperator flow(int depth, double strength) {
        DoubleUnaryOperator slope = c -> depth * Math.pow(c, 2 - 2.0 / depth) * (strength - c);
        return time -> {
            int steps = (int) Math.round(time / 1e-3);
            double h = steps == 0 ? 0 : time / steps;
            double c = START;
            for (int i = 0; i < steps; i++) {
                double k1 = slope.applyAsDouble(c);
                double k2 = slope.applyAsDouble(c + h / 2 * k1);
                double k3 = slope.applyAsDouble(c + h / 2 * k2);
                double k4 = slope.applyAsDouble(c + h * k3);
                c += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            }
            return c;
        };
    }

    /** The network in training. */
    private static final class Modes {

        private static final int INPUTS = 5;
        private static final int WIDTH = 7;
        private static final int OUTPUTS = 4;
        private static final int SAMPLES = 8;

        private final DMatrixRMaj u;
        private final DMatrixRMaj v;
        private final GradientDescent descent;

        Modes(int depth, double rate) {
            var random = RandomStream.of(depth, "modes");
            DMatrixRMaj inputs = TestMatrices.orthonormal(SAMPLES, INPUTS, random);
            CommonOps_DDRM.scale(Math.sqrt(SAMPLES), inputs);
            v = TestMatrices.orthonormal(INPUTS, STRENGTHS.length, random);
            u = TestMatrices.orthonormal(OUTPUTS, STRENGTHS.length, random);
            DMatrixRMaj teacher = aligned(u, STRENGTHS, v);
            DMatrixRMaj targets = CommonOps_DDRM.multTransB(inputs, teacher, null);

            List<Integer> widths = new ArrayList<>(List.of(INPUTS));
            for (int layer = 1; layer < depth; layer++) {
                widths.add(WIDTH);
            }
            widths.add(OUTPUTS);
            var start = new Parameters(new Architecture(widths, Activation.LINEAR, false));
            double q = Math.pow(START, 1.0 / depth);
            DMatrixRMaj below = v;
            for (int layer = 1; layer <= depth; layer++) {
                DMatrixRMaj above = layer == depth ? u : TestMatrices.orthonormal(WIDTH, STRENGTHS.length, random);
                start.weights(layer).setTo(aligned(above, new double[] {q, q, q}, below));
                below = above;
            }
            var kernels = Kernels.ordered();
            var evaluator = new Gradient(
                    start.architecture(), Loss.MSE, PaddedMatrix.of(inputs), PaddedMatrix.of(targets), kernels);
            descent = new GradientDescent(evaluator, kernels, rate, DescentState.initial(start));
        }

        void step() {
            descent.evaluate();
            descent.advance();
        }

        /** Uᵀ W_L ⋯ W_1 V. */
        DMatrixRMaj modes() {
            DMatrixRMaj product = v;
            for (int layer = 1; layer <= descent.parameters().architecture().depth(); layer++) {
                product = CommonOps_DDRM.mult(descent.parameters().weights(layer), product, null);
            }
            return CommonOps_DDRM.multTransA(u, product, null);
        }

        private static DMatrixRMaj aligned(DMatrixRMaj left, double[] values, DMatrixRMaj right) {
            DMatrixRMaj scaled = CommonOps_DDRM.mult(left, CommonOps_DDRM.diag(values), null);
            return CommonOps_DDRM.multTransB(scaled, right, null);
        }
    }
}
