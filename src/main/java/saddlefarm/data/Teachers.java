package saddlefarm.data;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.RandomStream;

/**
 * Tasks made by a teacher of known rank r, drawn from a seed. In the formulas samples are columns; U and V are [d × r]
 * with orthonormal columns, S = diag(strengths).
 */
public final class Teachers {

    private Teachers() {}

    /** X whitened, {@code XXᵀ/N = I}, and {@code T = U S Vᵀ X}; N ≥ d. */
    public static Task linear(int dimension, int samples, List<Double> strengths, RandomStream random) {
        requireRank(dimension, strengths);
        if (samples < dimension) {
            throw new DataException("%d samples of dimension %d cannot be whitened: at least %d are needed"
                    .formatted(samples, dimension, dimension));
        }
        DMatrixRMaj inputs = orthonormalColumns(samples, dimension, random);
        scale(Math.sqrt(samples), inputs);
        DMatrixRMaj u = orthonormalColumns(dimension, strengths.size(), random);
        DMatrixRMaj v = orthonormalColumns(dimension, strengths.size(), random);
        return new Task(inputs, compose(multiply(inputs, v), strengths, u));
    }

    /** {@code z = |N(0, 1)|}, [r × N], {@code X = V z} and {@code T = U S z}. */
    public static Task positive(int dimension, int samples, List<Double> strengths, RandomStream random) {
        requireRank(dimension, strengths);
        DMatrixRMaj z = gaussian(samples, strengths.size(), random);
        for (int i = 0; i < z.getNumElements(); i++) {
            z.data[i] = Math.abs(z.data[i]);
        }
        DMatrixRMaj u = orthonormalColumns(dimension, strengths.size(), random);
        DMatrixRMaj v = orthonormalColumns(dimension, strengths.size(), random);
        return new Task(multiplyTransposed(z, v), compose(z, strengths, u));
    }

    /** {@code X = √d Q}, Q orthogonal, N = d, and column i of T is {@code s_j U_j} with j = i mod r. */
    public static Task orthogonal(int dimension, List<Double> strengths, RandomStream random) {
        requireRank(dimension, strengths);
        DMatrixRMaj inputs = orthonormalColumns(dimension, dimension, random);
        scale(Math.sqrt(dimension), inputs);
        DMatrixRMaj u = orthonormalColumns(dimension, strengths.size(), random);
        var modes = new DMatrixRMaj(dimension, strengths.size());
        for (int n = 0; n < dimension; n++) {
            modes.set(n, n % strengths.size(), 1);
        }
        return new Task(inputs, compose(modes, strengths, u));
    }

    /** X standard normal and {@code T = U S relu(Vᵀ X)}. */
    public static Task relu(int dimension, int samples, List<Double> strengths, RandomStream random) {
        requireRank(dimension, strengths);
        DMatrixRMaj inputs = gaussian(samples, dimension, random);
        DMatrixRMaj u = orthonormalColumns(dimension, strengths.size(), random);
        DMatrixRMaj v = orthonormalColumns(dimension, strengths.size(), random);
        DMatrixRMaj features = multiply(inputs, v);
        for (int i = 0; i < features.getNumElements(); i++) {
            features.data[i] = Math.max(features.data[i], 0);
        }
        return new Task(inputs, compose(features, strengths, u));
    }

    private static void requireRank(int dimension, List<Double> strengths) {
        if (strengths.isEmpty() || strengths.size() > dimension) {
            throw new DataException("a teacher of dimension %d has 1 to %d strengths but was given %d"
                    .formatted(dimension, dimension, strengths.size()));
        }
    }

    /** {@code features · S · Uᵀ}, samples as rows. */
    private static DMatrixRMaj compose(DMatrixRMaj features, List<Double> strengths, DMatrixRMaj u) {
        DMatrixRMaj scaled = features.copy();
        for (int n = 0; n < scaled.numRows; n++) {
            for (int j = 0; j < scaled.numCols; j++) {
                scaled.set(n, j, scaled.get(n, j) * strengths.get(j));
            }
        }
        return multiplyTransposed(scaled, u);
    }

    private static DMatrixRMaj gaussian(int rows, int columns, RandomStream random) {
        var matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return matrix;
    }

    /** A Gaussian matrix, its columns made orthonormal by Gram and Schmidt's method, twice. */
    private static DMatrixRMaj orthonormalColumns(int rows, int columns, RandomStream random) {
        DMatrixRMaj matrix = gaussian(rows, columns, random);
        for (int j = 0; j < columns; j++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < j; k++) {
                    addScaled(-dot(matrix, k, j), matrix, k, j);
                }
            }
            double norm = Math.sqrt(dot(matrix, j, j));
            for (int i = 0; i < rows; i++) {
                matrix.set(i, j, matrix.get(i, j) / norm);
            }
        }
        return matrix;
    }

    private static double dot(DMatrixRMaj matrix, int k, int j) {
        double sum = 0;
        for (int i = 0; i < matrix.numRows; i++) {
            sum += matrix.get(i, k) * matrix.get(i, j);
        }
        return sum;
    }

    private static void addScaled(double factor, DMatrixRMaj matrix, int from, int to) {
        for (int i = 0; i < matrix.numRows; i++) {
            matrix.set(i, to, matrix.get(i, to) + factor * matrix.get(i, from));
        }
    }

    private static void scale(double factor, DMatrixRMaj matrix) {
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] *= factor;
        }
    }

    private static DMatrixRMaj multiply(DMatrixRMaj a, DMatrixRMaj b) {
        var product = new DMatrixRMaj(a.numRows, b.numCols);
        for (int i = 0; i < a.numRows; i++) {
            for (int j = 0; j < b.numCols; j++) {
                double sum = 0;
                for (int k = 0; k < a.numCols; k++) {
                    sum += a.get(i, k) * b.get(k, j);
                }
                product.set(i, j, sum);
            }
        }
        return product;
    }

    private static DMatrixRMaj multiplyTransposed(DMatrixRMaj a, DMatrixRMaj b) {
        return multiply(a, TextMatrix.transposed(b));
    }
}
