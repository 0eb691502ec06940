package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What {@link Kernels#softmax} does in every implementation; those without vectors set the bits. */
class SoftmaxTest {

    static final List<Named<Kernels>> IMPLEMENTATIONS = KernelsContractTest.IMPLEMENTATIONS;

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels NAIVE = new NaiveKernels();

    /** Both are off by less than a unit in the last place. */
    @Test
    void theExponentialIsThatOfTheMathLibrary() {
        var random = RandomStream.of(1, "exponential");
        for (int i = 0; i < 1_000_000; i++) {
            double x = -708 * random.nextDouble() * Math.pow(2, -i % 60);
            double expected = StrictMath.exp(x);
            assertThat(Math.abs(Exponential.of(x) - expected)).as("%s", x).isLessThanOrEqualTo(Math.ulp(expected));
        }
        assertThat(Exponential.of(0)).isEqualTo(1);
        assertThat(Exponential.of(-0.0)).isEqualTo(1);
        assertThat(Exponential.of(-708.1)).isZero();
        assertThat(Exponential.of(-1e300)).isZero();
        assertThat(Exponential.of(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(Exponential.of(Double.NaN)).isNaN();
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void eachRowBecomesADistribution(Kernels kernels) {
        var random = RandomStream.of(2, "softmax");
        for (int columns = 1; columns <= 40; columns++) {
            for (double scale : new double[] {1e-9, 1, 30, 1000}) {
                PaddedMatrix y = PaddedMatrix.of(TestMatrices.gaussian(3, columns, random));
                for (int i = 0; i < y.data.length; i++) {
                    y.data[i] *= scale;
                }
                var p = new PaddedMatrix(3, columns);
                var expected = new PaddedMatrix(3, columns);
                var bits = new PaddedMatrix(3, columns);
                Arrays.fill(p.data, Double.NaN);
                for (int row = 0; row < 3; row++) {
                    double logSum = kernels.softmax(y, row, p);
                    double total = 0;
                    for (int j = 0; j < columns; j++) {
                        total += p.get(row, j);
                    }
                    assertThat(total).isCloseTo(1, within(1e-15 * columns));
                    assertThat(logSum)
                            .isCloseTo(NAIVE.softmax(y, row, expected), within(1e-15 * (1 + Math.abs(logSum))));
                    assertThat(logSum).isEqualTo(SCALAR.softmax(y, row, bits));
                }
                assertThat(p.toMatrix().data).containsExactly(expected.toMatrix().data, within(1e-15));
                // the padding too, whatever was there before
                assertThat(p.data).isEqualTo(bits.data);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void whatIsNotFiniteIsNoDistribution(Kernels kernels) {
        for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NaN}) {
            for (int at = 0; at < 10; at++) {
                var y = new PaddedMatrix(1, 10);
                y.set(0, at, value);
                var p = new PaddedMatrix(1, 10);
                assertThat(kernels.softmax(y, 0, p)).isNaN();
                assertThat(p.get(0, at)).isNaN();
            }
        }
        var y = new PaddedMatrix(1, 10);
        y.set(0, 3, Double.NEGATIVE_INFINITY);
        var p = new PaddedMatrix(1, 10);
        assertThat(kernels.softmax(y, 0, p)).isCloseTo(Math.log(9), within(1e-15));
        assertThat(p.get(0, 3)).isZero();
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void shapesThatDifferAreRefused(Kernels kernels) {
        assertThatThrownBy(() -> kernels.softmax(new PaddedMatrix(2, 3), 0, new PaddedMatrix(2, 4)))
                .hasMessage("2 × 3 is not the shape 2 × 4");
    }
}
