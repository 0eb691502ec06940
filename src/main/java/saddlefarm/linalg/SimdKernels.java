package saddlefarm.linalg;

import static saddlefarm.linalg.SimdTiles.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The ordered kernels on {@code jdk.incubator.vector}. A vector holds neighbouring columns, so its width does not enter
 * into any sum; {@link ScalarKernels} give the same bits.
 */
final class SimdKernels implements Kernels {

    private static final int V = LANES.length();

    /** Rows of the largest tile: three vectors for each fill most of the registers that go with the vectors' width. */
    private static final int TALL = V == 8 ? 8 : 4;

    private static final int WIDE = 3;

    private static final DoubleVector LOG2_E = DoubleVector.broadcast(LANES, Exponential.LOG2_E);
    private static final DoubleVector ROUND = DoubleVector.broadcast(LANES, Exponential.ROUND);
    private static final DoubleVector LN2_HIGH = DoubleVector.broadcast(LANES, Exponential.LN2_HIGH);
    private static final DoubleVector LN2_LOW = DoubleVector.broadcast(LANES, Exponential.LN2_LOW);

    private static final double[] ZEROS = new double[WIDE * PaddedMatrix.BLOCK];

    @Override
    public String backend() {
        return "ordered";
    }

    @Override
    public String description() {
        return LANES.vectorBitSize() + "-bit vectors";
    }

