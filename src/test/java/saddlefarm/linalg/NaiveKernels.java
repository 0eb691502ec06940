package saddlefarm.linalg;

/**
 * {@link Kernels} as loops that follow the formulas letter by letter, element by element: slow, and the measure of the
 * fast ones. The order of summation, and that a term is added by one rounding, are part of the contract.
 */
final class NaiveKernels implements Kernels {

    @Override
    public String backend() {
        return "naive";
    }

    @Override
    public String description() {
        return "one element after the other";
    }

    @Override
    public void multiply(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                c.set(i, j, 0);
            }
        }
        multiplyAdd(a, b, c);
    }

    @Override
    public void multiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                double sum = c.get(i, j);
                for (int k = 0; k < a.columns(); k++) {
                    sum = Math.fma(a.get(i, k), b.get(k, j), sum);
                }
                c.set(i, j, sum);
            }
        }
    }

    @Override
    public void transposedMultiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                double sum = c.get(i, j);
                for (int k = 0; k < a.rows(); k++) {
                    sum = Math.fma(a.get(k, i), b.get(k, j), sum);
                }
                c.set(i, j, sum);
            }
        }
    }

    @Override
    public void relu(PaddedMatrix z) {
        mask(z, z);
    }

    @Override
    public void mask(PaddedMatrix activation, PaddedMatrix delta) {
        for (int row = 0; row < delta.rows(); row++) {
            for (int column = 0; column < delta.columns(); column++) {
                if (!(activation.get(row, column) > 0)) {
                    delta.set(row, column, 0);
                }
            }
        }
    }

    @Override
    public void differences(
            PaddedMatrix y, PaddedMatrix t, double factor, PaddedMatrix difference, double[] partialSums) {
        for (int row = 0; row < y.rows(); row++) {
            for (int column = 0; column < y.columns(); column++) {
                double distance = y.get(row, column) - t.get(row, column);
                partialSums[column % 8] = Math.fma(distance, distance, partialSums[column % 8]);
                difference.set(row, column, distance * factor);
            }
        }
    }

    @Override
    public double softmax(PaddedMatrix y, int row, PaddedMatrix p) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < y.columns(); j++) {
            largest = Math.max(largest, y.get(row, j));
        }
        double sum = 0;
        for (int j = 0; j < y.columns(); j++) {
            sum += StrictMath.exp(y.get(row, j) - largest);
        }
        for (int j = 0; j < y.columns(); j++) {
            p.set(row, j, StrictMath.exp(y.get(row, j) - largest) / sum);
        }
        return largest + StrictMath.log(sum);
    }

    @Override
    public void addSquares(double[] x, double[] partialSums) {
        for (int i = 0; i < x.length; i++) {
            partialSums[i % 8] = Math.fma(x[i], x[i], partialSums[i % 8]);
        }
    }

    @Override
    public void descend(double[] from, double rate, double[] gradient, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = Math.fma(-rate, gradient[i], from[i]);
        }
    }
}
