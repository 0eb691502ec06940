package saddlefarm.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * The products of backpropagation between two layers of one width, on a panel of samples that stays in the cache:
 * outputs and deltas (a product), and the weights' gradient (a transposed one). With {@code ejml}, the same by EJML.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ProductsBenchmark {

    private static final int SAMPLES = 128;

    @Param({"10", "32", "50", "64", "100", "256"})
    private int width;

    @Param({"ordered", "openblas", "ejml"})
    private String backend;

    private DMatrixRMaj activations;
    private DMatrixRMaj weights;
    private DMatrixRMaj outputs;
    private DMatrixRMaj gradient;
    private Runnable product;
    private Runnable transposed;

    @Setup
    public void begin() {
        var random = new Random(0);
        activations = gaussian(SAMPLES, random);
        weights = gaussian(width, random);
        outputs = new DMatrixRMaj(SAMPLES, width);
        gradient = new DMatrixRMaj(width, width);
        if (backend.equals("ejml")) {
            product = () -> CommonOps_DDRM.mult(activations, weights, outputs);
            transposed = () -> CommonOps_DDRM.multAddTransA(activations, activations, gradient);
            product.run();
            transposed.run();
            check(outputs, gradient);
        } else {
            var kernels = Kernels.of(backend);
            var a = PaddedMatrix.of(activations);
            var w = PaddedMatrix.of(weights);
            var y = new PaddedMatrix(SAMPLES, width);
            var g = new PaddedMatrix(width, width);
            product = () -> kernels.multiply(a, w, y);
            transposed = () -> kernels.transposedMultiplyAdd(a, a, g);
            product.run();
            transposed.run();
            check(y.toMatrix(), g.toMatrix());
        }
    }

    /** 2 · 128 · width² operations. */
    @Benchmark
    public void product() {
        product.run();
    }

    /** As many. */
    @Benchmark
    public void transposedProduct() {
        transposed.run();
    }

    private void check(DMatrixRMaj y, DMatrixRMaj g) {
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                double expectedOutput = 0;
                double expectedGradient = 0;
                for (int k = 0; k < width; k++) {
                    expectedOutput += activations.get(i % SAMPLES, k) * weights.get(k, j);
                }
                for (int n = 0; n < SAMPLES; n++) {
                    expectedGradient += activations.get(n, i) * activations.get(n, j);
                }
                if (Math.abs(y.get(i % SAMPLES, j) - expectedOutput) > 1e-11 * SAMPLES
                        || Math.abs(g.get(i, j) - expectedGradient) > 1e-11 * SAMPLES) {
                    throw new IllegalStateException("not the products");
                }
            }
        }
    }

    private DMatrixRMaj gaussian(int rows, Random random) {
        var matrix = new DMatrixRMaj(rows, width);
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return matrix;
    }
}
