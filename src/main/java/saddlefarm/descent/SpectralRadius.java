package saddlefarm.descent;

import saddlefarm.linalg.Vectors;

/**
 * The Hessian's spectral radius by the nonlinear power method (B. Sommeijer, L. Shampine, J. Verwer, <i>RKC</i>, 1998,
 * section 2.2): products with vectors are differences of gradients.
 *
 * <p>Such a product costs one evaluation, where an exact one costs nearly two and needs the whole batch's activations;
 * ReLU's kinks enter it as they enter the steps. Begun with the last vector it takes two or three.
 *
 * <p>Owns its memory: one thread at a time. No call allocates.
 */
final class SpectralRadius {

    /** By how much the estimate, which comes from below, is enlarged. */
    static final double SAFETY = 1.2;

    private static final int MOST_PRODUCTS = 50;

    /** Relative change of the estimate at which it counts as converged. */
    private static final double CONVERGED = 0.05;

    /** Distance of the points, relative to ‖θ‖: about the square root of the rounding. */
    private static final double DISTANCE = 1e-7;

    private final FlowField field;
    private final double[] point;
    private final double[] product;

    SpectralRadius(FlowField field) {
        this.field = field;
        point = new double[field.dimension()];
        product = new double[field.dimension()];
    }

    /**
     * max |λ| at θ, times {@link #SAFETY}.
     *
     * @param gradient ∇C at θ
     * @param size ‖θ‖, above 0
     * @param direction where the iteration begins; is set to where it ends. Where it is 0, so is the result
     */
    double at(double[] theta, double[] gradient, double size, double[] direction) {
        double distance = DISTANCE * size;
        double radius = 0;
        for (int i = 0; i < MOST_PRODUCTS; i++) {
            double norm = Vectors.norm(direction);
            if (norm == 0) {
                return SAFETY * radius;
            }
            FlowField.descend(theta, -distance / norm, direction, point);
            field.evaluate(point, product);
            FlowField.descend(product, 1, gradient, direction);
            double before = radius;
            radius = Vectors.norm(direction) / distance;
            if (i > 0 && Math.abs(radius - before) <= CONVERGED * radius) {
                break;
            }
        }
        return SAFETY * radius;
    }
}
