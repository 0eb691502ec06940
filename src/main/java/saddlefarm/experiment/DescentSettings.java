package saddlefarm.experiment;

/** How parameters move. */
public sealed interface DescentSettings {

    /** Gradient descent at a constant rate η > 0. */
    record GradientDescent(double learningRate) implements DescentSettings {}
}
