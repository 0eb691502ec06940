package saddlefarm.network;

import java.util.ArrayList;
import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * Some of the samples on their way through a network and back: few enough for all of it to stay in the processor's
 * cache. No result depends on how the samples are divided.
 */
final class Panel {

    /** Elements of all activations and deltas of a panel together, a mebibyte. */
    private static final int ELEMENTS = 1 << 17;

    /** Rows go through the kernels by eights. */
    private static final int TILE = 8;

    private final Architecture architecture;
    private final Kernels kernels;
    private final PaddedMatrix targets;
    private final PaddedMatrix[] activations;
    private final PaddedMatrix[] deltas;

    private Panel(
            Architecture architecture,
            Kernels kernels,
            PaddedMatrix targets,
            PaddedMatrix[] activations,
            PaddedMatrix[] deltas) {
        this.architecture = architecture;
        this.kernels = kernels;
        this.targets = targets;
        this.activations = activations;
        this.deltas = deltas;
    }

    /** How many samples a panel of such a network has at most. */
    static int samples(Architecture architecture) {
        return Math.max(TILE, ELEMENTS / (2 * architecture.neurons()) & -TILE);
    }

    /**
     * Panels that follow each other in the same memory.
     *
     * @param activations a matrix for each layer, with as many rows as a panel has at most; so are deltas
     */
    static List<Panel> sharing(
            Architecture architecture,
            Kernels kernels,
            PaddedMatrix inputs,
            PaddedMatrix targets,
            PaddedMatrix[] activations,
            PaddedMatrix[] deltas) {
        return in(architecture, kernels, inputs, targets, activations[0].rows(), activations, deltas);
    }

    /** Panels that keep what they computed. */
    static List<Panel> keeping(Architecture architecture, Kernels kernels, PaddedMatrix inputs, PaddedMatrix targets) {
        return keeping(architecture, kernels, inputs, targets, samples(architecture));
    }

    /** @param most samples of a panel */
    static List<Panel> keeping(
            Architecture architecture, Kernels kernels, PaddedMatrix inputs, PaddedMatrix targets, int most) {
        PaddedMatrix[] activations = layers(architecture, inputs.rows());
        PaddedMatrix[] deltas = layers(architecture, inputs.rows());
        return in(architecture, kernels, inputs, targets, most, activations, deltas);
    }

    private static List<Panel> in(
            Architecture architecture,
            Kernels kernels,
            PaddedMatrix inputs,
            PaddedMatrix targets,
            int most,
            PaddedMatrix[] activations,
            PaddedMatrix[] deltas) {
        boolean share = activations[0].rows() < inputs.rows();
        var panels = new ArrayList<Panel>();
        for (int from = 0; from < inputs.rows(); from += most) {
            int count = Math.min(most, inputs.rows() - from);
            int at = share ? 0 : from;
            PaddedMatrix[] own = rows(activations, at, count);
            own[0] = inputs.rows(from, count);
            panels.add(new Panel(architecture, kernels, targets.rows(from, count), own, rows(deltas, at, count)));
        }
        return panels;
    }

    /** A matrix for each layer but layer 0, whose rows are no samples. */
    static PaddedMatrix[] layers(Architecture architecture, int samples) {
        var layers = new PaddedMatrix[architecture.depth() + 1];
        layers[0] = new PaddedMatrix(samples, 0);
        for (int layer = 1; layer < layers.length; layer++) {
            layers[layer] = new PaddedMatrix(samples, architecture.outputs(layer));
        }
        return layers;
    }

    static PaddedMatrix[] rows(PaddedMatrix[] layers, int from, int count) {
        var rows = new PaddedMatrix[layers.length];
        for (int layer = 0; layer < layers.length; layer++) {
            rows[layer] = layers[layer].rows(from, count);
        }
        return rows;
    }

    int samples() {
        return targets.rows();
    }

    /** Y of these samples at the last {@link #forward}. */
    PaddedMatrix outputs() {
        return activations[architecture.depth()];
    }

    /** s(…) after layer ℓ, [samples × n_ℓ]; layer 0 is the inputs. */
    PaddedMatrix activation(int layer) {
        return activations[layer];
    }

    /** ∂C/∂(W_ℓ A_{ℓ−1}), [samples × n_ℓ]; that of the last layer is for the loss to set. */
    PaddedMatrix delta(int layer) {
        return deltas[layer];
    }

    /** Computes the activations. */
    void forward(PackedWeights weights) {
        int depth = architecture.depth();
        for (int layer = 1; layer <= depth; layer++) {
            PaddedMatrix z = activations[layer];
            if (architecture.bias()) {
                z.setRows(weights.biases(layer));
                kernels.multiplyAdd(activations[layer - 1], weights.forward(layer), z);
            } else {
                kernels.multiply(activations[layer - 1], weights.forward(layer), z);
            }
            if (layer < depth && architecture.activation() == Activation.RELU) {
                kernels.relu(z);
            }
        }
    }

    /** Sets the last layer's delta, and adds these samples' part of the loss. */
    void evaluate(Objective loss, int allSamples, double[] partialSums) {
        loss.evaluate(outputs(), targets, allSamples, kernels, deltas[architecture.depth()], partialSums);
    }

    /** Computes the deltas from the last layer's, and adds what these samples contribute to the gradient. */
    void backward(PackedWeights weights, PackedGradient gradient) {
        for (int layer = architecture.depth(); layer >= 1; layer--) {
            gradient.addWeights(layer, deltas[layer], activations[layer - 1]);
            gradient.addBiases(layer, deltas[layer]);
            if (layer > 1) {
                kernels.multiply(deltas[layer], weights.backward(layer), deltas[layer - 1]);
                maskBelow(layer, deltas[layer - 1]);
            }
        }
    }

    /** Multiplies by the derivative of the activation below layer ℓ. */
    void maskBelow(int layer, PaddedMatrix delta) {
        if (architecture.activation() == Activation.RELU) {
            kernels.mask(activations[layer - 1], delta);
        }
    }
}
