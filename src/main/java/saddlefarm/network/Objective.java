package saddlefarm.network;

import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * A number that depends on a network through its outputs Y alone, summed over samples: what {@link Gradient} and
 * {@link Hessian} differentiate. Outputs and targets are [N × width], a sample a row.
 *
 * <p>Its sum is kept in eight parts, so that it can go on from panel to panel in an order that no panel changes.
 */
public interface Objective {

    /**
     * Sets delta to ∂C/∂Y for some of the samples, and adds their part of the objective to eight sums.
     *
     * @param samples N, of the whole batch
     */
    void evaluate(
            PaddedMatrix outputs,
            PaddedMatrix targets,
            int samples,
            Kernels kernels,
            PaddedMatrix delta,
            double[] partialSums);

    /**
     * ∂C/∂Y where the outputs are 0: −T/N for the mean squared error, (1/n_L − T)/N for the cross-entropy.
     *
     * @param targets T, [N × n_L]
     * @return [N × n_L]
     */
    default PaddedMatrix gradientAtZero(PaddedMatrix targets, Kernels kernels) {
        var outputs = new PaddedMatrix(targets.rows(), targets.columns());
        var gradient = new PaddedMatrix(targets.rows(), targets.columns());
        evaluate(outputs, targets, targets.rows(), kernels, gradient, new double[PaddedMatrix.BLOCK]);
        return gradient;
    }

    /** C from the sums over all panels. */
    double total(double[] partialSums, int samples);

    /**
     * {@code product = (∂²C/∂Y²) direction} for some of the samples.
     *
     * @param samples N, of the whole batch
     */
    void curvature(PaddedMatrix outputs, PaddedMatrix direction, int samples, Kernels kernels, PaddedMatrix product);
}
