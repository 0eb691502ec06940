package saddlefarm.network;

import java.util.Arrays;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/** ∂C/∂θ while it is summed over samples, in ascending order whatever the panels. */
final class PackedGradient {

    private final Kernels kernels;
    private final PaddedMatrix[] weights;
    private final double[][] biases;

    PackedGradient(Architecture architecture, Kernels kernels) {
        this.kernels = kernels;
        int depth = architecture.depth();
        weights = new PaddedMatrix[depth];
        biases = new double[depth][];
        for (int layer = 1; layer <= depth; layer++) {
            weights[layer - 1] = new PaddedMatrix(architecture.outputs(layer), architecture.inputs(layer));
            biases[layer - 1] = new double[architecture.bias() ? architecture.outputs(layer) : 0];
        }
    }

    void setZero() {
        for (int l = 0; l < weights.length; l++) {
            weights[l].setZero();
            Arrays.fill(biases[l], 0);
        }
    }

    /** Adds {@code deltaᵀ activation} to layer ℓ's weights. */
    void addWeights(int layer, PaddedMatrix delta, PaddedMatrix activation) {
        kernels.transposedMultiplyAdd(delta, activation, weights[layer - 1]);
    }

    /** Adds the rows of delta to layer ℓ's biases, if it has some. */
    void addBiases(int layer, PaddedMatrix delta) {
        if (biases[layer - 1].length > 0) {
            delta.addRowsTo(biases[layer - 1]);
        }
    }

    void copyTo(Parameters gradient) {
        for (int layer = 1; layer <= weights.length; layer++) {
            weights[layer - 1].copyTo(gradient.weights(layer));
            System.arraycopy(biases[layer - 1], 0, gradient.biases(layer), 0, biases[layer - 1].length);
        }
    }
}
