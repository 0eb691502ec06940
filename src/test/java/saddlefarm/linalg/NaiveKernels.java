package saddlefarm.linalg;

import org.ejml.data.DMatrixRMaj;

/**
 * {@link Kernels} as triple loops that follow the formulas letter by letter: slow, and the measure of the fast ones.
 */
final class NaiveKernels implements Kernels {

    @Override
    public String backend() {
        return "naive";
    }

    @Override
    public void multiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        for (int i = 0; i < c.numRows; i++) {
            for (int j = 0; j < c.numCols; j++) {
                double sum = 0;
                for (int k = 0; k < a.numCols; k++) {
                    sum += a.get(i, k) * b.get(k, j);
                }
                c.set(i, j, sum);
            }
        }
    }

    @Override
    public void multiplyTransposed(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        for (int i = 0; i < c.numRows; i++) {
            for (int j = 0; j < c.numCols; j++) {
                double sum = 0;
                for (int k = 0; k < a.numCols; k++) {
                    sum += a.get(i, k) * b.get(j, k);
                }
                c.set(i, j, sum);
            }
        }
    }

    @Override
    public void transposedMultiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        for (int i = 0; i < c.numRows; i++) {
            for (int j = 0; j < c.numCols; j++) {
                double sum = 0;
                for (int k = 0; k < a.numRows; k++) {
                    sum += a.get(k, i) * b.get(k, j);
                }
                c.set(i, j, sum);
            }
        }
    }

    @Override
    public void relu(DMatrixRMaj z) {
        for (int row = 0; row < z.numRows; row++) {
            for (int column = 0; column < z.numCols; column++) {
                if (!(z.get(row, column) > 0)) {
                    z.set(row, column, 0);
                }
            }
        }
    }

    @Override
    public void mask(DMatrixRMaj activation, DMatrixRMaj delta) {
        for (int row = 0; row < delta.numRows; row++) {
            for (int column = 0; column < delta.numCols; column++) {
                if (!(activation.get(row, column) > 0)) {
                    delta.set(row, column, 0);
                }
            }
        }
    }

    @Override
    public void descend(double[] from, double rate, double[] gradient, double[] to) {
        for (int i = 0; i < from.length; i++) {
            double change = rate * gradient[i];
            to[i] = from[i] - change;
        }
    }
}
