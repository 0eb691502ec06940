package saddlefarm.linalg;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Singular values by EJML's Golub-Kahan iteration, accurate to a few units in the last place of the largest one.
 * (Through the Gram matrix everything below 1e-8 of the largest would be lost.)
 */
public final class SingularValues {

    private SingularValues() {}

    /**
     * All min(rows, columns) singular values of a matrix, descending.
     *
     * @throws ArithmeticException if an element is not finite, or the iteration does not converge
     */
    public static double[] of(DMatrixRMaj matrix) {
        return of(matrix, SingularValues::golubKahan);
    }

    /** Singular values in any order, of a matrix that may be overwritten. */
    @FunctionalInterface
    interface Method {
        double[] apply(DMatrixRMaj matrix);
    }

    /** The same by another method. */
    static double[] of(DMatrixRMaj matrix, Method method) {
        var scaled = matrix.copy();
        double largest = Vectors.largest(scaled.data);
        if (!Double.isFinite(largest)) {
            throw new ArithmeticException("a matrix with an element %s has no singular values".formatted(largest));
        }
        // The iteration scales badly only at the ends of the double range, so a power of two brings any matrix to unit
        // size.
        double scale = Vectors.powerOfTwo(largest);
        Vectors.scale(1 / scale, scaled.data);
        double[] values = method.apply(scaled);
        Vectors.scale(scale, values);
        Arrays.sort(values);
        reverse(values);
        return values;
    }

    private static double[] golubKahan(DMatrixRMaj matrix) {
        var decomposition = DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, false, false, true);
        if (!decomposition.decompose(matrix)) {
            throw new ArithmeticException("singular values did not converge");
        }
        return Arrays.copyOf(decomposition.getSingularValues(), Math.min(matrix.numRows, matrix.numCols));
    }

    private static void reverse(double[] values) {
        for (int i = 0, j = values.length - 1; i < j; i++, j--) {
            double value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
