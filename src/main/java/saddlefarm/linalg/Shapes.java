package saddlefarm.linalg;

/** Checks of shapes: each row's padding lies inside its matrix, so a shape that fits is also within bounds. */
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
}
