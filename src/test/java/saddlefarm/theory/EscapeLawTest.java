package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class EscapeLawTest {

    /** Against c' = s c^{L−1} by Runge-Kutta steps whose error is below 1e-10, as is that of their roundings. */
    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {2, 3, 4, 7})
    void theSizeSolvesItsEquation(int depth) {
        var law = new EscapeLaw(depth, 0.7);
        double c = 0.5;
        double end = law.time(0.5, 1.5);
        double h = end / 20_000;
        for (int i = 0; i < 20_000; i++) {
            double k1 = slope(law, c);
            double k2 = slope(law, c + h / 2 * k1);
            double k3 = slope(law, c + h / 2 * k2);
            double k4 = slope(law, c + h * k3);
            c += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
        assertThat(c).isCloseTo(1.5, within(1e-9));
        assertThat(law.size(0.5, end)).isCloseTo(1.5, within(1e-13));
    }

    /** c0 e^{st}, c0/(1 − s c0 t) and c0/√(1 − 2 s c0² t). */
    @Test
    void atDepthsTwoToFourItIsAnExponentialAndPowers() {
        assertThat(new EscapeLaw(2, 0.5).size(0.1, 3)).isCloseTo(0.1 * Math.exp(1.5), within(1e-15));
        assertThat(new EscapeLaw(3, 0.5).size(0.1, 3)).isCloseTo(0.1 / 0.85, within(1e-15));
        assertThat(new EscapeLaw(4, 0.5).size(0.1, 3)).isCloseTo(0.1 / Math.sqrt(0.97), within(1e-15));
        assertThat(new EscapeLaw(3, 0.5).blowUp(0.1)).isCloseTo(20, within(1e-13));
        assertThat(new EscapeLaw(3, 0.5).size(0.1, 21)).isInfinite();
        assertThat(new EscapeLaw(2, 0.5).blowUp(0.1)).isInfinite();
    }

    @ParameterizedTest(name = "depth {0}")
    @CsvSource({"3, -1", "4, -2", "5, -3"})
    void weightsOfAnotherScaleTakeAPowerOfItLonger(int depth, int exponent) {
        var law = new EscapeLaw(depth, 2);
        assertThat(EscapeLaw.exponent(depth)).isEqualTo(exponent);
        // to a fixed size the end's share of the time is of the order 1e-4 and below
        double slope = Math.log(law.time(1e-6, 1e-2) / law.time(1e-5, 1e-1)) / Math.log(0.1);
        assertThat(slope).isCloseTo(exponent, within(1e-12));
        double fixed = Math.log(law.time(1e-6, 1) / law.time(1e-5, 1)) / Math.log(0.1);
        assertThat(fixed).isCloseTo(exponent, within(1e-4));
    }

    @Test
    void atDepthTwoTheyTakeALogarithmLonger() {
        var law = new EscapeLaw(2, 2);
        assertThat(EscapeLaw.exponent(2)).isZero();
        assertThat(law.time(1e-6, 1) - law.time(1e-5, 1)).isCloseTo(Math.log(10) / 2, within(1e-12));
    }

    /** −L0(c ρ) = s c^L. */
    @Test
    void theLossHasDroppedWhereTheLocalizedLossSays() {
        var law = new EscapeLaw(3, 4);
        assertThat(law.sizeAtDrop(0.5)).isCloseTo(0.5, within(1e-15));
        assertThat(law.timeToDrop(0.1, 5, 0.1)).isCloseTo(law.time(0.1, 0.5), within(1e-12));
        assertThat(law.timeToDrop(0.6, 5, 0.1)).isZero();
    }

    /**
     * The bound for the loss itself. Gradient descent at a rate of .001 deviates from its flow by some thousandths; the
     * law's size is reached nowhere near the blow-up, so a hundredth is room enough.
     */
    @ParameterizedTest(name = "depth {0}, {1}, {2}")
    @CsvSource({"2, RELU, MSE", "3, RELU, MSE", "3, LINEAR, MSE", "4, RELU, MSE"})
    void noTrainingGrowsFasterThanTheLawOfTheGreatestSpeed(int depth, Activation activation, Loss loss) {
        Task task = TestTasks.orthogonalTeacher(2);
        Kernels kernels = Kernels.ordered();
        var widths =
                depth == 2 ? List.of(10, 12, 10) : depth == 3 ? List.of(10, 12, 12, 10) : List.of(10, 12, 12, 12, 10);
        var architecture = new Architecture(widths, activation, false);
        PaddedMatrix slope = loss.gradientAtZero(task.targets(), kernels);
        var search = new EscapeSearch(architecture, task.inputs(), slope, kernels);
        EscapeDirection best = EscapeFindings.of(List.of(search.direction(0), search.direction(1), search.direction(2)))
                .orElseThrow()
                .best();
        Parameters theta = best.weights();
        Parameters noise = Initialization.gaussian(architecture, 0.02, RandomStream.of(1, "start"));
        for (int layer = 1; layer <= depth; layer++) {
            Vectors.scale(0.1, theta.weights(layer).data);
            Vectors.addScaled(1, noise.weights(layer).data, theta.weights(layer).data);
        }
        double start = EscapeLaw.size(theta);
        var gradient = new Parameters(architecture);
        var evaluator = new Gradient(architecture, loss, task.inputs(), task.targets(), kernels);
        double atOrigin = evaluator.evaluate(new Parameters(architecture), gradient);
        double dropTime = -1;
        for (int step = 0; step < 20_000 && dropTime < 0; step++) {
            double c = EscapeLaw.size(theta);
            assertThat(c)
                    .as("step %d", step)
                    .isLessThanOrEqualTo(1.01 * best.law().size(start, step * 1e-3));
            if (evaluator.evaluate(theta, gradient) < 0.9 * atOrigin) {
                dropTime = step * 1e-3;
            }
            for (int layer = 1; layer <= depth; layer++) {
                Vectors.addScaled(-1e-3, gradient.weights(layer).data, theta.weights(layer).data);
            }
        }
        double earliest = best.law().timeToDrop(start, atOrigin, 0.1);
        // from a start near the ray it is not only a bound but near
        assertThat(dropTime).isBetween(0.99 * earliest, 1.6 * earliest);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 0", "3, -1", "3, NaN"})
    void depthOneAndSpeedsNotAboveZeroAreRefused(int depth, double speed) {
        assertThatThrownBy(() -> new EscapeLaw(depth, speed)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double slope(EscapeLaw law, double c) {
        return law.speed() * Math.pow(c, law.depth() - 1);
    }
}
