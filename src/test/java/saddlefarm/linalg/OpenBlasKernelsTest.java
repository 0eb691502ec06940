package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.bytedeco.openblas.global.openblas_full;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** What OpenBLAS does beyond the contract of all kernels: the same bits from call to call on this machine. */
class OpenBlasKernelsTest {

    private final Kernels kernels = Kernels.of("openblas");

    @Test
    void itComputesOnOneThread() {
        assertThat(openblas_full.openblas_get_num_threads()).isEqualTo(1);
        assertThat(kernels.description()).matches("OpenBLAS 0\\.3\\.31, \\w+, 1 thread");
    }

    /** A view begins anywhere in its array, and arrays of Java begin at any multiple of eight bytes. */
    @Test
    void bitsDoNotDependOnWhereMatricesAre() {
        var random = RandomStream.of(1, "places");
        for (int[] shape : new int[][] {{1, 7, 1}, {3, 5, 9}, {40, 64, 10}, {65, 33, 100}, {100, 100, 100}}) {
            int rows = shape[0];
            PaddedMatrix a = gaussian(rows + 9, shape[1], random);
            PaddedMatrix b = gaussian(shape[1], shape[2], random);
            PaddedMatrix d = gaussian(rows, shape[2], random);
            List<double[]> results = new ArrayList<>();
            for (int first = 0; first < 9; first++) {
                PaddedMatrix moved = new PaddedMatrix(rows + 9, shape[1]);
                PaddedMatrix view = moved.rows(first, rows);
                view.set(a.rows(0, rows).toMatrix());
                results.add(results(view, b, d));
            }
            assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(results.get(0)));
        }
    }

    /** Each thread has memory of its own, which a larger product may have left full of other numbers. */
    @Test
    void threadsAtTheSameTimeComputeWhatOneComputesAlone() throws Exception {
        var random = RandomStream.of(2, "threads");
        List<Callable<double[]>> products = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            PaddedMatrix a = gaussian(1 + random.nextInt(90), 1 + random.nextInt(90), random);
            PaddedMatrix b = gaussian(a.columns(), 1 + random.nextInt(90), random);
            PaddedMatrix d = gaussian(a.rows(), b.columns(), random);
            products.add(() -> results(a, b, d));
        }
        List<double[]> alone = new ArrayList<>();
        for (Callable<double[]> product : products) {
            alone.add(product.call());
        }
        var threads = Executors.newFixedThreadPool(4);
        try {
            var together = threads.invokeAll(products);
            for (int i = 0; i < alone.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        } finally {
            threads.shutdown();
        }
    }

    /**
     * Two algorithms, each accurate to some units in the last place of σ_1: 2e-14, as of {@link SingularValuesTest}.
     */
    @Test
    void singularValuesAreThoseOfEjml() {
        var random = RandomStream.of(3, "shapes");
        for (int i = 0; i < 60; i++) {
            DMatrixRMaj matrix = TestMatrices.gaussian(1 + random.nextInt(80), 1 + random.nextInt(80), random);
            double[] expected = SingularValues.of(matrix);
            double[] values = kernels.singularValues(matrix);
            assertThat(values).hasSameSizeAs(expected);
            for (int j = 0; j < values.length; j++) {
                assertThat(values[j]).isCloseTo(expected[j], within(2e-14 * expected[0]));
            }
        }
    }

    private double[] results(PaddedMatrix a, PaddedMatrix b, PaddedMatrix d) {
        var product = new PaddedMatrix(a.rows(), b.columns());
        var sum = new PaddedMatrix(a.columns(), b.columns());
        kernels.multiply(a, b, product);
        kernels.multiplyAdd(a, b, product);
        kernels.transposedMultiplyAdd(a, d, sum);
        double[] values = kernels.singularValues(product.toMatrix());
        double[] all = Arrays.copyOf(product.toMatrix().data, a.rows() * b.columns() + values.length);
        System.arraycopy(values, 0, all, a.rows() * b.columns(), values.length);
        return join(all, sum.toMatrix().data);
    }

    private static double[] join(double[] first, double[] second) {
        double[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static PaddedMatrix gaussian(int rows, int columns, RandomStream random) {
        return PaddedMatrix.of(TestMatrices.gaussian(rows, columns, random));
    }
}
