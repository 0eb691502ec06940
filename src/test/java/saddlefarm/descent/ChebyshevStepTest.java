package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;

/**
 * Steps on C = ½ Σ λ_i (θ_i − 1)²: what is left of each deviation is the stability polynomial at z = −h λ_i, in closed
 * form {@code R(z) = 1 − b T_s(w0) + b T_s(w0 + w1 z)} (B. Sommeijer, L. Shampine, J. Verwer, 1998, eq. 2.3).
 */
class ChebyshevStepTest {

    private static final int MODES = 40;

    /** Below rounding in the last stages, which grows as s². */
    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {2, 3, 4, 7, 20, 100, 500})
    void aStepMultipliesEachModeByTheStabilityPolynomial(int stages) {
        var quadratic = new Quadratic();
        double h = 0.6 * stages * stages / quadratic.radius();
        double[] after = quadratic.step(h, stages);
        for (int i = 0; i < MODES; i++) {
            assertThat(after[i]).as("mode %d", i).isCloseTo(polynomial(stages, -h * quadratic.lambda(i)), within(1e-9));
        }
    }

    @ParameterizedTest(name = "h · radius = {0}")
    @ValueSource(doubles = {0.1, 1, 3, 10, 100, 1e3, 1e4, 1e5})
    void theStagesOfAStepKeepItStableAndFewerWouldNot(double stiffness) {
        int stages = ChebyshevStep.stages(stiffness, 1);
        assertThat(growth(stages, stiffness)).isLessThanOrEqualTo(1);
        if (stages > 3) {
            assertThat(growth(stages - 2, stiffness)).isGreaterThan(1);
        }
    }

    /** Global error of order 2 with any number of stages: half the step, a quarter of the error. */
    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {2, 5, 20})
    void theErrorIsOfOrderTwo(int stages) {
        double coarse = error(stages, 40);
        double fine = error(stages, 80);
        // up to terms of third order
        assertThat(coarse / fine).isBetween(3.6, 4.4);
    }

    /** For a smooth flow it is the leading term of the step's error, so to about a tenth at hλ = 0.1. */
    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {2, 5, 20})
    void theEstimateIsOfOrderThree(int stages) {
        var quadratic = new Quadratic();
        double coarse = quadratic.estimate(0.1 / quadratic.radius(), stages);
        double fine = quadratic.estimate(0.05 / quadratic.radius(), stages);
        assertThat(coarse / fine).isBetween(7.0, 9.0);
    }

    private static double error(int stages, int steps) {
        // one mode of λ = 1 until t = 1
        return Math.abs(Math.pow(polynomial(stages, -1.0 / steps), steps) - Math.exp(-1));
    }

    /** max |R| on [−stiffness, 0]. */
    private static double growth(int stages, double stiffness) {
        double growth = 0;
        int points = 20 * stages;
        for (int i = 0; i <= points; i++) {
            growth = Math.max(growth, Math.abs(polynomial(stages, -stiffness * i / points)));
        }
        return growth;
    }

    private static double polynomial(int s, double z) {
        double w0 = 1 + 2.0 / 13 / (s * (double) s);
        double root = Math.sqrt(w0 * w0 - 1);
        double angle = s * acosh(w0);
        // T' = s sinh(sφ)/sinh(φ) and T'' from Chebyshev's equation (1 − w²) T'' − w T' + s² T = 0
        double t = Math.cosh(angle);
        double d = s * Math.sinh(angle) / root;
        double dd = ((double) s * s * t - w0 * d) / (w0 * w0 - 1);
        double b = dd / (d * d);
        return 1 - b * t + b * chebyshev(s, w0 + d / dd * z);
    }

    private static double chebyshev(int s, double w) {
        if (Math.abs(w) <= 1) {
            return Math.cos(s * Math.acos(w));
        }
        double sign = w < 0 && s % 2 == 1 ? -1 : 1;
        return sign * Math.cosh(s * acosh(Math.abs(w)));
    }

    private static double acosh(double w) {
        return Math.log(w + Math.sqrt(w * w - 1));
    }

    /** One layer, inputs that are multiples of unit vectors: each weight is a mode, with λ from 0.01 to 100. */
    private static final class Quadratic {

        private final Architecture architecture = new Architecture(List.of(MODES, 1), Activation.LINEAR, false);
        private final double[] lambdas = new double[MODES];
        private final FlowField field;

        Quadratic() {
            var inputs = new DMatrixRMaj(MODES, MODES);
            var targets = new DMatrixRMaj(MODES, 1);
            for (int i = 0; i < MODES; i++) {
                lambdas[i] = Math.pow(10, -2 + 4.0 * i / (MODES - 1));
                inputs.set(i, i, Math.sqrt(MODES * lambdas[i]));
                targets.set(i, 0, inputs.get(i, i));
            }
            var evaluator = new Gradient(
                    architecture, Loss.MSE, PaddedMatrix.of(inputs), PaddedMatrix.of(targets), Kernels.ordered());
            field = new FlowField(evaluator, architecture, 0);
        }

        double lambda(int i) {
            return lambdas[i];
        }

        double radius() {
            return lambdas[MODES - 1];
        }

        /** The deviations after a step from deviations of 1. */
        double[] step(double h, int stages) {
            double[] theta = start();
            double[] gradient = new double[MODES];
            field.evaluate(theta, gradient);
            long before = field.evaluations();
            double[] to = new double[MODES];
            new ChebyshevStep(field).take(theta, gradient, h, stages, to);
            assertThat(field.evaluations() - before).isEqualTo(stages - 1);
            assertThat(theta).isEqualTo(start());
            for (int i = 0; i < MODES; i++) {
                to[i] -= 1;
            }
            return to;
        }

        double estimate(double h, int stages) {
            double[] theta = start();
            double[] gradient = new double[MODES];
            field.evaluate(theta, gradient);
            double[] to = new double[MODES];
            new ChebyshevStep(field).take(theta, gradient, h, stages, to);
            double[] gradientThere = new double[MODES];
            field.evaluate(to, gradientThere);
            return ChebyshevStep.error(theta, gradient, h, to, gradientThere);
        }

        private static double[] start() {
            double[] theta = new double[MODES];
            Arrays.fill(theta, 2);
            return theta;
        }
    }
}
