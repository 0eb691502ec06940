package saddlefarm.descent;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Gradient;
import saddlefarm.network.Parameters;

/**
 * Full-batch gradient descent at a constant rate, {@code θ ← θ − η ∇C(θ)}; t = η · step.
 *
 * <p>The update writes into a second set of parameters, so the state before the last step is still there when the new
 * one turns out not to be finite. Only the first step, and the first after {@link #rest()}, allocates.
 */
public final class GradientDescent implements Descent {

    /** ‖θ‖ beyond which a run counts as diverged: no network of use is there, and overflow is near. */
    public static final double LARGEST_NORM = 1e8;

    private final Gradient evaluator;
    private final Kernels kernels;
    private final double[] partialSums = new double[PaddedMatrix.BLOCK];
    private final double learningRate;
    private final Parameters gradient;
    private Parameters current;
    private @Nullable Parameters previous;
    private long step;
    private double loss;
    private double squaredGradientNorm;
    private double previousLoss = Double.NaN;
    private double previousSquaredGradientNorm = Double.NaN;

    /**
     * @param evaluator the task and network, used by this descent alone
     * @param learningRate η > 0
     * @param start where to go on; its parameters are copied
     */
    public GradientDescent(Gradient evaluator, Kernels kernels, double learningRate, DescentState start) {
        this.evaluator = evaluator;
        this.kernels = kernels;
        this.learningRate = learningRate;
        current = start.parameters().copy();
        gradient = new Parameters(current.architecture());
        step = start.step();
        loss = start.loss();
        squaredGradientNorm = start.squaredGradientNorm();
    }

    @Override
    public void evaluate() {
        loss = evaluator.evaluate(current, gradient);
        squaredGradientNorm = squaredNorm(gradient);
    }

    @Override
    public void advance() {
        previousLoss = loss;
        previousSquaredGradientNorm = squaredGradientNorm;
        Parameters next = previous == null ? new Parameters(current.architecture()) : previous;
        for (int layer = 1; layer <= current.architecture().depth(); layer++) {
            kernels.descend(
                    current.weights(layer).data, learningRate, gradient.weights(layer).data, next.weights(layer).data);
            kernels.descend(current.biases(layer), learningRate, gradient.biases(layer), next.biases(layer));
        }
        previous = current;
        current = next;
        step++;
    }

    @Override
    public void rest() {
        evaluator.rest();
        previous = null;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public double flowTime() {
        return learningRate * step;
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double squaredGradientNorm() {
        return squaredGradientNorm;
    }

    @Override
    public Parameters parameters() {
        return current;
    }

    @Override
    public boolean finite() {
        return Double.isFinite(loss)
                && Double.isFinite(squaredGradientNorm)
                && squaredNorm(current) <= LARGEST_NORM * LARGEST_NORM;
    }

    private double squaredNorm(Parameters parameters) {
        Arrays.fill(partialSums, 0);
        for (int layer = 1; layer <= parameters.architecture().depth(); layer++) {
            kernels.addSquares(parameters.weights(layer).data, partialSums);
            kernels.addSquares(parameters.biases(layer), partialSums);
        }
        return Kernels.total(partialSums);
    }

    @Override
    public DescentState state() {
        return new DescentState(step, flowTime(), loss, squaredGradientNorm, current.copy());
    }

    @Override
    public DescentState previousState() {
        if (previous == null) {
            throw new IllegalStateException("no step was taken, or it has rested since");
        }
        return new DescentState(
                step - 1, learningRate * (step - 1), previousLoss, previousSquaredGradientNorm, previous.copy());
    }
}
