package saddlefarm.linalg;

/** The ordered kernels in plain loops, for a JVM without {@code jdk.incubator.vector}. */
final class ScalarKernels implements Kernels {

    @Override
    public String backend() {
        return "ordered";
    }

    @Override
    public String description() {
        return "no vectors: the module jdk.incubator.vector is missing";
    }

    @Override
    public void multiply(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.rows(), a.columns(), b, c);
        c.setZero();
        multiplyAdd(a, b, c);
    }

    @Override
    public void multiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.rows(), a.columns(), b, c);
        for (int row = 0; row < a.rows(); row++) {
            int ci = c.offset + row * c.stride;
            for (int k = 0; k < a.columns(); k++) {
                addScaled(a.data[a.offset + row * a.stride + k], b.data, b.offset + k * b.stride, c.data, ci, c.stride);
            }
        }
    }

    @Override
    public void transposedMultiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.columns(), a.rows(), b, c);
        for (int k = 0; k < a.rows(); k++) {
            int bi = b.offset + k * b.stride;
            for (int row = 0; row < a.columns(); row++) {
                double factor = a.data[a.offset + k * a.stride + row];
                addScaled(factor, b.data, bi, c.data, c.offset + row * c.stride, c.stride);
            }
        }
    }

    private static void addScaled(double factor, double[] b, int bi, double[] c, int ci, int count) {
        for (int j = 0; j < count; j++) {
            c[ci + j] = Math.fma(factor, b[bi + j], c[ci + j]);
        }
    }

    @Override
    public void relu(PaddedMatrix z) {
        for (int i = z.offset; i < z.end(); i++) {
            z.data[i] = z.data[i] > 0 ? z.data[i] : 0;
        }
    }

    @Override
    public void mask(PaddedMatrix activation, PaddedMatrix delta) {
        Shapes.requireSame(activation, delta);
        for (int i = delta.offset, j = activation.offset; i < delta.end(); i++, j++) {
            delta.data[i] = activation.data[j] > 0 ? delta.data[i] : 0;
        }
    }

    @Override
    public void differences(
            PaddedMatrix y, PaddedMatrix t, double factor, PaddedMatrix difference, double[] partialSums) {
        Shapes.requireSame(y, t);
        Shapes.requireSame(y, difference);
        Shapes.requireLength(partialSums, PaddedMatrix.BLOCK);
        for (int i = 0; i < y.end() - y.offset; i++) {
            double distance = y.data[y.offset + i] - t.data[t.offset + i];
            int lane = i % PaddedMatrix.BLOCK;
            partialSums[lane] = Math.fma(distance, distance, partialSums[lane]);
            difference.data[difference.offset + i] = distance * factor;
        }
    }

    @Override
    public double softmax(PaddedMatrix y, int row, PaddedMatrix p) {
        Shapes.requireSame(y, p);
        double largest = y.get(row, 0);
        for (int j = 1; j < y.columns(); j++) {
            largest = Math.max(largest, y.get(row, j));
        }
        double sum = 0;
        for (int j = 0; j < y.columns(); j++) {
            double exponential = Exponential.of(y.get(row, j) - largest);
            p.set(row, j, exponential);
            sum += exponential;
        }
        for (int j = 0; j < y.columns(); j++) {
            p.set(row, j, p.get(row, j) / sum);
        }
        p.clearPadding(row);
        return largest + StrictMath.log(sum);
    }

    @Override
    public void addSquares(double[] x, double[] partialSums) {
        Shapes.requireLength(partialSums, PaddedMatrix.BLOCK);
        for (int i = 0; i < x.length; i++) {
            int lane = i % PaddedMatrix.BLOCK;
            partialSums[lane] = Math.fma(x[i], x[i], partialSums[lane]);
        }
    }

    @Override
    public void descend(double[] from, double rate, double[] gradient, double[] to) {
        Shapes.requireLength(gradient, from.length);
        Shapes.requireLength(to, from.length);
        for (int i = 0; i < from.length; i++) {
            to[i] = Math.fma(-rate, gradient[i], from[i]);
        }
    }
}
