package saddlefarm.linalg;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A program that prints what the kernels of its JVM are, and a hash of every bit that they compute, padding included,
 * for thousands of shapes: every number of rows with every number of columns up to some bound, each with some inner
 * length up to it, and larger ones. Each shape is computed from numbers of usual size and from what is not: infinities,
 * NaN, −0, subnormal numbers and the largest.
 */
final class KernelBits {

    private static final double[] SPECIAL = {
        -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL / 3,
        -Double.MAX_VALUE,
        0.0,
        1.5
    };

    private final Kernels kernels = Kernels.ordered();
    private final RandomStream random = RandomStream.of(0, "bits");
    private final MessageDigest hash;

    private KernelBits(MessageDigest hash) {
        this.hash = hash;
    }

    /** @param args the bound, and of how many shapes one is computed: where nothing is compiled, all take too long */
    public static void main(String[] args) throws Exception {
        int most = Integer.parseInt(args[0]);
        int every = Integer.parseInt(args[1]);
        var bits = new KernelBits(MessageDigest.getInstance("SHA-256"));
        int shape = 0;
        for (int rows = 1; rows <= most; rows++) {
            for (int columns = 1; columns <= most; columns++) {
                int inner = 1 + bits.random.nextInt(most);
                if (shape++ % every == 0) {
                    bits.compute(rows, inner, columns);
                }
            }
        }
        for (int i = 0; i < 40 && every == 1; i++) {
            bits.compute(71 + bits.random.nextInt(200), 1 + bits.random.nextInt(300), 71 + bits.random.nextInt(200));
        }
        System.out.println(bits.kernels.description());
        System.out.println(HexFormat.of().formatHex(bits.hash.digest()));
    }

    private void compute(int rows, int inner, int columns) {
        // Of its own, so that leaving out shapes does not change the others.
        var own = RandomStream.of(rows * 1000L + columns, "bits " + inner);
        PaddedMatrix a = gaussian(rows, inner, own);
        PaddedMatrix b = gaussian(inner, columns, own);
        compute(a, b, gaussian(rows, columns, own), gaussian(rows, columns, own));
        // One in each factor, since a single one fills its row or column of a product.
        makeSpecial(a, own);
        makeSpecial(b, own);
        compute(a, b, special(rows, columns, own), special(rows, columns, own));
    }

    private void compute(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c, PaddedMatrix t) {
        double[] sums = new double[PaddedMatrix.BLOCK];
        var elements = copy(c);
        kernels.mask(t, elements);
        add(elements);
        kernels.relu(c);
        add(c);
        kernels.differences(elements, t, 0.3, elements, sums);
        add(elements);
        kernels.multiplyAdd(a, b, c);
        add(c);
        var gradient = copy(b);
        kernels.transposedMultiplyAdd(a, c, gradient);
        add(gradient);
        kernels.multiply(a, b, c);
        add(c);
        kernels.mask(t, c);
        kernels.relu(c);
        kernels.differences(c, t, 1.0 / c.rows(), c, sums);
        add(c);
        double[] x = c.toMatrix().data;
        kernels.addSquares(x, sums);
        kernels.descend(x, 0.1, t.toMatrix().data, x);
        add(x);
        add(sums);
    }

    private void add(PaddedMatrix matrix) {
        add(matrix.data);
    }

    private void add(double[] values) {
        var bytes = ByteBuffer.allocate(Double.BYTES * values.length);
        for (double value : values) {
            // NaN has many bits, of which no computation depends on any.
            bytes.putLong(Double.doubleToLongBits(value));
        }
        hash.update(bytes.array());
    }

    private static PaddedMatrix gaussian(int rows, int columns, RandomStream random) {
        return PaddedMatrix.of(TestMatrices.gaussian(rows, columns, random));
    }

    private static PaddedMatrix special(int rows, int columns, RandomStream random) {
        var matrix = new PaddedMatrix(rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, SPECIAL[random.nextInt(SPECIAL.length)]);
            }
        }
        return matrix;
    }

    private static void makeSpecial(PaddedMatrix matrix, RandomStream random) {
        matrix.set(
                random.nextInt(matrix.rows()),
                random.nextInt(matrix.columns()),
                SPECIAL[random.nextInt(SPECIAL.length)]);
    }

    private static PaddedMatrix copy(PaddedMatrix matrix) {
        return PaddedMatrix.of(matrix.toMatrix());
    }
}
