package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against operators whose spectrum is known: made with it, or decomposed as a dense matrix. */
class LowerSpectrumTest {

    /** Residuals are at most 1e-6 of the largest eigenvalue, and the error of a value is of their square. */
    private static final double VALUE = 1e-10;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void everythingBelowTheBoundIsFoundAndNothingElse(long seed) {
        DMatrixRMaj matrix = TestMatrices.symmetric(60, RandomStream.of(seed, "matrix"));
        double[] eigenvalues = eigenvalues(matrix);
        for (int below : new int[] {1, 5, 20, 30}) {
            double bound = (eigenvalues[below - 1] + eigenvalues[below]) / 2;
            if (bound >= 0) {
                continue; // of the thirtieth and the next in some matrices
            }

            LowerSpectrum spectrum = search(matrix, bound, 1000);

            assertThat(spectrum.complete()).isTrue();
            assertThat(values(spectrum))
                    .as("%d below the bound", below)
                    .containsExactly(Arrays.copyOf(eigenvalues, below), within(VALUE * spectrum.largest()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void anEigenvalueIsFoundAsOftenAsItOccurs(long seed) {
        double[] spectrum = new double[200];
        Arrays.setAll(spectrum, i -> i < 7 ? -2 : i < 12 ? -1 : i < 13 ? -0.5 : i < 150 ? 0 : 1 + i / 100.0);

        LowerSpectrum found = search(withEigenvalues(spectrum, seed), -0.1, 400);

        assertThat(found.complete()).isTrue();
        assertThat(values(found)).containsExactly(Arrays.copyOf(spectrum, 13), within(VALUE * 3));
    }

    @Test
    void copiesThatDifferALittleAreToldApart() {
        double[] spectrum = new double[100];
        Arrays.setAll(spectrum, i -> i < 6 ? -1 - 1e-5 * i : 0.01 * i);

        LowerSpectrum found = search(withEigenvalues(spectrum, 0), -0.5, 400);

        assertThat(found.complete()).isTrue();
        assertThat(found.count()).isEqualTo(6);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void theVectorsAreOrthonormalEigenvectors(long seed) {
        double[] eigenvalues = new double[80];
        Arrays.setAll(eigenvalues, i -> i < 4 ? -3 : i < 9 ? -0.2 * i : i);
        DMatrixRMaj matrix = withEigenvalues(eigenvalues, seed);

        LowerSpectrum found = search(matrix, -0.5, 400);

        for (int i = 0; i < found.count(); i++) {
            double[] remainder = product(matrix, found.vector(i));
            Vectors.addScaled(-found.ritz(i).value(), found.vector(i), remainder);
            // What converged has at most 1e-6 of the largest eigenvalue; rounding is the rest.
            assertThat(Vectors.norm(remainder)).isLessThan(1.1e-6 * found.largest());
            for (int j = 0; j <= i; j++) {
                assertThat(Vectors.dot(found.vector(i), found.vector(j))).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }

    @ParameterizedTest(name = "{0} products")
    @ValueSource(ints = {1, 5, 12, 20})
    void aSearchWithoutProductsLeftSaysThatThereAreAtLeastAsMany(int most) {
        double[] spectrum = new double[200];
        Arrays.setAll(spectrum, i -> i < 30 ? -3 + 0.05 * i : i);

        LowerSpectrum found = search(withEigenvalues(spectrum, 0), -0.1, most);

        assertThat(found.complete()).isFalse();
        assertThat(found.products()).isEqualTo(most);
        assertThat(found.count()).isLessThan(30);
        assertThat(Arrays.stream(values(found)).boxed())
                .allSatisfy(value -> assertThat(value).isBetween(-3 - 1e-12, -0.1));
    }

    @Test
    void nothingIsBelowTheBoundOfWhatIsPositiveOrNothing() {
        double[] positive = new double[50];
        Arrays.setAll(positive, i -> 1 + i);
        for (DMatrixRMaj matrix : new DMatrixRMaj[] {new DMatrixRMaj(50, 50), withEigenvalues(positive, 0)}) {
            LowerSpectrum found = search(matrix, -0.1, 100);
            assertThat(found.count()).isZero();
            assertThat(found.complete()).isTrue();
            assertThat(found.ascending()).isEmpty();
        }
    }

    @Test
    void aWholeSpectrumCanBeBelowTheBound() {
        LowerSpectrum found = search(withEigenvalues(new double[] {-4, -3, -3, -3, -1}, 0), -0.1, 100);
        assertThat(values(found)).containsExactly(new double[] {-4, -3, -3, -3, -1}, within(1e-12));
        assertThat(found.complete()).isTrue();
        assertThat(found.largest()).isCloseTo(4, within(1e-12));
    }

    @ParameterizedTest(name = "scale {0}")
    @ValueSource(doubles = {1e-250, 1e-100, 1e100, 1e250})
    void theScaleOfTheOperatorChangesNothingElse(double scale) {
        double[] spectrum = new double[60];
        Arrays.setAll(spectrum, i -> i < 8 ? -2 + 0.1 * Math.floorDiv(i, 2) : 0.1 * i);
        DMatrixRMaj matrix = withEigenvalues(spectrum, 3);
        CommonOps_DDRM.scale(scale, matrix);

        LowerSpectrum found = search(matrix, -0.1 * scale, 300);

        assertThat(found.complete()).isTrue();
        assertThat(Arrays.stream(values(found)).map(value -> value / scale).toArray())
                .containsExactly(Arrays.copyOf(spectrum, 8), within(VALUE * 6));
    }

    /** Values so near the bound on either side that a search which gives up early does not know. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"-0.0101, 5", "-0.0099, 4"})
    void aValueNearTheBoundIsOnItsOwnSideOfIt(double near, int count) {
        double[] spectrum = new double[300];
        Arrays.setAll(spectrum, i -> i < 4 ? -1 : i == 4 ? near : 0.03 * (i - 5));

        LowerSpectrum found = search(withEigenvalues(spectrum, 1), -0.01, 400);

        assertThat(found.complete()).isTrue();
        assertThat(found.count()).isEqualTo(count);
    }

    @Test
    void theResultIsThatOfTheStream() {
        DMatrixRMaj matrix = TestMatrices.symmetric(40, RandomStream.of(0, "matrix"));
        LowerSpectrum first = search(matrix, -1, 200);
        LowerSpectrum again = search(matrix, -1, 200);
        assertThat(again.count()).isEqualTo(first.count());
        assertThat(again.products()).isEqualTo(first.products());
        for (int i = 0; i < first.count(); i++) {
            assertThat(again.ritz(i)).isEqualTo(first.ritz(i));
            assertThat(again.vector(i)).isEqualTo(first.vector(i));
        }
    }

    private static LowerSpectrum search(DMatrixRMaj matrix, double bound, int most) {
        var operator = new SymmetricOperator() {
            private int products;

            @Override
            public int dimension() {
                return matrix.numRows;
            }

            @Override
            public void apply(double[] vector, double[] product) {
                products++;
                System.arraycopy(product(matrix, vector), 0, product, 0, product.length);
            }
        };
        var spectrum = LowerSpectrum.of(operator, bound, most, RandomStream.of(0, "start"));
        assertThat(spectrum.products()).isEqualTo(operator.products).isLessThanOrEqualTo(most);
        return spectrum;
    }

    private static double[] values(LowerSpectrum spectrum) {
        return spectrum.ascending().stream()
                .mapToDouble(i -> spectrum.ritz(i).value())
                .toArray();
    }

    /** A matrix Q diag Qᵀ with a random orthogonal Q. */
    private static DMatrixRMaj withEigenvalues(double[] values, long seed) {
        DMatrixRMaj q = TestMatrices.orthonormal(values.length, values.length, RandomStream.of(seed, "basis"));
        DMatrixRMaj scaled = q.copy();
        CommonOps_DDRM.multCols(scaled, values);
        return CommonOps_DDRM.multTransB(scaled, q, null);
    }

    private static double[] product(DMatrixRMaj matrix, double[] vector) {
        double[] product = new double[vector.length];
        for (int i = 0; i < product.length; i++) {
            for (int j = 0; j < vector.length; j++) {
                product[i] += matrix.get(i, j) * vector[j];
            }
        }
        return product;
    }

    private static double[] eigenvalues(DMatrixRMaj matrix) {
        var eigen = DecompositionFactory_DDRM.eig(matrix.numRows, false, true);
        assertThat(eigen.decompose(matrix.copy())).isTrue();
        return IntStream.range(0, matrix.numRows)
                .mapToDouble(i -> eigen.getEigenvalue(i).real)
                .sorted()
                .toArray();
    }
}
