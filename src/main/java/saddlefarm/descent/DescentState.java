package saddlefarm.descent;

import org.jspecify.annotations.Nullable;
import saddlefarm.network.Parameters;

/**
 * A state of a descent, from which it can go on bit for bit; evaluated, but for the beginning of a trajectory.
 * Immutable: nobody writes to its parameters.
 *
 * @param step steps taken, ≥ 0
 * @param flowTime t ≥ 0
 * @param loss C
 * @param squaredGradientNorm |∇C|²
 * @param parameters θ
 * @param memory what gradient flow knows besides; null for gradient descent, and before the first evaluation
 */
public record DescentState(
        long step,
        double flowTime,
        double loss,
        double squaredGradientNorm,
        Parameters parameters,
        @Nullable FlowMemory memory) {

    /** A state of a descent that needs no memory. */
    public DescentState(long step, double flowTime, double loss, double squaredGradientNorm, Parameters parameters) {
        this(step, flowTime, loss, squaredGradientNorm, parameters, null);
    }

    /** The start of a trajectory, not evaluated yet. */
    public static DescentState initial(Parameters parameters) {
        return beginning(0, 0, parameters);
    }

    /** The start of a trajectory that branches off from another, not evaluated yet. */
    public static DescentState beginning(long step, double flowTime, Parameters parameters) {
        return new DescentState(step, flowTime, Double.NaN, Double.NaN, parameters);
    }

    /** Whether loss and gradient are known. */
    public boolean evaluated() {
        return !Double.isNaN(loss);
    }

    /** How often ∇C was evaluated on the way here; null where every step is one evaluation. */
    public @Nullable Long evaluations() {
        return memory == null ? null : Long.valueOf(memory.evaluations());
    }
}
