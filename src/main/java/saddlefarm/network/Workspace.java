package saddlefarm.network;

import java.util.Arrays;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * The memory in which the gradients of one network on so many samples are computed. Nothing is kept in it from one
 * gradient to the next, and nobody's task: whoever computes needs one, and one thread at a time.
 */
final class Workspace {

    private final Architecture architecture;
    private final int samples;
    private final Kernels kernels;
    private final PackedWeights weights;
    private final PackedGradient sum;
    private final PaddedMatrix[] activations;
    private final PaddedMatrix[] deltas;
    private final double[] partialSums = new double[PaddedMatrix.BLOCK];
    // of the task that is computed on; none while nobody computes, for an idle memory must not hold a task
    private Panel[] panels = {};

    Workspace(Architecture architecture, int samples, Kernels kernels) {
        this.architecture = architecture;
        this.samples = samples;
        this.kernels = kernels;
        weights = new PackedWeights(architecture);
        sum = new PackedGradient(architecture, kernels);
        int most = Math.min(Panel.samples(architecture), samples);
        activations = Panel.layers(architecture, most);
        deltas = Panel.layers(architecture, most);
    }

    long bytes() {
        return Workspaces.bytes(architecture, samples);
    }

    /** Whether it is for this network, so many samples, and these very kernels. */
    boolean serves(Architecture network, int rows, Kernels k) {
        return samples == rows && kernels == k && architecture.equals(network);
    }

    /** Takes up a task. */
    void begin(PaddedMatrix inputs, PaddedMatrix targets) {
        panels = Panel.sharing(architecture, kernels, inputs, targets, activations, deltas)
                .toArray(Panel[]::new);
    }

    /** Lets go of the task. */
    void end() {
        panels = new Panel[0];
    }

    /** The loss; sets {@code gradient} to ∂C/∂θ. */
    double evaluate(Objective loss, Parameters parameters, Parameters gradient) {
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
