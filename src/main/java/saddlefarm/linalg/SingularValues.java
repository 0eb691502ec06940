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
     * @throws ArithmeticException if the iteration does not converge, which takes a matrix that is not finite
     */
    public static double[] of(DMatrixRMaj matrix) {
        var decomposition = DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, false, false, true);
        // The iteration scales badly only at the ends of the double range, so a power of two brings any matrix to unit
        // size.
        double scale = powerOfTwoAbove(largest(matrix));
        var scaled = matrix.copy();
        for (int i = 0; i < scaled.getNumElements(); i++) {
            scaled.data[i] /= scale;
        }
        if (!decomposition.decompose(scaled)) {
            throw new ArithmeticException("singular values did not converge");
        }
        double[] values = Arrays.copyOf(decomposition.getSingularValues(), Math.min(matrix.numRows, matrix.numCols));
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
        Arrays.sort(values);
        reverse(values);
        return values;
    }

    private static double largest(DMatrixRMaj matrix) {
        double largest = 0;
        for (int i = 0; i < matrix.getNumElements(); i++) {
            largest = Math.max(largest, Math.abs(matrix.data[i]));
        }
        return largest;
    }

    private static double powerOfTwoAbove(double value) {
        return value == 0 ? 1 : Math.scalb(1.0, Math.min(Math.getExponent(value), 1000));
    }

    private static void reverse(double[] values) {
        for (int i = 0, j = values.length - 1; i < j; i++, j--) {
            double value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
