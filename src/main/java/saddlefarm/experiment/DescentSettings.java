package saddlefarm.experiment;

/** How parameters move. */
public sealed interface DescentSettings {

    /** Gradient descent at a constant rate η > 0. */
    record GradientDescent(double learningRate) implements DescentSettings {}

    /** Gradient flow with an error of each step of at most the tolerance, in (0, 1), relative to ‖θ‖. */
    record GradientFlow(double tolerance) implements DescentSettings {}
}
