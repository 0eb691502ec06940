package saddlefarm.descent;

/**
 * When gradient flow hands over to gradient descent, and when it takes over again. Immutable.
 *
 * <p>Where trajectories contract, errors are forgotten, and an accuracy that is paid for with rejected steps buys
 * nothing. That is so at the end of a training, in which the kinks of ReLU reject many steps. So at the end of a window
 * of Chebyshev steps descent takes over if all through it the loss has fallen at the pace of time ({@code t |∇C|²/C >
 * 1}), if a quarter as many steps were rejected as accepted, if descent is cheaper, and if nothing in the Hessian leads
 * away, which is looked at last because it costs most. It is given a leg of a tenth of the time so far, and gives back
 * before when the loss slows down or the gradient rises: there would be a saddle, where its errors would tell in the
 * time of the escape.
 *
 * @param steps accepted in the window so far
 * @param rejected in the window so far
 * @param evaluations in the window so far
 * @param time that the window has covered
 * @param converging whether the loss has fallen at the pace of time all through the window
 * @param square during a leg, the least |∇C|² of it
 * @param leg t at which descent gives back at the latest; 0 when it has not taken over
 * @param notBefore t before which the Hessian is not looked at again
 */
public record Handover(
        int steps,
        int rejected,
        long evaluations,
        double time,
        boolean converging,
        double square,
        double leg,
        double notBefore) {

    /** Before the first step. */
    static final Handover NONE = window(0);

    /** Accepted Chebyshev steps of a window. */
    static final int WINDOW = 20;

    /** η of gradient descent times the sharpness: well inside its stability, which ends at 2. */
    public static final double RATE = 0.3;

    /** Steps of gradient descent after which the sharpness is measured again. */
    static final int SHARPNESS_AGE = 100;

    /** −λ_min t from which on a direction leads away in a time that matters. */
    static final double UNSTABLE = 0.1;

    /** By how much t grows in a leg, and between two looks at the Hessian. */
    private static final double LEG = 1.1;

    /** By how much |∇C|² rises above its least when it rises, and not by rounding. */
    private static final double RISE = 1.2;

    /** t |∇C|²/C, which is −d log C/d log t, below which descent gives back. */
    private static final double SLOW = 0.5;

    private static Handover window(double notBefore) {
        return new Handover(0, 0, 0, 0, true, 0, 0, notBefore);
    }

    /** Whether the next step is gradient descent's. */
    boolean descending() {
        return leg > 0;
    }

    /**
     * After an accepted Chebyshev step h.
     *
     * @param attempts that were rejected before it
     * @param spent evaluations, those of the rejected attempts among them
     * @param pace t |∇C|²/C where it ended
     */
    Handover afterFlow(double h, int attempts, long spent, double pace) {
        Handover from = steps < WINDOW ? this : window(notBefore);
        return new Handover(
                from.steps + 1,
                from.rejected + attempts,
                from.evaluations + spent,
                from.time + h,
                from.converging && pace > 1,
                0,
                0,
                notBefore);
    }

    /** Whether descent is to take over at t, if nothing in the Hessian leads away; λ_max is its sharpness. */
    boolean due(double flowTime, double sharpness) {
        return steps == WINDOW
                && flowTime >= notBefore
                && converging
                && 4 * rejected >= steps
                && evaluations > time * sharpness / RATE;
    }

    /** Descent takes over. */
    static Handover begun(double flowTime, double squaredGradientNorm) {
        return new Handover(0, 0, 0, 0, true, squaredGradientNorm, LEG * flowTime, 0);
    }

    /** Something leads away. */
    static Handover refused(double flowTime) {
        return window(LEG * flowTime);
    }

    /**
     * After a step of gradient descent.
     *
     * @param pace t |∇C|²/C where it ended
     */
    Handover afterDescent(double flowTime, double squaredGradientNorm, double pace) {
        if (flowTime >= leg || squaredGradientNorm > RISE * square || pace < SLOW) {
            return window(0);
        }
        return new Handover(0, 0, 0, 0, true, Math.min(square, squaredGradientNorm), leg, 0);
    }
}
