package saddlefarm.network;

import saddlefarm.linalg.RandomStream;

/** Where training starts. */
public final class Initialization {

    private Initialization() {}

    /** {@code W_ℓ ~ N(0, α²/n_{ℓ−1})}, drawn layer by layer and row by row; biases 0. */
    public static Parameters gaussian(Architecture architecture, double scale, RandomStream random) {
        var parameters = new Parameters(architecture);
        for (int layer = 1; layer <= architecture.depth(); layer++) {
            double deviation = scale / Math.sqrt(architecture.inputs(layer));
            double[] weights = parameters.weights(layer).data;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = deviation * random.nextGaussian();
            }
        }
        return parameters;
    }

    /**
     * The least scale α at which the first gradients of a network of depth L still have a square that a double holds:
     * their norm is of the order α^{L−1}.
     */
    public static double leastScale(int depth) {
        return depth == 1 ? Double.MIN_NORMAL : StrictMath.pow(10, -140.0 / (depth - 1));
    }
}
