package saddlefarm.descent;

import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.linalg.Vectors;

/**
 * max |λ| of an operator by the power method, as RKC finds it (B. Sommeijer, L. Shampine, J. Verwer, 1998, section
 * 2.2). Begun with the vector of the last time it takes two or three products.
 */
final class SpectralRadius {

    /** By how much the estimate, which comes from below, is enlarged. */
    static final double SAFETY = 1.2;

    private static final int MOST_PRODUCTS = 50;

    /** Relative change of the estimate at which it counts as converged. */
    private static final double CONVERGED = 0.05;

    private SpectralRadius() {}

    /**
     * max |λ|, times {@link #SAFETY}.
     *
     * @param direction where the iteration begins; is set to where it ends, of length 1. Where it is 0, so is the
     *     result
     * @param scratch of the same length
     */
    static double of(SymmetricOperator operator, double[] direction, double[] scratch) {
        double norm = Vectors.norm(direction);
        double radius = 0;
        for (int i = 0; i < MOST_PRODUCTS && norm > 0; i++) {
            Vectors.scale(1 / norm, direction);
            operator.apply(direction, scratch);
            System.arraycopy(scratch, 0, direction, 0, scratch.length);
            double before = radius;
            radius = Vectors.norm(direction);
            norm = radius;
            if (i > 0 && Math.abs(radius - before) <= CONVERGED * radius) {
                break;
            }
        }
        if (norm > 0) {
            Vectors.scale(1 / norm, direction);
        }
        return SAFETY * radius;
    }
}
