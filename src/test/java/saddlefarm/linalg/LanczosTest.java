package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.Lanczos.Extremes;
import saddlefarm.linalg.Lanczos.Ritz;

/** Against dense matrices, whose eigenvalues are known by construction or from EJML's dense decomposition. */
class LanczosTest {

    /** Of n products and as many sums, relative to the largest eigenvalue; n is at most 60 here. */
    private static final double ROUNDING = 1e-13;

    @ParameterizedTest(name = "n = {0}, seed {1}")
    @CsvSource({"1, 0", "2, 1", "3, 2", "10, 3", "10, 4", "37, 5", "60, 6"})
    void allStepsGiveBothEndsOfTheSpectrum(int n, long seed) {
        DMatrixRMaj matrix = TestMatrices.symmetric(n, RandomStream.of(seed, "matrix"));
        double[] eigenvalues = eigenvalues(matrix);

        Extremes extremes = extremes(new Dense(matrix), n, seed);

        double tolerance = ROUNDING * largest(eigenvalues);
        assertThat(extremes.least().value()).isCloseTo(eigenvalues[0], within(tolerance));
        assertThat(extremes.greatest().value()).isCloseTo(eigenvalues[n - 1], within(tolerance));
        assertThat(extremes.least().residual()).isBetween(0.0, tolerance);
        assertThat(extremes.greatest().residual()).isBetween(0.0, tolerance);
    }

    @ParameterizedTest(name = "{0} steps")
    @ValueSource(ints = {1, 2, 3, 5, 10, 20, 30, 59})
    void fewStepsStayInsideTheSpectrumAndWithinTheirResidualOfAnEigenvalue(int steps) {
        for (long seed = 0; seed < 20; seed++) {
            DMatrixRMaj matrix = TestMatrices.symmetric(60, RandomStream.of(seed, "matrix"));
            double[] eigenvalues = eigenvalues(matrix);
            double tolerance = ROUNDING * largest(eigenvalues);

            Extremes extremes = extremes(new Dense(matrix), steps, seed);

            for (Ritz ritz : new Ritz[] {extremes.least(), extremes.greatest()}) {
                double distance = distance(ritz.value(), eigenvalues);
                assertThat(ritz.value()).isBetween(eigenvalues[0] - tolerance, eigenvalues[59] + tolerance);
                assertThat(distance).as("seed %d", seed).isLessThanOrEqualTo(ritz.residual() + tolerance);
                // ‖A v − θ v‖ of a unit vector; a bound that is always true would be of no use
                assertThat(ritz.residual()).isLessThanOrEqualTo(largest(eigenvalues));
            }
            assertThat(extremes.least().value())
                    .isLessThanOrEqualTo(extremes.greatest().value());
        }
    }

