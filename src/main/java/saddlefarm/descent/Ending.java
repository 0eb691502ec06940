package saddlefarm.descent;

/** Why a run ended. */
public enum Ending {
    /** Took its greatest number of steps. */
    MAX_STEPS,
    /** Reached its greatest flow time. */
    MAX_FLOW_TIME,
    /** The loss fell to its criterion. */
    LOSS,
    /** The gradient's norm fell to its criterion. */
    GRADIENT_NORM,
    /** Left as many plateaus as were asked for. */
    AFTER_ESCAPES,
    /** Reached the rank that was asked for. */
    RANK,
    /** Came to a point whose gradient is small and whose Hessian certifies a minimum. */
    MINIMUM,
    /** Rests on a plateau whose predicted escape is far beyond the budget. */
    BEYOND_BUDGET,
    /** Loss, gradient or parameters left the bounds of finite numbers. */
    DIVERGED;

    /** Whether the run ended because it had arrived somewhere, and not because its budget was spent. */
    public boolean converged() {
        return this == LOSS || this == GRADIENT_NORM || this == MINIMUM;
    }
}
