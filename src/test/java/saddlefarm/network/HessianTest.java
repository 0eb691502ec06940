package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Lanczos;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.Vectors;

/** Against differences of the gradient, which {@link GradientTest} holds to differences of the loss. */
class HessianTest {

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void productsAreDerivativesOfTheGradientAlongTheVector(NetworkCase network) {
        var hessian = hessian(network);
        var evaluator = new Gradient(
                network.architecture(),
                network.loss(),
                PaddedMatrix.of(network.inputs()),
                PaddedMatrix.of(network.targets()),
                Kernels.ordered());
        var gradient = new Parameters(network.architecture());
        for (long seed = 0; seed < 5; seed++) {
            double[] direction = network.direction(seed);
            double[] expected = NetworkCase.derivative(distance -> {
                evaluator.evaluate(network.moved(direction, distance), gradient);
                return gradient.toVector();
            });

            double[] product = product(hessian, direction);

            double size = Vectors.norm(expected);
            for (int i = 0; i < product.length; i++) {
                assertThat(product[i])
                        .as("element %d, direction of seed %d", i, seed)
                        .isCloseTo(expected[i], within(1e-9 * (1 + size)));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theMatrixIsSymmetric(NetworkCase network) {
        var hessian = hessian(network);
        int n = hessian.dimension();
        double[][] columns = new double[n][];
        double largest = 0;
        for (int j = 0; j < n; j++) {
            double[] axis = new double[n];
            axis[j] = 1;
            columns[j] = product(hessian, axis);
            largest = Math.max(largest, Vectors.norm(columns[j]));
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                // both are sums of the same products in other orders
                assertThat(columns[i][j])
                        .as("element (%d, %d)", i, j)
                        .isCloseTo(columns[j][i], within(1e-14 * largest));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aProductLeavesNoTraceInTheNextAndNoneInItsVector(NetworkCase network) {
        var hessian = hessian(network);
        double[] direction = network.direction(0);
        double[] before = direction.clone();
        double[] first = product(hessian, direction);
        product(hessian, network.direction(1));

        assertThat(product(hessian, direction)).isEqualTo(first);
        assertThat(direction).isEqualTo(before);
        assertThat(hessian.dimension()).isEqualTo(network.architecture().parameters());
    }

    /**
     * There C ≈ C(0) − Tr(Σᵀ W_2 W_1), with the teacher's singular values 4, 2, 1, ½ as those of Σ, so the Hessian's
     * ends are ±4. Its Gauss-Newton part is zero.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void atTheOriginOfTwoLinearLayersTheEndsAreTheTeachersStrength(long seed) {
        var task = TestTasks.linearTeacher(seed);
        var origin = new Parameters(new Architecture(List.of(10, 20, 10), Activation.LINEAR, false));

        var extremes = Lanczos.extremes(
                new Hessian(Loss.MSE, task.inputs(), task.targets(), Kernels.ordered(), origin),
                30,
                RandomStream.of(0, "start"));

        // ±4, ±2, ±1, ±½ and 0: nine distinct eigenvalues, so the Krylov space is exhausted and the ends are exact
        assertThat(extremes.least().value()).isCloseTo(-4, within(1e-12));
        assertThat(extremes.greatest().value()).isCloseTo(4, within(1e-12));
    }

    /** Two derivatives of a product of three or more weights leave one of them, and that is 0. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void atTheOriginOfThreeLayersTheHessianIsZero(Activation activation) {
        var task = TestTasks.linearTeacher(0);
        var origin = new Parameters(new Architecture(List.of(10, 5, 6, 10), activation, false));
        var hessian = new Hessian(Loss.MSE, task.inputs(), task.targets(), Kernels.ordered(), origin);
        double[] ones = new double[hessian.dimension()];
        Arrays.fill(ones, 1);
        assertThat(product(hessian, ones)).containsOnly(0);
    }

    private static Hessian hessian(NetworkCase network) {
        return new Hessian(
                network.loss(),
                PaddedMatrix.of(network.inputs()),
                PaddedMatrix.of(network.targets()),
                Kernels.ordered(),
                network.point());
    }

    private static double[] product(Hessian hessian, double[] vector) {
        double[] product = new double[vector.length];
        hessian.apply(vector, product);
        return product;
    }
}
