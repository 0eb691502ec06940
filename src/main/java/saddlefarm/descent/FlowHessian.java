package saddlefarm.descent;

import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.linalg.Vectors;

/**
 * The Hessian at a point by differences of gradients. A product costs one evaluation, where an exact one costs nearly
 * two and needs the whole batch's activations; ReLU's kinks enter it as they enter the steps.
 *
 * <p>Owns its memory: one thread at a time. No product allocates.
 */
final class FlowHessian implements SymmetricOperator {

    /** Distance of the points, relative to ‖θ‖: about the square root of the rounding. */
    private static final double DISTANCE = 1e-7;

    private final FlowField field;
    private final double[] point;
    private double[] theta;
    private double[] gradient;
    private double distance;

    FlowHessian(FlowField field) {
        this.field = field;
        point = new double[field.dimension()];
        theta = point;
        gradient = point;
    }

    /**
     * Moves to θ, whose vectors must not change while this is used there.
     *
     * @param gradient ∇C at θ
     * @param size ‖θ‖, above 0
     */
    void moveTo(double[] theta, double[] gradient, double size) {
        this.theta = theta;
        this.gradient = gradient;
        distance = DISTANCE * size;
    }

    @Override
    public int dimension() {
        return field.dimension();
    }

    @Override
    public void apply(double[] vector, double[] product) {
        double scale = distance / Vectors.norm(vector);
        FlowField.descend(theta, -scale, vector, point);
        field.evaluate(point, product);
        Vectors.addScaled(-1, gradient, product);
        Vectors.scale(1 / scale, product);
    }
}