    @Override
    public void multiply(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.rows(), a.columns(), b, c);
        product(a.rows(), a.columns(), a, a.stride, 1, b, ZEROS, 0, 0, 0, c);
    }

    @Override
    public void multiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.rows(), a.columns(), b, c);
        product(a.rows(), a.columns(), a, a.stride, 1, b, c.data, c.offset, c.stride, V, c);
    }

    @Override
    public void transposedMultiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c) {
        Shapes.requireProduct(a.columns(), a.rows(), b, c);
        product(a.columns(), a.rows(), a, 1, a.stride, b, c.data, c.offset, c.stride, V, c);
    }

    /**
     * @param ar from row to row of the left factor
     * @param ak along its inner index
     * @param z what the sums begin with, from {@code zi} on, {@code zr} from row to row, {@code zv} from vector to
     *     vector
     */
    private static void product(
            int rows,
            int inner,
            PaddedMatrix a,
            int ar,
            int ak,
            PaddedMatrix b,
            double[] z,
            int zi,
            int zr,
            int zv,
            PaddedMatrix c) {
        int vectors = c.stride / V;
        int row = 0;
        while (row < rows) {
            int left = rows - row;
            int height = left >= TALL ? TALL : left >= 4 ? 4 : 2;
            // A last single row is its own neighbour: the same values are stored twice.
            int step = left == 1 ? 0 : 1;
            int ai = a.offset + row * ar;
            int ci = c.offset + row * c.stride;
            int zri = zi + row * zr;
            int vector = 0;
            while (vector < vectors) {
                int wide = width(vectors - vector);
                int bi = b.offset + vector * V;
                tile(
                        height,
                        wide,
                        inner,
                        a.data,
                        ai,
                        step * ar,
                        ak,
                        b.data,
                        bi,
                        b.stride,
                        z,
                        zri + vector * zv,
                        step * zr,
                        c.data,
                        ci + vector * V,
                        step * c.stride);
                vector += wide;
            }
            row += height;
        }
    }

    /** Three vectors at once, and the last four as two and two. */
    private static int width(int left) {
        return left == 4 ? 2 : Math.min(left, WIDE);
    }

    private static void tile(
            int height,
            int width,
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        switch (10 * height + width) {
            case 83 -> SimdTiles.tile8x3(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 82 -> SimdTiles.tile8x2(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 81 -> SimdTiles.tile8x1(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 43 -> SimdTiles.tile4x3(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 42 -> SimdTiles.tile4x2(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 41 -> SimdTiles.tile4x1(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 23 -> SimdTiles.tile2x3(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 22 -> SimdTiles.tile2x2(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            case 21 -> SimdTiles.tile2x1(inner, a, ai, ar, ak, b, bi, bk, z, zi, zr, c, ci, cr);
            default -> throw new AssertionError("no tile of %d × %d".formatted(height, width));
        }
    }

    @Override
    public void relu(PaddedMatrix z) {
        double[] values = z.data;
        DoubleVector zero = DoubleVector.zero(LANES);
        for (int i = z.offset; i < z.end(); i += V) {
            DoubleVector value = DoubleVector.fromArray(LANES, values, i);
            zero.blend(value, value.compare(VectorOperators.GT, 0.0)).intoArray(values, i);
        }
    }

    @Override
    public void mask(PaddedMatrix activation, PaddedMatrix delta) {
        Shapes.requireSame(activation, delta);
        double[] active = activation.data;
        double[] values = delta.data;
        DoubleVector zero = DoubleVector.zero(LANES);
        for (int i = delta.offset, j = activation.offset; i < delta.end(); i += V, j += V) {
            var mask = DoubleVector.fromArray(LANES, active, j).compare(VectorOperators.GT, 0.0);
            zero.blend(DoubleVector.fromArray(LANES, values, i), mask).intoArray(values, i);
        }
    }

    @Override
    public void differences(
            PaddedMatrix y, PaddedMatrix t, double factor, PaddedMatrix difference, double[] partialSums) {
        Shapes.requireSame(y, t);
        Shapes.requireSame(y, difference);
        Shapes.requireLength(partialSums, PaddedMatrix.BLOCK);
        // Lane by lane, so that the order of a sum does not depend on the vectors' width.
        for (int lane = 0; lane < PaddedMatrix.BLOCK; lane += V) {
            DoubleVector sum = DoubleVector.fromArray(LANES, partialSums, lane);
            for (int i = lane; i < y.end() - y.offset; i += PaddedMatrix.BLOCK) {
                DoubleVector distance = DoubleVector.fromArray(LANES, y.data, y.offset + i)
                        .sub(DoubleVector.fromArray(LANES, t.data, t.offset + i));
                sum = distance.fma(distance, sum);
                distance.mul(factor).intoArray(difference.data, difference.offset + i);
            }
            sum.intoArray(partialSums, lane);
        }
    }

    @Override
    public double softmax(PaddedMatrix y, int row, PaddedMatrix p) {
        Shapes.requireSame(y, p);
        double largest = y.get(row, 0);
        for (int j = 1; j < y.columns(); j++) {
            largest = Math.max(largest, y.get(row, j));
        }
        int from = y.offset + row * y.stride;
        int to = p.offset + row * p.stride;
        for (int i = 0; i < y.stride; i += V) {
            exponential(DoubleVector.fromArray(LANES, y.data, from + i).sub(largest))
                    .intoArray(p.data, to + i);
        }
        double sum = 0;
        for (int j = 0; j < p.columns(); j++) {
            sum += p.data[to + j];
        }
        for (int i = 0; i < p.stride; i += V) {
            DoubleVector.fromArray(LANES, p.data, to + i).div(sum).intoArray(p.data, to + i);
        }
        p.clearPadding(row);
        return largest + StrictMath.log(sum);
    }

    /** As {@link Exponential#of}. */
    private static DoubleVector exponential(DoubleVector x) {
        DoubleVector rounded = x.fma(LOG2_E, ROUND);
        DoubleVector n = rounded.sub(Exponential.ROUND).neg();
        DoubleVector r = n.fma(LN2_LOW, n.fma(LN2_HIGH, x));
        DoubleVector sum = DoubleVector.broadcast(LANES, Exponential.TAYLOR[0]);
        for (int k = 1; k < Exponential.TAYLOR.length; k++) {
            sum = sum.fma(r, DoubleVector.broadcast(LANES, Exponential.TAYLOR[k]));
        }
        DoubleVector power = rounded.reinterpretAsLongs()
                .add(Exponential.EXPONENT_BIAS)
                .lanewise(VectorOperators.LSHL, Exponential.MANTISSA_BITS)
                .reinterpretAsDoubles();
        return sum.mul(power).blend(0.0, x.compare(VectorOperators.LT, Exponential.LEAST));
    }

    @Override
    public void addSquares(double[] x, double[] partialSums) {
        Shapes.requireLength(partialSums, PaddedMatrix.BLOCK);
        int whole = x.length & -PaddedMatrix.BLOCK;
        for (int lane = 0; lane < PaddedMatrix.BLOCK; lane += V) {
            DoubleVector sum = DoubleVector.fromArray(LANES, partialSums, lane);
            for (int i = lane; i < whole; i += PaddedMatrix.BLOCK) {
                DoubleVector value = DoubleVector.fromArray(LANES, x, i);
                sum = value.fma(value, sum);
            }
            sum.intoArray(partialSums, lane);
        }
        for (int i = whole; i < x.length; i++) {
            partialSums[i - whole] = Math.fma(x[i], x[i], partialSums[i - whole]);
        }
    }

    @Override
    public void descend(double[] from, double rate, double[] gradient, double[] to) {
        Shapes.requireLength(gradient, from.length);
        Shapes.requireLength(to, from.length);
        int whole = LANES.loopBound(from.length);
        DoubleVector factor = DoubleVector.broadcast(LANES, -rate);
        for (int i = 0; i < whole; i += V) {
            factor.fma(DoubleVector.fromArray(LANES, gradient, i), DoubleVector.fromArray(LANES, from, i))
                    .intoArray(to, i);
        }
        for (int i = whole; i < from.length; i++) {
            to[i] = Math.fma(-rate, gradient[i], from[i]);
        }
    }
}
