package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {

    private static final RandomStream RANDOM = RandomStream.of(0, "vectors");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 15, 16, 17, 64, 1000})
    void dotIsTheSumOfProducts(int length) {
        double[] x = gaussian(length);
        double[] y = gaussian(length);
        BigDecimal exact = BigDecimal.ZERO;
        double magnitude = 0;
        for (int i = 0; i < length; i++) {
            exact = exact.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i])));
            magnitude += Math.abs(x[i] * y[i]);
        }
        // n roundings of at most half a unit in the last place each, of partial sums below Σ |x_i y_i|
        double rounding = length * 0x1p-53 * magnitude;
        assertThat(Vectors.dot(x, y)).isCloseTo(exact.doubleValue(), within(rounding));
    }

    @Test
    void dotSumsInTheDocumentedOrder() {
        for (int length = 0; length <= 50; length++) {
            double[] x = gaussian(length);
            double[] y = gaussian(length);
            assertThat(Vectors.dot(x, y)).as("length %d", length).isEqualTo(inOrder(x, y));
        }
    }

    @Test
    void theSquaredNormIsTheProductWithItself() {
        double[] x = {3, 4, 12};
        assertThat(Vectors.squaredNorm(x)).isEqualTo(169);
        assertThat(Vectors.norm(x)).isEqualTo(13);
        assertThat(Vectors.norm(new double[0])).isZero();
    }

    @Test
    void addScaledAddsAMultipleToTheSecond() {
        for (int length = 0; length <= 50; length++) {
            double[] x = gaussian(length);
            double[] y = gaussian(length);
            double[] xBefore = x.clone();
            double[] expected = new double[length];
            for (int i = 0; i < length; i++) {
                double change = 0.3 * x[i];
                expected[i] = y[i] + change;
            }
            Vectors.addScaled(0.3, x, y);
            assertThat(y).isEqualTo(expected);
            assertThat(x).isEqualTo(xBefore);
        }
    }

    @Test
    void scaleMultipliesInPlace() {
        double[] x = {1, -2, 0.5};
        Vectors.scale(-4, x);
        assertThat(x).containsExactly(-4, 8, -2);
    }

    @Test
    void theLargestMagnitudeIsOfEitherSignAndSeesWhatIsNotANumber() {
        assertThat(Vectors.largest(new double[] {1, -3, 2})).isEqualTo(3);
        assertThat(Vectors.largest(new double[] {1, Double.NaN, 2})).isNaN();
        assertThat(Vectors.largest(new double[] {1, Double.NEGATIVE_INFINITY})).isInfinite();
        assertThat(Vectors.largest(new double[0])).isZero();
    }

    /** Between 2^−1000 = 9.33e-302 and 2^1000 = 1.07e301. */
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.99, 1",
        "2, 2",
        "-3, 2",
        "0.3, 0.25",
        "0, 1",
        "1e301, 5.357543035931337E300",
        "1e308, 1.0715086071862673E301",
        "1e-320, 9.332636185032189E-302"
    })
    void aPowerOfTwoScalesWithoutRounding(double value, double power) {
        assertThat(Vectors.powerOfTwo(value)).isEqualTo(power);
        assertThat(1 / power).isFinite();
        assertThat(value / power * power).isEqualTo(value);
    }

    /** Element i of the whole blocks of eight into sum i mod 8, these in order, then the rest. */
    private static double inOrder(double[] x, double[] y) {
        double[] sums = new double[8];
        int whole = x.length / 8 * 8;
        for (int i = 0; i < whole; i++) {
            sums[i % 8] += x[i] * y[i];
        }
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        for (int i = whole; i < x.length; i++) {
            total += x[i] * y[i];
        }
        return total;
    }

    private static double[] gaussian(int length) {
        return TestMatrices.gaussian(1, length, RANDOM).data;
    }
}
