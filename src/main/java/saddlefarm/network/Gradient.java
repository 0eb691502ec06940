package saddlefarm.network;

import java.util.Arrays;
import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * The loss of a network on a full batch, and its gradient by backpropagation. Owns the memory for that: one thread at a
 * time. No call allocates.
 */
public final class Gradient {

    private final Objective loss;
    private final int samples;
    private final PackedWeights weights;
    private final PackedGradient sum;
    private final Panel[] panels;
    private final double[] partialSums = new double[PaddedMatrix.BLOCK];

    /**
     * @param inputs X, [N × n_0], a sample a row; read, never written
     * @param targets T, [N × n_L]; read, never written
     */
    public Gradient(
            Architecture architecture, Objective loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        requireFit(architecture, inputs, targets);
        this.loss = loss;
        samples = inputs.rows();
        weights = new PackedWeights(architecture);
        sum = new PackedGradient(architecture, kernels);
        List<Panel> divided = Panel.sharing(architecture, kernels, inputs, targets);
        panels = divided.toArray(Panel[]::new);
    }

    static void requireFit(Architecture architecture, PaddedMatrix inputs, PaddedMatrix targets) {
        if (inputs.columns() != architecture.inputs(1)
                || targets.columns() != architecture.outputs(architecture.depth())
                || inputs.rows() != targets.rows()) {
            throw new IllegalArgumentException(
                    "a network of widths %s cannot map %d samples of %d inputs to %d of %d outputs"
                            .formatted(
                                    architecture.widths(),
                                    inputs.rows(),
                                    inputs.columns(),
                                    targets.rows(),
                                    targets.columns()));
        }
    }

    /** The loss; sets {@code gradient} to ∂C/∂θ. */
    public double evaluate(Parameters parameters, Parameters gradient) {
        weights.set(parameters);
        sum.setZero();
        Arrays.fill(partialSums, 0);
        for (Panel panel : panels) {
            panel.forward(weights);
            panel.evaluate(loss, samples, partialSums);
            panel.backward(weights, sum);
        }
        sum.copyTo(gradient);
        return loss.total(partialSums, samples);
    }
}
