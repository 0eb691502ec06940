package saddlefarm.network;

import java.util.List;

/**
 * The shape of a feed-forward network {@code Y = W_L s(W_{L−1} … s(W_1 X))}.
 *
 * @param widths n_0 (inputs) to n_L (outputs), at least two, each ≥ 1
 * @param activation s, after every layer but the last
 * @param bias whether each layer ℓ adds a vector of n_ℓ biases
 */
public record Architecture(List<Integer> widths, Activation activation, boolean bias) {

    public Architecture {
        widths = List.copyOf(widths);
        if (widths.size() < 2) {
            throw new IllegalArgumentException("a network has at least two widths but was given " + widths);
        }
        for (int width : widths) {
            if (width < 1) {
                throw new IllegalArgumentException("widths must be at least 1 but were " + widths);
            }
        }
    }

    /** L, the number of weight matrices. */
    public int depth() {
        return widths.size() - 1;
    }

    /** n_{ℓ−1}, the columns of W_ℓ; layers count from 1. */
    public int inputs(int layer) {
        return widths.get(layer - 1);
    }

    /** n_ℓ, the rows of W_ℓ; layers count from 1. */
    public int outputs(int layer) {
        return widths.get(layer);
    }

    /** Σ n_ℓ over the layers, the inputs not among them. */
    public int neurons() {
        int count = 0;
        for (int layer = 1; layer <= depth(); layer++) {
            count += outputs(layer);
        }
        return count;
    }

    /** How many singular values W_ℓ has. */
    public int singularValues(int layer) {
        return Math.min(inputs(layer), outputs(layer));
    }

    /** P, the number of weights and biases. */
    public int parameters() {
        long count = 0;
        for (int layer = 1; layer <= depth(); layer++) {
            count += (long) outputs(layer) * (inputs(layer) + (bias ? 1 : 0));
        }
        return Math.toIntExact(count);
    }
}
