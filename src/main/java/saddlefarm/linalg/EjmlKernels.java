package saddlefarm.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.mult.MatrixMatrixMult_DDRM;

/** {@link Kernels} over EJML's row-by-row products, which sum each element in ascending order of the inner index. */
public final class EjmlKernels implements Kernels {

    // EJML's own a·bᵀ is a chain of dependent additions; a transposed copy of the small factor is several times faster.
    private final DMatrixRMaj transposed = new DMatrixRMaj(1, 1);

    @Override
    public String backend() {
        return "ordered";
    }

    @Override
    public void multiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        MatrixMatrixMult_DDRM.mult_reorder(a, b, c);
    }

    @Override
    public void multiplyTransposed(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        transposed.reshape(b.numCols, b.numRows);
        CommonOps_DDRM.transpose(b, transposed);
        MatrixMatrixMult_DDRM.mult_reorder(a, transposed, c);
    }

    @Override
    public void transposedMultiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        MatrixMatrixMult_DDRM.multTransA_reorder(a, b, c);
    }

    @Override
    public void relu(DMatrixRMaj z) {
        double[] values = z.data;
        int length = z.getNumElements();
        for (int i = 0; i < length; i++) {
            values[i] = values[i] > 0 ? values[i] : 0;
        }
    }

    @Override
    public void mask(DMatrixRMaj activation, DMatrixRMaj delta) {
        double[] active = activation.data;
        double[] values = delta.data;
        int length = delta.getNumElements();
        for (int i = 0; i < length; i++) {
            values[i] = active[i] > 0 ? values[i] : 0;
        }
    }

    @Override
    public void descend(double[] from, double rate, double[] gradient, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = from[i] - rate * gradient[i];
        }
    }
}
