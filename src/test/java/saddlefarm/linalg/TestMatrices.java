package saddlefarm.linalg;

import java.lang.ref.WeakReference;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** Random matrices of known structure. */
public final class TestMatrices {

    private TestMatrices() {}

    /** Independent standard normal elements. */
    public static DMatrixRMaj gaussian(int rows, int columns, RandomStream random) {
        var matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return matrix;
    }

    /** A random matrix with orthonormal columns; rows ≥ columns. */
    public static DMatrixRMaj orthonormal(int rows, int columns, RandomStream random) {
        var qr = DecompositionFactory_DDRM.qr(rows, columns);
        if (!qr.decompose(gaussian(rows, columns, random))) {
            throw new ArithmeticException("no QR decomposition");
        }
        return qr.getQ(null, true);
    }

    /** A random rows × columns matrix with the given singular values, at most min(rows, columns) of them. */
    public static DMatrixRMaj withSingularValues(int rows, int columns, double[] values, RandomStream random) {
        DMatrixRMaj u = orthonormal(rows, values.length, random);
        DMatrixRMaj v = orthonormal(columns, values.length, random);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < values.length; j++) {
                u.set(row, j, u.get(row, j) * values[j]);
            }
        }
        return CommonOps_DDRM.multTransB(u, v, null);
    }

    /** A random symmetric matrix. */
    public static DMatrixRMaj symmetric(int n, RandomStream random) {
        DMatrixRMaj matrix = gaussian(n, n, random);
        return CommonOps_DDRM.add(matrix, CommonOps_DDRM.transpose(matrix, null), null);
    }

    /** The array that holds a matrix, to see whether anything else holds it. */
    public static WeakReference<double[]> elements(PaddedMatrix matrix) {
        return new WeakReference<>(matrix.data);
    }
}
