package saddlefarm.theory;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.SingularValues;
import saddlefarm.linalg.Vectors;

/**
 * One layer of an escape direction beside what is known of optimal ones: σ_1/σ_2 ≥ ℓ^{1/4}, and a tail of order
 * ℓ^{−1/2}, in all but finitely many first layers (I. Bantzis, J. B. Simon, A. Jacot, 2025).
 *
 * @param layer ℓ, from 1 at the inputs
 * @param norm ‖W_ℓ‖_F
 * @param singularValues of W_ℓ, descending, at least one
 */
public record EscapeLayer(int layer, double norm, List<Double> singularValues) {

    /** A singular value below this part of the largest one is 0 but for rounding. */
    private static final double ROUNDING = 1e-13;

    public EscapeLayer {
        singularValues = List.copyOf(singularValues);
    }

    static EscapeLayer of(int layer, DMatrixRMaj weights) {
        var values = SingularValues.of(weights);
        return new EscapeLayer(
                layer, Vectors.norm(weights.data), Arrays.stream(values).boxed().toList());
    }

    /** σ_1/σ_2; infinite in a layer of rank one. */
    public double ratio() {
        double first = singularValues.get(0);
        double second = singularValues.size() < 2 ? 0 : singularValues.get(1);
        return second <= ROUNDING * first ? Double.POSITIVE_INFINITY : first / second;
    }

    /** ℓ^{1/4}. */
    public double bound() {
        return Math.sqrt(Math.sqrt(layer));
    }

    /** Whether σ_1/σ_2 ≥ ℓ^{1/4}; layers of two equal values, which layer 1 may have, are not lost to rounding. */
    public boolean withinBound() {
        return ratio() >= bound() * (1 - 1e-9);
    }

    /** {@code Σ_{i≥2} σ_i² / Σ σ_i²}, the part of the energy that is not of rank one. */
    public double tail() {
        double tail = 0;
        for (int i = singularValues.size() - 1; i > 0; i--) {
            tail += singularValues.get(i) * singularValues.get(i);
        }
        return tail / (tail + singularValues.get(0) * singularValues.get(0));
    }

    /** The tail times √ℓ, which stays below a constant when tails are of order ℓ^{−1/2}. */
    public double scaledTail() {
        return tail() * Math.sqrt(layer);
    }
}
