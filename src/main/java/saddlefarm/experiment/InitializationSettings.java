package saddlefarm.experiment;

import java.util.List;

/** Where the weights start. */
public sealed interface InitializationSettings {

    /** {@code W_ℓ ~ N(0, α²/n_{ℓ−1})} with α = {@code scale} > 0. */
    record Gaussian(double scale, long seed) implements InitializationSettings {}

    /** A text matrix [out × in] a layer; biases are 0. */
    record Files(List<InputFile> weights) implements InitializationSettings {
        public Files {
            weights = List.copyOf(weights);
        }
    }
}
