package saddlefarm.descent;

/**
 * By what a step is multiplied for the next one: a predictive controller for an error of order h³ (B. Sommeijer, L.
 * Shampine, J. Verwer, <i>RKC</i>, 1998, section 2.3; H. Watts, <i>Step size control in ordinary differential equation
 * solvers</i>, 1984). Errors are in units of the allowed one.
 */
final class StepControl {

    private static final double CAUTION = 0.8;
    private static final double LEAST = 0.1;
    private static final double MOST = 10;

    /** Errors are not told from smaller ones. */
    private static final double LEAST_ERROR = 1e-10;

    private StepControl() {}

    /** After a step whose error is above 1 or not a number. */
    static double afterRejection(double error) {
        return Double.isNaN(error) ? LEAST : Math.max(LEAST, CAUTION / StrictMath.cbrt(error));
    }

    /**
     * After an accepted step h.
     *
     * @param lastStep the accepted one before it; 0 when there was none
     * @param lastError its error
     */
    static double afterAcceptance(double h, double error, double lastStep, double lastError) {
        double e = Math.max(error, LEAST_ERROR);
        double factor = CAUTION / StrictMath.cbrt(e);
        if (lastStep > 0) {
            // Goes on with the change from the last error to this one.
            double trend = h / lastStep * StrictMath.cbrt(Math.max(lastError, LEAST_ERROR) / e);
            factor = Math.min(factor, factor * trend);
        }
        return Math.max(LEAST, Math.min(factor, MOST));
    }
}