    /** Two steps from the unit vector v on paper: α = v·Av, β = ‖Av − αv‖ and the residual of one step is β. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void oneStepIsTheRayleighQuotientOfItsStartVector(long seed) {
        DMatrixRMaj matrix = TestMatrices.symmetric(5, RandomStream.of(seed, "matrix"));
        double[] start = TestMatrices.gaussian(5, 1, RandomStream.of(seed, "start")).data;
        double length = Math.sqrt(Arrays.stream(start).map(x -> x * x).sum());
        double[] unit = Arrays.stream(start).map(x -> x / length).toArray();
        double[] product = new double[5];
        new Dense(matrix).apply(unit, product);
        double quotient =
                IntStream.range(0, 5).mapToDouble(i -> unit[i] * product[i]).sum();
        double residual = Math.sqrt(IntStream.range(0, 5)
                .mapToDouble(i -> product[i] - quotient * unit[i])
                .map(x -> x * x)
                .sum());

        Extremes extremes = extremes(new Dense(matrix), 1, seed);

        assertThat(extremes.least()).isEqualTo(extremes.greatest());
        assertThat(extremes.least().value()).isCloseTo(quotient, within(ROUNDING));
        assertThat(extremes.least().residual()).isCloseTo(residual, within(ROUNDING));
    }

    /** Ends that stand apart from 998 others are found to rounding in 30 of 1000 steps, whatever their signs. */
    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({"-4, 4", "-4, 1e-3", "-1e-3, 4", "3, 9", "-9, -3"})
    void endsThatStandApartAreFoundInFewSteps(double least, double greatest) {
        double[] diagonal = new double[1000];
        var random = RandomStream.of(0, "spectrum");
        double middle = (least + greatest) / 2;
        double spread = 0.2 * (greatest - least);
        Arrays.setAll(diagonal, i -> middle + spread * (2 * random.nextDouble() - 1));
        diagonal[123] = least;
        diagonal[7] = greatest;

        Extremes extremes = extremes(new Diagonal(diagonal), 30, 1);

        double size = Math.max(Math.abs(least), Math.abs(greatest));
        assertThat(extremes.least().value()).isCloseTo(least, within(ROUNDING * size));
        assertThat(extremes.greatest().value()).isCloseTo(greatest, within(ROUNDING * size));
        // The residual goes down as the root of the error: 1e-7 is 1e-14 in the value.
        assertThat(extremes.least().residual()).isLessThan(1e-7 * size);
        assertThat(extremes.greatest().residual()).isLessThan(1e-7 * size);
        assertThat(extremes.products()).isEqualTo(30);
    }

    @ParameterizedTest(name = "scale {0}")
    @ValueSource(doubles = {1e-290, 1e-200, 1e-160, 1e-100, 1, 1e100, 1e160, 1e200, 1e290})
    void theScaleOfTheOperatorChangesNothingElse(double scale) {
        DMatrixRMaj matrix = TestMatrices.symmetric(40, RandomStream.of(0, "matrix"));
        Extremes expected = extremes(new Dense(matrix), 12, 1);
        DMatrixRMaj scaled = matrix.copy();
        CommonOps_DDRM.scale(scale, scaled);

        Extremes extremes = extremes(new Dense(scaled), 12, 1);

        double size = Math.max(-expected.least().value(), expected.greatest().value());
        assertThat(extremes.products()).isEqualTo(12);
        assertThat(extremes.least().value() / scale).isCloseTo(expected.least().value(), within(ROUNDING * size));
        assertThat(extremes.greatest().value() / scale)
                .isCloseTo(expected.greatest().value(), within(ROUNDING * size));
        assertThat(extremes.least().residual() / scale)
                .isCloseTo(expected.least().residual(), within(ROUNDING * size));
        assertThat(extremes.greatest().residual() / scale)
                .isCloseTo(expected.greatest().residual(), within(ROUNDING * size));
    }

