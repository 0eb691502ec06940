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
    /** Loss, gradient or parameters left the bounds of finite numbers. */
    DIVERGED;

    /** Whether the run ended because it had arrived somewhere, and not because its budget was spent. */
    public boolean converged() {
        return this == LOSS || this == GRADIENT_NORM;
    }
}
