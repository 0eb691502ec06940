package saddlefarm.descent;

import saddlefarm.network.Parameters;

/**
 * An evaluated state of a descent, from which it can go on bit for bit. Immutable: nobody writes to its parameters.
 *
 * @param step steps taken, ≥ 0
 * @param flowTime t ≥ 0
 * @param loss C
 * @param squaredGradientNorm |∇C|²
 * @param parameters θ
 */
public record DescentState(long step, double flowTime, double loss, double squaredGradientNorm, Parameters parameters) {

    /** The start of a trajectory, not evaluated yet. */
    public static DescentState initial(Parameters parameters) {
        return new DescentState(0, 0, Double.NaN, Double.NaN, parameters);
    }
}
