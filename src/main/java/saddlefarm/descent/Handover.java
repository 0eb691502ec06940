package saddlefarm.descent;

/**
 * When gradient flow hands over to gradient descent, and when it takes over again. Immutable.
 *
 * <p>Where trajectories contract, which shows in a falling gradient, errors are forgotten, and an accuracy that is paid
 * for with rejected steps buys nothing. There the kinks of ReLU reject many. So at the end of every window of Chebyshev
 * steps descent takes over if the gradient has fallen, a quarter as many steps were rejected as accepted, and descent
 * is cheaper. It is given a leg of steps, twice as many each time it is tried in a row, and gives back at once when the
 * gradient rises: a saddle is being left.
 *
 * @param steps accepted in the window so far
 * @param rejected in the window so far
 * @param evaluations in the window so far
 * @param time that the window has covered
 * @param square |∇C|² at the window's beginning; during a leg the least since then
 * @param leg steps of gradient descent when it takes over next
 * @param left of the leg that is going on; 0 when there is none
 */
public record Handover(int steps, int rejected, long evaluations, double time, double square, long leg, long left) {

    /** Accepted Chebyshev steps of a window. */
    static final int WINDOW = 20;

    /** Steps of the first leg. */
    static final long FIRST_LEG = 100;

    /** η of gradient descent times the sharpness: well inside its stability, which ends at 2. */
    public static final double RATE = 0.3;

    /** Steps of gradient descent after which the sharpness is measured again. */
    static final int SHARPNESS_AGE = 100;

    /** By how much |∇C|² rises above its least when a saddle is being left, and not by rounding. */
    private static final double RISE = 1.2;

    /** Before the first step. */
    static final Handover NONE = new Handover(0, 0, 0, 0, 0, FIRST_LEG, 0);

    /** Whether the next step is gradient descent's. */
    boolean descending() {
        return left > 0;
    }

    /**
     * After an accepted Chebyshev step.
     *
     * @param before |∇C|² where it began
     * @param after |∇C|² where it ended
     * @param spent evaluations, those of rejected attempts among them
     * @param sharpness λ_max
     */
    Handover afterFlow(double h, double before, double after, int attemptsRejected, long spent, double sharpness) {
        var window = new Handover(
                steps + 1,
                rejected + attemptsRejected,
                evaluations + spent,
                time + h,
                steps == 0 ? before : square,
                leg,
                0);
        if (window.steps < WINDOW) {
            return window;
        }
        boolean takeOver = after < window.square
                && 4 * window.rejected >= window.steps
                && window.evaluations > window.time * sharpness / RATE;
        return takeOver ? new Handover(0, 0, 0, 0, after, 2 * leg, leg) : NONE;
    }

    /**
     * After a step of gradient descent.
     *
     * @param after |∇C|² where it ended
     */
    Handover afterDescent(double after) {
        long remaining = after > RISE * square ? 0 : left - 1;
        return new Handover(0, 0, 0, 0, Math.min(square, after), leg, remaining);
    }
}