    @ParameterizedTest(name = "{0} times the identity")
    @ValueSource(doubles = {1, -2.5, 1e-200, -1e-200, 1e200, 0})
    void aMultipleOfTheIdentityTakesOneProduct(double multiple) {
        double[] diagonal = new double[50];
        Arrays.fill(diagonal, multiple);

        Extremes extremes = extremes(new Diagonal(diagonal), 30, 2);

        assertThat(extremes.products()).isEqualTo(1);
        for (Ritz ritz : new Ritz[] {extremes.least(), extremes.greatest()}) {
            assertThat(ritz.value()).isCloseTo(multiple, within(ROUNDING * Math.abs(multiple)));
            assertThat(ritz.residual()).isBetween(0.0, ROUNDING * Math.abs(multiple));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(doubles = {3, -3, 1e-200, 0})
    void aSingleNumberIsItsOwnSpectrum(double number) {
        Extremes extremes = extremes(new Diagonal(new double[] {number}), 30, 3);

        assertThat(extremes.products()).isEqualTo(1);
        assertThat(extremes.least().value()).isCloseTo(number, within(ROUNDING * Math.abs(number)));
        assertThat(extremes.greatest()).isEqualTo(extremes.least());
    }

    /** A Krylov space has no more dimensions than the operator has distinct eigenvalues. */
    @ParameterizedTest(name = "scale {0}")
    @ValueSource(doubles = {1e-200, 1, 1e200})
    void threeDistinctEigenvaluesTakeThreeProducts(double scale) {
        double[] diagonal = new double[60];
        Arrays.setAll(diagonal, i -> scale * (i % 3 - 1) * (i % 3 == 0 ? 2 : 1)); // −2, 0, 1

        Extremes extremes = extremes(new Diagonal(diagonal), 30, 4);

        assertThat(extremes.products()).isEqualTo(3);
        assertThat(extremes.least().value()).isCloseTo(-2 * scale, within(ROUNDING * scale));
        assertThat(extremes.greatest().value()).isCloseTo(scale, within(ROUNDING * scale));
    }

    /**
     * Without reorthogonalization, rounding brings converged directions back and the projection grows copies of them.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void anEigenvalueThatConvergedEarlyDoesNotHideTheOtherEnd(long seed) {
        double[] diagonal = new double[100];
        Arrays.setAll(diagonal, i -> 1e-6 * i);
        diagonal[99] = 1e6;

        Extremes extremes = extremes(new Diagonal(diagonal), 100, seed);

        assertThat(extremes.greatest().value()).isCloseTo(1e6, within(1e6 * ROUNDING));
        assertThat(extremes.least().value()).isCloseTo(0, within(1e6 * ROUNDING));
    }

    @ParameterizedTest(name = "{0} steps")
    @ValueSource(ints = {1, 5, 30})
    void theProductsAreCountedAndTheirResultIsThatOfTheStream(int steps) {
        var operator = new Dense(TestMatrices.symmetric(40, RandomStream.of(5, "matrix")));

        Extremes first = extremes(operator, steps, 6);

        assertThat(first.products()).isEqualTo(steps).isEqualTo(operator.products);
        assertThat(extremes(operator, steps, 6)).isEqualTo(first);
        assertThat(extremes(operator, steps, 7)).isNotEqualTo(first);
    }

    private static Extremes extremes(SymmetricOperator operator, int steps, long seed) {
        return Lanczos.extremes(operator, steps, RandomStream.of(seed, "start"));
    }

    private static double[] eigenvalues(DMatrixRMaj matrix) {
        var eigen = DecompositionFactory_DDRM.eig(matrix.numRows, false, true);
        assertThat(eigen.decompose(matrix.copy())).isTrue();
        return IntStream.range(0, matrix.numRows)
                .mapToDouble(i -> eigen.getEigenvalue(i).real)
                .sorted()
                .toArray();
    }

    private static double largest(double[] ascending) {
        return Math.max(-ascending[0], ascending[ascending.length - 1]);
    }

    private static double distance(double value, double[] eigenvalues) {
        return Arrays.stream(eigenvalues)
                .map(eigenvalue -> Math.abs(eigenvalue - value))
                .min()
                .orElseThrow();
    }

    private static final class Dense implements SymmetricOperator {

        private final DMatrixRMaj matrix;
        private int products;

        Dense(DMatrixRMaj matrix) {
            this.matrix = matrix;
        }

        @Override
        public int dimension() {
            return matrix.numRows;
        }

        @Override
        public void apply(double[] vector, double[] product) {
            products++;
            for (int i = 0; i < vector.length; i++) {
                double sum = 0;
                for (int j = 0; j < vector.length; j++) {
                    sum += matrix.get(i, j) * vector[j];
                }
                product[i] = sum;
            }
        }
    }

    private static final class Diagonal implements SymmetricOperator {

        private final double[] diagonal;

        Diagonal(double[] diagonal) {
            this.diagonal = diagonal;
        }

        @Override
        public int dimension() {
            return diagonal.length;
        }

        @Override
        public void apply(double[] vector, double[] product) {
            Arrays.setAll(product, i -> diagonal[i] * vector[i]);
        }
    }
}
