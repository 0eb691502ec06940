package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlignedModeTest {

    /** Runge-Kutta of order 4 in 20,000 steps; its error, and that of 1e4 roundings, is below 1e-11. */
    @ParameterizedTest(name = "depth {0}, strength {1} from {2}")
    @CsvSource({"2, 3, 0.02", "3, 3, 0.02", "3, 0.5, 0.001", "4, 1.5, 0.05", "7, 2, 0.3"})
    void itsValueSolvesTheEquation(int depth, double strength, double start) {
        var mode = new AlignedMode(depth, strength, start);
        double end = mode.time(0.99 * strength);
        double h = end / 20_000;
        double c = start;
        for (int i = 1; i <= 20_000; i++) {
            double k1 = slope(mode, c);
            double k2 = slope(mode, c + h / 2 * k1);
            double k3 = slope(mode, c + h / 2 * k2);
            double k4 = slope(mode, c + h * k3);
            c += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            if (i % 1000 == 0) {
                assertThat(mode.value(i * h)).as("time %s", i * h).isCloseTo(c, within(1e-9 * strength));
            }
        }
    }

    /** ln(s/a0 − 1)/(2s), from a(t) = s/2 in Saxe's form. */
    @ParameterizedTest
    @CsvSource({"4, 1e-12", "1, 0.01", "0.5, 0.2"})
    void atDepthTwoItTakesALogarithmToTheHalf(double strength, double start) {
        double expected = Math.log(strength / start - 1) / (2 * strength);
        assertThat(new AlignedMode(2, strength, start).halfTime())
                .isCloseTo(expected, within(1e-14 + 1e-13 * expected));
    }

    /** ∫ dq / (q² (s − q³)) = 1/s [1/q0 − 1/q + ∫ q/(s − q³) dq], of which the last is of order 1. */
    @Test
    void fromATinyStartItIsTheEscapeTimeThatCounts() {
        double start = 1e-18;
        double half = new AlignedMode(3, 2, start).halfTime();
        // q0 = c0^{1/3} = 1e-6, so the first part is ½ (1e6 − 1)
        assertThat(half).isBetween(0.5e6 - 1, 0.5e6 + 1);
    }

    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {2, 3, 5, 30})
    void timeAndValueAreInverse(int depth) {
        var mode = new AlignedMode(depth, 1.7, 0.01);
        assertThat(mode.value(0)).isCloseTo(0.01, within(1e-15));
        for (double value : new double[] {0.0100001, 0.02, 0.5, 0.85, 1.6, 1.6999}) {
            assertThat(mode.value(mode.time(value))).isCloseTo(value, within(1e-11));
        }
        assertThat(mode.value(1e9)).isCloseTo(1.7, within(1e-12));
        assertThat(new AlignedMode(depth, 1.7, 1).halfTime()).isZero();
    }

    /** w ← w − η λ w shrinks below λ = 2/η and grows beyond. */
    @Test
    void aQuadraticIsStableUpToTwoOverTheRate() {
        double sharpness = EdgeOfStability.sharpness(0.04);
        assertThat(Math.abs(1 - 0.04 * 0.999 * sharpness)).isLessThan(1);
        assertThat(Math.abs(1 - 0.04 * 1.001 * sharpness)).isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0.1", "2, 0, 0.1", "2, 1, 0", "2, 1, 1", "2, NaN, 0.1"})
    void aModeThatDoesNotMoveUpIsRefused(int depth, double strength, double start) {
        assertThatThrownBy(() -> new AlignedMode(depth, strength, start)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 1, 2, Double.NaN})
    void aValueThatIsNotPassedHasNoTime(double value) {
        var mode = new AlignedMode(3, 1, 0.1);
        assertThatThrownBy(() -> mode.time(value)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double slope(AlignedMode mode, double c) {
        return mode.depth() * Math.pow(c, 2 - 2.0 / mode.depth()) * (mode.strength() - c);
    }
}
