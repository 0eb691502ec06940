package saddlefarm.theory;

/**
 * The curvature that gradient descent can follow: at a learning rate η a quadratic of curvature λ converges for λ < 2/η
 * and diverges beyond; training often brings the largest eigenvalue of the Hessian just there (J. Cohen, S. Kaur, Y.
 * Li, J. Z. Kolter, A. Talwalkar, <i>Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability</i>,
 * 2021).
 */
public final class EdgeOfStability {

    private EdgeOfStability() {}

    /** 2/η, the largest stable curvature. */
    public static double sharpness(double learningRate) {
        return 2 / learningRate;
    }
}
