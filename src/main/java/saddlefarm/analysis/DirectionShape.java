package saddlefarm.analysis;

import java.util.List;
import java.util.stream.IntStream;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Parameters;

/** How a direction in the space of parameters is spread over the layers, and how near each layer is to rank one. */
public final class DirectionShape {

    /**
     * A singular value below this part of the direction's length is 0: eigenvectors are not known more closely, and a
     * layer that a direction leaves alone would else have the ratio of what rounding put there.
     */
    private static final double NOTHING = 1e-6;

    private DirectionShape() {}

    /** The part of the square of the direction in each layer, weights and biases together; all 0 for 0. */
    public static List<Double> energies(Parameters direction) {
        double total = direction.squaredNorm();
        return IntStream.rangeClosed(1, direction.architecture().depth())
                .mapToObj(layer -> total == 0 ? 0.0 : square(direction, layer) / total)
                .toList();
    }

    /** σ_1/σ_2 of each layer's weights, ≥ 1; infinite where σ_2 is 0, or where there is no second one. */
    public static List<Double> ratios(Parameters direction, Kernels kernels) {
        double nothing = NOTHING * Math.sqrt(direction.squaredNorm());
        return IntStream.rangeClosed(1, direction.architecture().depth())
                .mapToObj(layer -> ratio(kernels.singularValues(direction.weights(layer)), nothing))
                .toList();
    }

    private static double square(Parameters direction, int layer) {
        return Vectors.squaredNorm(direction.weights(layer).data) + Vectors.squaredNorm(direction.biases(layer));
    }

    private static double ratio(double[] values, double nothing) {
        return values.length < 2 || values[1] <= nothing ? Double.POSITIVE_INFINITY : values[0] / values[1];
    }
}
