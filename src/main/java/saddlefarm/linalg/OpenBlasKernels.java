package saddlefarm.linalg;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dgesdd;
import static org.bytedeco.openblas.global.openblas_full.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_full.openblas_get_config;
import static org.bytedeco.openblas.global.openblas_full.openblas_get_corename;
import static org.bytedeco.openblas.global.openblas_full.openblas_get_num_threads;
import static org.bytedeco.openblas.global.openblas_full.openblas_set_num_threads;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.bytedeco.openblas.global.openblas_full;
import org.ejml.data.DMatrixRMaj;

/**
 * Products by OpenBLAS and singular values by LAPACK, on one thread a call; everything else as the ordered kernels do.
 *
 * <p>OpenBLAS picks its code by the kind of processor, so bits are the same on processors of one kind. They are the
 * same from call to call, since factors are copied into native memory that always begins at a cache line: an array
 * would be copied by the bindings too, and whole.
 *
 * <p>Of the bindings this is {@link openblas_full} alone. The smaller ones load a copy of the library each, whose
 * number of threads is set for each.
 */
final class OpenBlasKernels implements Kernels {

    private static final int CACHE_LINE = 64;

    private final Kernels ordered = Kernels.ordered();
    private final ThreadLocal<NativeMemory> memory = ThreadLocal.withInitial(NativeMemory::new);
    private final String description;

    /** @throws LinkageError if the library cannot be loaded here */
    OpenBlasKernels() {
        // Whatever OPENBLAS_NUM_THREADS says: the farm has its threads already, and bits depend on their number.
        openblas_set_num_threads(1);
        description = "%s, %s, %d thread"
                .formatted(
                        version(openblas_get_config().getString()),
                        openblas_get_corename().getString(),
                        openblas_get_num_threads());
    }

    /** The configuration begins with name and version: "OpenBLAS 0.3.31 DYNAMIC_ARCH …". */
    private static String version(String configuration) {
        String[] words = configuration.split(" ", 3);
        return words[0] + " " + words[1];
    }

    @Override
    public String backend() {
        return "openblas";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void multiply(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.rows(), a.columns(), b, c);
        product(CblasNoTrans, a.columns(), a, b, 0, c);
    }

    @Override
    public void multiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.rows(), a.columns(), b, c);
        product(CblasNoTrans, a.columns(), a, b, 1, c);
    }

    @Override
    public void transposedMultiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.columns(), a.rows(), b, c);
        product(CblasTrans, a.rows(), a, b, 1, c);
    }

    /** {@code c = op(a) b + keep · c}, the padding of b and c included: so c moves as one piece. */
    private void product(int transposition, int inner, PaddedMatrix a, PaddedMatrix b, double keep, PaddedMatrix c) {
        NativeMemory own = memory.get();
        DoubleBuffer left = own.left(size(a));
        DoubleBuffer right = own.right(size(b));
        DoubleBuffer result = own.result(size(c));
        left.put(0, a.data, a.offset, size(a));
        right.put(0, b.data, b.offset, size(b));
        if (keep != 0) {
            result.put(0, c.data, c.offset, size(c));
        }
        cblas_dgemm(
                CblasRowMajor,
                transposition,
                CblasNoTrans,
                c.rows(),
                c.stride,
                inner,
                1,
                left,
                a.stride,
                right,
                b.stride,
                keep,
                result,
                c.stride);
        result.get(0, c.data, c.offset, size(c));
    }

    private static int size(PaddedMatrix matrix) {
        return matrix.end() - matrix.offset;
    }

    @Override
    public double[] singularValues(DMatrixRMaj matrix) {
        return SingularValues.of(matrix, this::divideAndConquer);
    }

    /** LAPACK's dgesdd (M. Gu, S. Eisenstat, <i>A divide-and-conquer algorithm for the bidiagonal SVD</i>, 1995). */
    private double[] divideAndConquer(DMatrixRMaj matrix) {
        NativeMemory own = memory.get();
        int count = Math.min(matrix.numRows, matrix.numCols);
        DoubleBuffer elements = own.left(matrix.getNumElements());
        DoubleBuffer values = own.result(count);
        elements.put(0, matrix.data, 0, matrix.getNumElements());
        // Rows as columns: the transpose has the same values, and needs no copy.
        int failure = LAPACKE_dgesdd(
                LAPACK_COL_MAJOR,
                (byte) 'N',
                matrix.numCols,
                matrix.numRows,
                elements,
                matrix.numCols,
                values,
                (DoubleBuffer) null,
                1,
                (DoubleBuffer) null,
                1);
        if (failure != 0) {
            throw new ArithmeticException("singular values did not converge (dgesdd: %d)".formatted(failure));
        }
        double[] result = new double[count];
        values.get(0, result);
        return result;
    }

    @Override
    public void relu(PaddedMatrix z) {
        ordered.relu(z);
    }

    @Override
    public void mask(PaddedMatrix activation, PaddedMatrix delta) {
        ordered.mask(activation, delta);
    }

    @Override
    public void differences(
            PaddedMatrix y, PaddedMatrix t, double factor, PaddedMatrix difference, double[] partialSums) {
        ordered.differences(y, t, factor, difference, partialSums);
    }

    @Override
    public double softmax(PaddedMatrix y, int row, PaddedMatrix p) {
        return ordered.softmax(y, row, p);
    }

    @Override
    public void addSquares(double[] x, double[] partialSums) {
        ordered.addSquares(x, partialSums);
    }

    @Override
    public void descend(double[] from, double rate, double[] gradient, double[] to) {
        ordered.descend(from, rate, gradient, to);
    }

    /** The copies of one thread; they grow to its largest product, and calls allocate nothing from then on. */
    private static final class NativeMemory {

        private DoubleBuffer left = allocate(0);
        private DoubleBuffer right = allocate(0);
        private DoubleBuffer result = allocate(0);

        DoubleBuffer left(int size) {
            left = atLeast(size, left);
            return left;
        }

        DoubleBuffer right(int size) {
            right = atLeast(size, right);
            return right;
        }

        DoubleBuffer result(int size) {
            result = atLeast(size, result);
            return result;
        }

        private static DoubleBuffer atLeast(int size, DoubleBuffer memory) {
            return memory.capacity() >= size ? memory : allocate(size);
        }

        private static DoubleBuffer allocate(int size) {
            // One line more for each end, since a slice ends at a line too.
            return ByteBuffer.allocateDirect(Math.multiplyExact(size, Double.BYTES) + 2 * CACHE_LINE)
                    .alignedSlice(CACHE_LINE)
                    .order(ByteOrder.nativeOrder())
                    .asDoubleBuffer();
        }
    }
}
