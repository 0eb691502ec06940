package saddlefarm.linalg;

/**
 * Lets the JVM compile the kernels before anybody waits for them: until then vectors are objects, and a product of
 * usual size takes a thousand times as long.
 */
public final class WarmUp {

    // With these the inner loops run often enough, and no longer than that.
    private static final int CALLS = 900;
    private static final int INNER = 64;

    // Eight, four and two rows; two and three vectors of 512 bits, and one.
    private static final int ROWS = 14;
    private static final int[] COLUMNS = {40, 8};

    private WarmUp() {}

    /** Runs every kernel on small matrices until it is compiled; takes about a second of computing. */
    public static void run(Kernels kernels) {
        double[] sums = new double[PaddedMatrix.BLOCK];
        for (int columns : COLUMNS) {
            var a = new PaddedMatrix(ROWS, INNER);
            var aTransposed = new PaddedMatrix(INNER, ROWS);
            var b = new PaddedMatrix(INNER, columns);
            var c = new PaddedMatrix(ROWS, columns);
            var other = new PaddedMatrix(ROWS, columns);
            double[] vector = new double[ROWS * columns];
            for (int call = 0; call < CALLS; call++) {
                kernels.multiply(a, b, c);
                kernels.relu(c);
                kernels.mask(c, c);
                kernels.multiplyAdd(a, b, c);
                kernels.transposedMultiplyAdd(aTransposed, b, c);
                kernels.differences(c, c, 1, c, sums);
                kernels.softmax(c, 0, other);
                kernels.addSquares(vector, sums);
                kernels.descend(vector, 1, vector, vector);
            }
        }
    }
}
