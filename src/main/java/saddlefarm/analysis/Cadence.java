package saddlefarm.analysis;

/**
 * Chooses the steps at which a run is looked at closely, from the run's own trajectory alone: never from a clock, so
 * two executions choose the same.
 *
 * <p>{@link Kind#LINEAR} makes a row of every k-th step. {@link Kind#ADAPTIVE} makes one when at least k steps have
 * passed since the last and something has happened: the loss has moved by 1%, |∇C|² by 12%, or the step count by 3%. So
 * rows are spaced evenly in log time on plateaus and are as dense as k during escapes. Either kind also looks at the
 * step where a plateau begins, so that each plateau has a spectrum; under {@code LINEAR} that look leaves no row. And
 * either looks at the first step after a plateau's deepest one at which 2% of the loss are gone, so that the way out
 * can be measured; that look never leaves a row.
 */
public final class Cadence {

    /** How rows are spaced. */
    public enum Kind {
        LINEAR,
        ADAPTIVE
    }

    /** What to do at a step. */
    public enum Look {
        /** Nothing. */
        NONE,
        /** Keep the state: from here the way out of the plateau is measured. Every other look serves that too. */
        ESCAPE,
        /** Take a spectrum for the detection alone. */
        PROBE,
        /** Take a spectrum and keep it as a row. */
        ROW
    }

    /**
     * Everything that the next choice depends on.
     *
     * @param detector of plateaus and escapes
     * @param leastSquare least |∇C|² at a look on the plateau
     * @param dropped whether the loss has dropped since the plateau's deepest step and deepest look
     * @param rowStep step of the last row, −1 before the first
     * @param rowLoss C there
     * @param rowSquaredGradientNorm |∇C|² there
     */
    public record State(
            PlateauDetector.State detector,
            double leastSquare,
            boolean dropped,
            long rowStep,
            double rowLoss,
            double rowSquaredGradientNorm) {

        /** Before the first step. */
        public static final State INITIAL = beginningWith(PlateauDetector.State.INITIAL);

        /** Before the first step of a run that begins with a detector. */
        public static State beginningWith(PlateauDetector.State detector) {
            return new State(detector, Double.POSITIVE_INFINITY, false, -1, Double.NaN, Double.NaN);
        }
    }

    private static final double LOSS_CHANGE = 0.01;
    private static final double GRADIENT_CHANGE = 0.12;
    private static final double STEP_GROWTH = 1.0 / 32;

    private final Kind kind;
    private final long everySteps;
    private final PlateauDetector detector;
    private double leastSquare;
    private boolean dropped;
    private long rowStep;
    private double rowLoss;
    private double rowSquaredGradientNorm;

    /** @param everySteps k ≥ 1 */
    public Cadence(Kind kind, long everySteps, State state) {
        this.kind = kind;
        this.everySteps = everySteps;
        detector = new PlateauDetector(state.detector);
        leastSquare = state.leastSquare;
        dropped = state.dropped;
        rowStep = state.rowStep;
        rowLoss = state.rowLoss;
        rowSquaredGradientNorm = state.rowSquaredGradientNorm;
    }

    /** Takes in the next step of the trajectory and says what to do there; call it for every step, once. */
    public Look at(long step, double flowTime, double loss, double squaredGradientNorm) {
        Phase before = detector.phase();
        detector.observe(step, flowTime, loss, squaredGradientNorm);
        boolean plateauBegins = detector.phase() == Phase.PLATEAU && before == Phase.ESCAPE;
        if (plateauBegins) {
            leastSquare = Double.POSITIVE_INFINITY;
        }
        Look look = Look.NONE;
        if (row(step, loss, squaredGradientNorm, plateauBegins)) {
            rowStep = step;
            rowLoss = loss;
            rowSquaredGradientNorm = squaredGradientNorm;
            look = Look.ROW;
        } else if (plateauBegins) {
            look = Look.PROBE;
        }
        return drops(look, loss, squaredGradientNorm) && look == Look.NONE ? Look.ESCAPE : look;
    }

    public State state() {
        return new State(detector.state(), leastSquare, dropped, rowStep, rowLoss, rowSquaredGradientNorm);
    }

    private boolean row(long step, double loss, double squaredGradientNorm, boolean plateauBegins) {
        return rowStep < 0
                || switch (kind) {
                    case LINEAR -> step % everySteps == 0;
                    case ADAPTIVE -> plateauBegins || due(step, loss, squaredGradientNorm);
                };
    }

    /** Whether the loss drops at this step, for the first time since the plateau's deepest step and deepest look. */
    private boolean drops(Look look, double loss, double squaredGradientNorm) {
        boolean deepestLook =
                look != Look.NONE && detector.phase() == Phase.PLATEAU && squaredGradientNorm < leastSquare;
        if (deepestLook) {
            leastSquare = squaredGradientNorm;
        }
        if (deepestLook || detector.deepened()) {
            dropped = false;
            return false;
        }
        boolean before = dropped;
        dropped = before || detector.dropped(loss);
        return dropped && !before;
    }

    private boolean due(long step, double loss, double squaredGradientNorm) {
        long passed = step - rowStep;
        return passed >= everySteps
                && (passed >= STEP_GROWTH * rowStep
                        || changed(loss, rowLoss, LOSS_CHANGE)
                        || changed(squaredGradientNorm, rowSquaredGradientNorm, GRADIENT_CHANGE));
    }

    private static boolean changed(double now, double then, double part) {
        return Math.abs(now - then) > part * then;
    }
}
