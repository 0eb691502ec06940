package saddlefarm.network;

import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * The loss of a network on a full batch, and its gradient by backpropagation. One thread at a time. Only the first
 * call, and the first after {@link #rest()}, allocates.
 */
public final class Gradient {

    private final Architecture architecture;
    private final Objective loss;
    private final PaddedMatrix inputs;
    private final PaddedMatrix targets;
    private final Kernels kernels;
    private final Workspaces workspaces;
    private @Nullable Workspace workspace;

    /** A gradient with memory of its own. */
    public Gradient(
            Architecture architecture, Objective loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        this(architecture, loss, inputs, targets, kernels, new Workspaces(1, 0));
    }

    /**
     * @param inputs X, [N × n_0], a sample a row; read, never written
     * @param targets T, [N × n_L]; read, never written
     * @param workspaces where memory comes from when it computes, and goes to when it rests
     */
    public Gradient(
            Architecture architecture,
            Objective loss,
            PaddedMatrix inputs,
            PaddedMatrix targets,
            Kernels kernels,
            Workspaces workspaces) {
        requireFit(architecture, inputs, targets);
        this.architecture = architecture;
        this.loss = loss;
        this.inputs = inputs;
        this.targets = targets;
        this.kernels = kernels;
        this.workspaces = workspaces;
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
        Workspace memory = workspace;
        if (memory == null) {
            memory = workspaces.take(architecture, inputs, targets, kernels);
            workspace = memory;
        }
        return memory.evaluate(loss, parameters, gradient);
    }

    /** Gives the memory back until the next evaluation. */
    public void rest() {
        if (workspace != null) {
            workspaces.give(workspace);
            workspace = null;
        }
    }
}
