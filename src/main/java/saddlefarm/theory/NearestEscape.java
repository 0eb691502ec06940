package saddlefarm.theory;

import java.util.List;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Parameters;

/**
 * The escape direction of the origin to which the direction that a run left in ascends.
 *
 * @param speed its own
 * @param residual of its stationarity, see {@link EscapeDirection#residual()}
 * @param cosine between the run's direction and it
 * @param ratios σ_1/σ_2 of each of its layers, the first layer first; infinite in a layer of rank one
 */
public record NearestEscape(double speed, double residual, double cosine, List<Double> ratios) {

    public NearestEscape {
        ratios = List.copyOf(ratios);
    }

    /** @param left θ when the run left the origin */
    static NearestEscape of(EscapeDirection direction, Parameters left) {
        double product = Vectors.dot(left.toVector(), direction.weights().toVector());
        return new NearestEscape(
                direction.speed(),
                direction.residual(),
                product / Math.sqrt(left.squaredNorm() * direction.depth()),
                direction.layers().stream().map(EscapeLayer::ratio).toList());
    }
}
