package saddlefarm.network;

import saddlefarm.linalg.PaddedMatrix;

/** The weights of one network as the products of backpropagation read them, row by row in either direction. */
final class PackedWeights {

    private final PaddedMatrix[] forward;
    private final PaddedMatrix[] backward;
    private final double[][] biases;

    PackedWeights(Architecture architecture) {
        int depth = architecture.depth();
        forward = new PaddedMatrix[depth];
        backward = new PaddedMatrix[depth];
        biases = new double[depth][];
        for (int layer = 1; layer <= depth; layer++) {
            int in = architecture.inputs(layer);
            int out = architecture.outputs(layer);
            forward[layer - 1] = new PaddedMatrix(in, out);
            // Nothing goes back beyond layer 1.
            backward[layer - 1] = layer == 1 ? new PaddedMatrix(0, in) : new PaddedMatrix(out, in);
            biases[layer - 1] = new double[0];
        }
    }

    /** Takes over the weights of a network, which must not change while these are used. */
    void set(Parameters parameters) {
        for (int layer = 1; layer <= forward.length; layer++) {
            forward[layer - 1].setTransposed(parameters.weights(layer));
            if (layer > 1) {
                backward[layer - 1].set(parameters.weights(layer));
            }
            biases[layer - 1] = parameters.biases(layer);
        }
    }

    /** W_ℓᵀ, [in × out]. */
    PaddedMatrix forward(int layer) {
        return forward[layer - 1];
    }

    /** W_ℓ, [out × in], ℓ > 1. */
    PaddedMatrix backward(int layer) {
        return backward[layer - 1];
    }

    /** Empty in a network without biases. */
    double[] biases(int layer) {
        return biases[layer - 1];
    }
}
