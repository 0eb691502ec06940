package saddlefarm.network;

import java.util.Arrays;
import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * The memory in which the gradients of one network on one task are computed. Nothing is kept in it from one gradient to
 * the next: whoever computes needs one, and one thread at a time.
 */
final class Workspace {

    private final Architecture architecture;
    private final PaddedMatrix inputs;
    private final PaddedMatrix targets;
    private final Kernels kernels;
    private final PackedWeights weights;
    private final PackedGradient sum;
    private final Panel[] panels;
    private final double[] partialSums = new double[PaddedMatrix.BLOCK];

    Workspace(Architecture architecture, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        this.architecture = architecture;
        this.inputs = inputs;
        this.targets = targets;
        this.kernels = kernels;
        weights = new PackedWeights(architecture);
        sum = new PackedGradient(architecture, kernels);
        List<Panel> divided = Panel.sharing(architecture, kernels, inputs, targets);
        panels = divided.toArray(Panel[]::new);
    }

    long bytes() {
        return Workspaces.bytes(architecture, inputs.rows());
    }

    /** Whether it is for this network, with these very matrices and kernels. */
    boolean serves(Architecture network, PaddedMatrix x, PaddedMatrix t, Kernels k) {
        return inputs == x && targets == t && kernels == k && architecture.equals(network);
    }

    /** The loss; sets {@code gradient} to ∂C/∂θ. */
    double evaluate(Objective loss, Parameters parameters, Parameters gradient) {
        weights.set(parameters);
        sum.setZero();
        Arrays.fill(partialSums, 0);
        for (Panel panel : panels) {
            panel.forward(weights);
            panel.evaluate(loss, inputs.rows(), partialSums);
            panel.backward(weights, sum);
        }
        sum.copyTo(gradient);
        return loss.total(partialSums, inputs.rows());
    }
}
