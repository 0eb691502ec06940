package saddlefarm.descent;

/**
 * When gradient flow hands over to gradient descent, and when it takes over again. Immutable.
 *
 * <p>Where trajectories slide along the kinks of ReLU, each step crosses one, its error is of first order like those of
 * descent, and the tolerance is met only by steps far shorter than descent's. Towards a minimum, where errors are
 * forgotten, this buys nothing. So at the end of a window of Chebyshev steps descent takes over if the flow is stiff
 * ({@code λ_max t > 10}, which it never is at the origin), if the gradient has fallen, if a quarter as many steps were
 * rejected as accepted, and if they cost ten times as much as descent's for the same time. It is given a leg of a tenth
 * of the time so far, and gives back before when the gradient rises: there a saddle is being left.
 *
 * @param steps accepted in the window so far
 * @param rejected in the window so far
 * @param evaluations in the window so far
 * @param time that the window has covered
 * @param square |∇C|² where the window began; during a leg the least of it
 * @param leg t at which descent gives back at the latest; 0 when it has not taken over
 */
public record Handover(int steps, int rejected, long evaluations, double time, double square, double leg) {

    /** Before the first step. */
    static final Handover NONE = new Handover(0, 0, 0, 0, 0, 0);

    /** Accepted Chebyshev steps of a window. */
    static final int WINDOW = 20;

    /** η of gradient descent times the sharpness: a chatter at the kinks that leaves the later course what it was. */
    static final double RATE = 0.1;

    /** Steps of gradient descent after which the sharpness is measured again. */
    static final int SHARPNESS_AGE = 100;

    private static final double STIFF = 10;
    private static final double DEARER = 10;

    /** By how much t grows in a leg. */
    private static final double LEG = 1.1;

    /** By how much |∇C|² rises above its least when it rises, and not by chattering at a kink. */
    private static final double RISE = 1.2;

    /** Whether the next step is gradient descent's. */
    boolean descending() {
        return leg > 0;
    }

    /**
     * After an accepted Chebyshev step h.
     *
     * @param attempts that were rejected before it
     * @param spent evaluations, those of the rejected attempts among them
     * @param before |∇C|² where it began
     * @param after |∇C|² where it ended
     * @param flowTime t there
     * @param sharpness λ_max
     */
    Handover afterFlow(
            double h, int attempts, long spent, double before, double after, double flowTime, double sharpness) {
        var window = new Handover(
                steps + 1, rejected + attempts, evaluations + spent, time + h, steps == 0 ? before : square, 0);
        if (window.steps < WINDOW) {
            return window;
        }
        boolean takesOver = sharpness * flowTime > STIFF
                && after < window.square
                && 4 * window.rejected >= window.steps
                && window.evaluations > DEARER * window.time * sharpness / RATE;
        return takesOver ? new Handover(0, 0, 0, 0, after, LEG * flowTime) : NONE;
    }

    /** After a step of gradient descent, with t and |∇C|² where it ended. */
    Handover afterDescent(double flowTime, double squaredGradientNorm) {
        if (flowTime >= leg || squaredGradientNorm > RISE * square) {
            return NONE;
        }
        return new Handover(0, 0, 0, 0, Math.min(square, squaredGradientNorm), leg);
    }
}
