package saddlefarm.theory;

import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Objective;
import saddlefarm.network.Parameters;

/**
 * The loss as it looks from the origin, {@code L0(θ) = Tr[Gᵀ Y_θ]}: its first-order term in the outputs there. Without
 * biases it is homogeneous of degree L in the weights (I. Bantzis, J. B. Simon, A. Jacot, <i>Saddle-To-Saddle Dynamics
 * in Deep ReLU Networks: Low-Rank Bias in the First Saddle Escape</i>, 2025).
 *
 * <p>As an {@link Objective} its targets are G, so that backpropagation starts from G at every point.
 */
public final class LocalizedLoss implements Objective {

    /**
     * {@code −L0(θ)/c^L} with c = ‖θ‖/√L: the speed of an escape direction, if θ were one, and below the greatest speed
     * of all of them wherever θ points.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     * @param weights θ ≠ 0, without biases
     */
    public static double speed(
            Loss loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels, Parameters weights) {
        var architecture = weights.architecture();
        PaddedMatrix slope = loss.gradientAtZero(targets, kernels);
        var localized = new Gradient(architecture, new LocalizedLoss(), inputs, slope, kernels);
        double drop = -localized.evaluate(weights, new Parameters(architecture));
        return drop / StrictMath.pow(EscapeLaw.size(weights), architecture.depth());
    }

    @Override
    public void evaluate(
            PaddedMatrix outputs,
            PaddedMatrix targets,
            int samples,
            Kernels kernels,
            PaddedMatrix delta,
            double[] partialSums) {
        double sum = 0;
        for (int n = 0; n < outputs.rows(); n++) {
            for (int j = 0; j < outputs.columns(); j++) {
                double slope = targets.get(n, j);
                delta.set(n, j, slope);
                sum += slope * outputs.get(n, j);
            }
        }
        partialSums[0] += sum;
    }

    @Override
    public double total(double[] partialSums, int samples) {
        return Kernels.total(partialSums);
    }

    @Override
    public void curvature(
            PaddedMatrix outputs, PaddedMatrix direction, int samples, Kernels kernels, PaddedMatrix product) {
        product.setZero();
    }
}
