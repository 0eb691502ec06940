package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.RandomStream;

class InitializationTest {

    /** To five standard errors: of n draws, σ/√n for the mean and σ²·√(2/n) for the variance. */
    @ParameterizedTest(name = "scale {0}, seed {1}")
    @CsvSource({"1, 0", "0.1, 1", "1e-3, 2", "20, 3", "1e-140, 4"})
    void weightsHaveMeanZeroAndVarianceScaleSquaredOverInputs(double scale, long seed) {
        var architecture = new Architecture(List.of(300, 100, 400, 30), Activation.RELU, false);
        Parameters parameters = gaussian(architecture, scale, seed);
        for (int layer = 1; layer <= 3; layer++) {
            double deviation = scale / Math.sqrt(architecture.inputs(layer));
            double[] standardized = Arrays.stream(parameters.weights(layer).data)
                    .map(weight -> weight / deviation)
                    .toArray();
            int n = standardized.length;
            double mean = Arrays.stream(standardized).sum() / n;
            double variance = Arrays.stream(standardized).map(x -> x * x).sum() / n;
            assertThat(mean).as("layer %d", layer).isCloseTo(0, within(5 / Math.sqrt(n)));
            assertThat(variance).as("layer %d", layer).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
        }
    }

    @Test
    void biasesAreZeroAndTakeNoDraws() {
        List<Integer> widths = List.of(5, 7, 3);
        Parameters with = gaussian(new Architecture(widths, Activation.RELU, true), 0.1, 5);
        Parameters without = gaussian(new Architecture(widths, Activation.LINEAR, false), 0.1, 5);
        for (int layer = 1; layer <= 2; layer++) {
            assertThat(with.biases(layer)).containsOnly(0);
            assertThat(with.weights(layer).data).isEqualTo(without.weights(layer).data);
        }
    }

    @Test
    void drawsGoLayerByLayerAndRowByRow() {
        Parameters parameters = gaussian(new Architecture(List.of(4, 3, 2), Activation.RELU, false), 0.3, 6);
        var random = RandomStream.of(6, "initialization");
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                assertThat(parameters.weights(1).get(row, column)).isEqualTo(0.3 / 2 * random.nextGaussian());
            }
        }
        assertThat(parameters.weights(2).get(0, 0)).isEqualTo(0.3 / Math.sqrt(3) * random.nextGaussian());
    }

    @Test
    void theSeedGivesTheWeights() {
        var architecture = new Architecture(List.of(5, 7, 3), Activation.RELU, false);
        assertThat(gaussian(architecture, 0.1, 7).toVector())
                .isEqualTo(gaussian(architecture, 0.1, 7).toVector())
                .isNotEqualTo(gaussian(architecture, 0.1, 8).toVector());
    }

    /** α^{L−1} = 1e-140, whose square is a double with all its digits. */
    @ParameterizedTest(name = "depth {0}")
    @CsvSource({"2, 1e-140", "3, 1e-70", "5, 1e-35", "8, 1e-20", "15, 1e-10"})
    void theLeastScaleMakesGradientsOfOneSize(int depth, double scale) {
        assertThat(Initialization.leastScale(depth)).isCloseTo(scale, within(1e-12 * scale));
    }

    @Test
    void oneLayerMayStartAtAnyScaleThatKeepsItsDigits() {
        assertThat(Initialization.leastScale(1)).isEqualTo(Double.MIN_NORMAL);
    }

    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {2, 3, 4, 5, 6})
    void atTheLeastScaleTheGradientsSquareIsANumberAndFarBelowItIsNone(int depth) {
        double least = Initialization.leastScale(depth);
        assertThat(firstSquaredGradientNorm(depth, least)).isGreaterThan(Double.MIN_NORMAL);
        // 1e-30 of the gradient, whose square is then below 1e-330
        assertThat(firstSquaredGradientNorm(depth, least * Math.pow(10, -30.0 / (depth - 1))))
                .isZero();
    }

    private static double firstSquaredGradientNorm(int depth, double scale) {
        var task = TestTasks.linearTeacher(0);
        Integer[] widths = new Integer[depth + 1];
        Arrays.fill(widths, 10);
        var architecture = new Architecture(List.of(widths), Activation.LINEAR, false);
        var gradient = new Parameters(architecture);
        new Gradient(architecture, Loss.MSE, task.inputs(), task.targets(), Kernels.ordered())
                .evaluate(gaussian(architecture, scale, 0), gradient);
        return gradient.squaredNorm();
    }

    private static Parameters gaussian(Architecture architecture, double scale, long seed) {
        return Initialization.gaussian(architecture, scale, RandomStream.of(seed, "initialization"));
    }
}
