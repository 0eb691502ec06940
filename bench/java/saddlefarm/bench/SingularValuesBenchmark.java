package saddlefarm.bench;

import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
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
import saddlefarm.linalg.RandomStream;

/** All singular values of a square Gaussian matrix: EJML's under ordered, LAPACK's under openblas. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SingularValuesBenchmark {

    @Param({"100", "256"})
    private int width;

    @Param({"ordered", "openblas"})
    private String backend;

    private Kernels kernels;
    private DMatrixRMaj matrix;

    @Setup
    public void begin() {
        kernels = Kernels.of(backend);
        matrix = new DMatrixRMaj(width, width);
        var random = RandomStream.of(0, "matrix");
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] = random.nextGaussian();
        }
        double[] values = kernels.singularValues(matrix);
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        double expected = 0;
        for (double element : matrix.data) {
            expected += element * element;
        }
        // The squares of the singular values add up to those of the elements.
        if (Math.abs(squares - expected) > 1e-12 * expected) {
            throw new IllegalStateException("not the singular values");
        }
    }

    @Benchmark
    public double[] singularValues() {
        return kernels.singularValues(matrix);
    }
}
