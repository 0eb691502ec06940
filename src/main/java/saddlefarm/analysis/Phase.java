package saddlefarm.analysis;

/**
 * Whether a descent lingers or moves, by {@code q = t |∇C|²/C}, which under gradient flow is −d log C/d log t: no
 * differences of noisy numbers.
 */
public enum Phase {
    /** Little of the loss goes while time doubles. */
    PLATEAU,
    /** The loss falls at the pace of time or faster. */
    ESCAPE;

    /** q below which a plateau begins. */
    static final double SLOW = 0.5;

    /** q above which a plateau ends. */
    static final double FAST = 1;

    /** The part of the initial loss below which rounding rules and phases mean nothing. */
    static final double LOSS_FLOOR = 1e-10;

    /** The phase after a step, by hysteresis; unchanged once the loss is below its floor. */
    Phase next(double flowTime, double loss, double squaredGradientNorm, double initialLoss) {
        if (loss < LOSS_FLOOR * initialLoss) {
            return this;
        }
        double pace = flowTime * squaredGradientNorm / loss;
        if (this == PLATEAU) {
            return pace > FAST ? ESCAPE : PLATEAU;
        }
        return pace < SLOW ? PLATEAU : ESCAPE;
    }
}
