package saddlefarm.linalg;

/**
 * Checks of shapes: each row's padding lies inside its matrix, so a shape that fits is also within bounds. Vector
 * accesses are not checked by themselves where the JVM was told so ({@code VECTOR_ACCESS_OOB_CHECK}): what passes here
 * has to be enough.
 */
final class Shapes {

    private Shapes() {}

    /** Requires b [inner × n] and c [rows × n]. */
    static void requireProduct(int rows, int inner, PaddedMatrix b, PaddedMatrix c) {
        if (b.rows() != inner || c.rows() != rows || b.columns() != c.columns()) {
            throw new IllegalArgumentException("%d × %d times %d × %d is not %d × %d"
                    .formatted(rows, inner, b.rows(), b.columns(), c.rows(), c.columns()));
        }
    }

    static void requireSame(PaddedMatrix a, PaddedMatrix b) {
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw new IllegalArgumentException(
                    "%d × %d is not the shape %d × %d".formatted(a.rows(), a.columns(), b.rows(), b.columns()));
        }
    }

    static void requireLength(double[] x, int length) {
        if (x.length != length) {
            throw new IllegalArgumentException("%d numbers where %d belong".formatted(x.length, length));
        }
    }
}
