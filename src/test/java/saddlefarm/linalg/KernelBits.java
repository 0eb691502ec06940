package saddlefarm.linalg;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A program that prints what the kernels of its JVM are, and a hash of every bit that they compute for thousands of
 * shapes: every number of rows with every number of columns from 1 to 70, each with some inner length from 1 to 70, and
 * larger ones.
 */
final class KernelBits {

    private static final int MOST = 70;

    private final Kernels kernels = Kernels.ordered();
    private final RandomStream random = RandomStream.of(0, "bits");
    private final MessageDigest hash;

    private KernelBits(MessageDigest hash) {
        this.hash = hash;
    }

    /** @param args of how many shapes one is computed: where nothing is compiled, all take too long */
    public static void main(String[] args) throws Exception {
        int every = Integer.parseInt(args[0]);
        var bits = new KernelBits(MessageDigest.getInstance("SHA-256"));
        int shape = 0;
        for (int rows = 1; rows <= MOST; rows++) {
            for (int columns = 1; columns <= MOST; columns++) {
                int inner = 1 + bits.random.nextInt(MOST);
                if (shape++ % every == 0) {
                    bits.compute(rows, inner, columns);
                }
            }
        }
        for (int i = 0; i < 40 / every; i++) {
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
        PaddedMatrix c = gaussian(rows, columns, own);
        PaddedMatrix t = gaussian(rows, columns, own);
        double[] sums = new double[PaddedMatrix.BLOCK];
        kernels.multiplyAdd(a, b, c);
        add(c);
        kernels.transposedMultiplyAdd(a, c, b);
        add(b);
        kernels.multiply(a, b, c);
        add(c);
        kernels.mask(t, c);
        kernels.relu(c);
        kernels.differences(c, t, 1.0 / rows, c, sums);
        add(c);
        double[] x = c.toMatrix().data;
        kernels.addSquares(x, sums);
        kernels.descend(x, 0.1, t.toMatrix().data, x);
        add(x);
        add(sums);
    }

    private void add(PaddedMatrix matrix) {
        add(matrix.toMatrix().data);
    }

    private void add(double[] values) {
        var bytes = ByteBuffer.allocate(Double.BYTES * values.length);
        for (double value : values) {
            bytes.putDouble(value);
        }
        hash.update(bytes.array());
    }

    private static PaddedMatrix gaussian(int rows, int columns, RandomStream random) {
        return PaddedMatrix.of(TestMatrices.gaussian(rows, columns, random));
    }
}
