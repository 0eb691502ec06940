package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Hessian;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;

class SpectralRadiusTest {

    private static final Task TASK = TestTasks.linearTeacher(0);

    /** A diagonal matrix; the estimate is from below and within its criterion, then enlarged by the margin. */
    @ParameterizedTest(name = "largest {0}")
    @ValueSource(doubles = {7, -7, 7e-150, 7e150})
    void theEstimateIsTheLargestMagnitudeWithItsMargin(double largest) {
        double[] diagonal = {largest, largest / 2, -largest / 3, 0};
        double[] direction = {1, 2, 3, 4};
        double radius = SpectralRadius.of(diagonal(diagonal), direction, new double[4]);
        assertThat(radius).isBetween(0.95 * 1.2 * Math.abs(largest), 1.2 * Math.abs(largest));
        assertThat(Vectors.norm(direction)).isCloseTo(1, withinPercentage(1e-10));
        // Going on from there takes two products, which improve it.
        assertThat(SpectralRadius.of(diagonal(diagonal), direction, new double[4]))
                .isGreaterThanOrEqualTo(radius);
    }

    /**
     * Near the origin of a network the spectrum is nearly symmetric, where the vector turns and the length does not.
     */
    @Test
    void aPairOfOppositeEigenvaluesIsFound() {
        double radius = SpectralRadius.of(diagonal(5, -5, 1), new double[] {1, 1, 1}, new double[3]);
        assertThat(radius).isBetween(0.95 * 6, 6.0);
    }

    @Test
    void withoutADirectionOrWithoutCurvatureItIsZero() {
        assertThat(SpectralRadius.of(diagonal(5, 2), new double[2], new double[2]))
                .isZero();
        assertThat(SpectralRadius.of(diagonal(0, 0), new double[] {1, 1}, new double[2]))
                .isZero();
    }

    /** The square root of the rounding is 1e-8, the distance of the points 1e-7 of ‖θ‖. */
    @ParameterizedTest(name = "scale {0}")
    @ValueSource(doubles = {1e-8, 1e-3, 0.7})
    void differencesOfGradientsAreProductsWithTheHessian(double scale) {
        var architecture = new Architecture(List.of(10, 12, 9, 10), Activation.RELU, false);
        var point = Initialization.gaussian(architecture, scale, RandomStream.of(0, "initialization"));
        var exact = new Hessian(Loss.MSE, TASK.inputs(), TASK.targets(), Kernels.ordered(), point);
        var evaluator = new Gradient(architecture, Loss.MSE, TASK.inputs(), TASK.targets(), Kernels.ordered());
        var field = new FlowField(evaluator, architecture, 0);
        var hessian = new FlowHessian(field);
        double[] theta = point.toVector();
        double[] gradient = new double[theta.length];
        field.evaluate(theta, gradient);
        hessian.moveTo(theta, gradient, Vectors.norm(theta));
        double[] vector = Initialization.gaussian(architecture, 3, RandomStream.of(1, "initialization"))
                .toVector();
        double[] product = new double[theta.length];
        double[] expected = new double[theta.length];
        hessian.apply(vector, product);
        exact.apply(vector, expected);
        double size = Vectors.norm(expected);
        Vectors.addScaled(-1, expected, product);
        assertThat(Vectors.norm(product)).isLessThan(1e-5 * size);
        assertThat(field.evaluations()).isEqualTo(2);
    }

    private static SymmetricOperator diagonal(double... values) {
        return new SymmetricOperator() {
            @Override
            public int dimension() {
                return values.length;
            }

            @Override
            public void apply(double[] vector, double[] product) {
                Arrays.setAll(product, i -> values[i] * vector[i]);
            }
        };
    }
}
