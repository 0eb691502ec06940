package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Named.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Matrices U diag(σ) Vᵀ of known singular values. To make one takes products of orthonormal columns, which are wrong by
 * some units in the last place of σ_1 themselves, so that is what the results are held to.
 */
@ParameterizedClass
@FieldSource("METHODS")
class SingularValuesTest {

    static final List<Named<Kernels>> METHODS =
            List.of(named("EJML", Kernels.ordered()), named("LAPACK", Kernels.of("openblas")));

    /** Relative to σ_1. */
    private static final double ROUNDING = 2e-14;

    private final Kernels method;

    SingularValuesTest(Kernels method) {
        this.method = method;
    }

    static List<Arguments> shapesAndScales() {
        List<Arguments> cases = new ArrayList<>();
        for (double scale : new double[] {1e-307, 1e-200, 1e-100, 1e-8, 1, 1e8, 1e100, 1e200, 3e306}) {
            for (int[] shape : new int[][] {{1, 1}, {2, 2}, {1, 9}, {9, 1}, {5, 8}, {8, 5}, {20, 20}, {50, 50}}) {
                cases.add(Arguments.of(shape[0], shape[1], scale));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("shapesAndScales")
    void theSpectrumIsThatOfTheMatrixAtAnyShapeAndScale(int rows, int columns, double scale) {
        double[] expected = new double[Math.min(rows, columns)];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = scale * (1 + expected.length - i);
        }
        assertSpectrum(rows, columns, expected);
    }

    /** Down to 1e-15 of the largest: a Gram matrix would lose what is below 1e-8. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-200, 1, 1e200})
    void aGradedSpectrumIsKnownToRoundingOfTheLargest(double scale) {
        double[] expected = new double[16];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = scale * Math.pow(10, -i);
        }
        assertSpectrum(20, 16, expected);
        assertSpectrum(16, 30, expected);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-200, 1, 1e200})
    void aMatrixOfLowRankHasZerosAfterIt(double scale) {
        double[] expected = {4 * scale, 2 * scale, scale};
        DMatrixRMaj matrix = TestMatrices.withSingularValues(12, 9, expected, RandomStream.of(2, "low rank"));
        assertClose(method.singularValues(matrix), Arrays.copyOf(expected, 9));
    }

    @Test
    void repeatedValuesAreAllThere() {
        assertSpectrum(10, 10, new double[] {2, 2, 2, 2, 1, 1, 1, 1e-5, 1e-5, 1e-5});
    }

    /** The eigenvalues of [[25, 20], [20, 25]], the matrix' square, are 45 and 5. */
    @Test
    void aMatrixOfTwoByTwoHasThoseOfPaper() {
        double[] values = method.singularValues(new DMatrixRMaj(new double[][] {{3, 0}, {4, 5}}));
        assertClose(values, new double[] {Math.sqrt(45), Math.sqrt(5)});
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "7, 1", "4, 6"})
    void aZeroMatrixHasZeros(int rows, int columns) {
        double[] values = method.singularValues(new DMatrixRMaj(rows, columns));
        assertThat(values).hasSize(Math.min(rows, columns)).containsOnly(0);
    }

    @Test
    void diagonalsOfAnySignAndOrderComeDescending() {
        assertClose(method.singularValues(CommonOps_DDRM.diag(-3, 1, -7, 5)), new double[] {7, 5, 3, 1});
    }

    /** Below 1e-308 doubles are evenly spaced, by 5e-324. */
    @Test
    void subnormalMatricesAreExactToTheSpacingOfTheirElements() {
        double[] values = method.singularValues(CommonOps_DDRM.diag(3e-310, -8e-310, 0));
        assertThat(values[0]).isCloseTo(8e-310, within(2 * Double.MIN_VALUE));
        assertThat(values[1]).isCloseTo(3e-310, within(2 * Double.MIN_VALUE));
        assertThat(values[2]).isZero();
    }

    @Test
    void theMatrixIsLeftAsItWas() {
        DMatrixRMaj matrix = TestMatrices.gaussian(6, 4, RandomStream.of(3, "matrix"));
        double[] before = matrix.data.clone();
        method.singularValues(matrix);
        assertThat(matrix.data).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aMatrixThatIsNotFiniteHasNone(double value) {
        for (int[] shape : new int[][] {{1, 1}, {1, 5}, {5, 1}, {2, 2}, {6, 4}, {30, 30}}) {
            DMatrixRMaj matrix = TestMatrices.gaussian(shape[0], shape[1], RandomStream.of(4, "matrix"));
            matrix.set(shape[0] - 1, shape[1] - 1, value);
            assertThatThrownBy(() -> method.singularValues(matrix))
                    .as("%d × %d", shape[0], shape[1])
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("a matrix with an element " + Math.abs(value));
        }
    }

    private void assertSpectrum(int rows, int columns, double[] expected) {
        for (long seed = 0; seed < 5; seed++) {
            DMatrixRMaj matrix =
                    TestMatrices.withSingularValues(rows, columns, expected, RandomStream.of(seed, "matrix"));
            assertClose(method.singularValues(matrix), expected);
        }
    }

    private static void assertClose(double[] values, double[] expected) {
        assertThat(values).hasSize(expected.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("σ_%d", i + 1).isCloseTo(expected[i], within(ROUNDING * expected[0]));
            assertThat(values[i]).isNotNegative();
            assertThat(i == 0 || values[i] <= values[i - 1]).as("descending").isTrue();
        }
    }
}
