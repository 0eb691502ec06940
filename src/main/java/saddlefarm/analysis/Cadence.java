package saddlefarm.analysis;

/**
 * Chooses the steps at which a run is looked at closely, from the run's own trajectory alone: never from a clock, so
 * two executions choose the same.
 *
 * <p>{@link Kind#LINEAR} makes a row of every k-th step. {@link Kind#ADAPTIVE} makes one when at least k steps have
 * passed since the last and something has happened: the loss has moved by 1%, |∇C|² by 12%, or the step count by 3%. So
 * rows are spaced evenly in log time on plateaus and are as dense as k during escapes. Either kind also looks at the
 * step where a plateau begins, so that each plateau has a spectrum; under {@code LINEAR} that look leaves no row.
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
        /** Take a spectrum for the detection alone. */
        PROBE,
        /** Take a spectrum and keep it as a row. */
        ROW
    }

    /**
     * Everything that the next choice depends on.
     *
     * @param initialLoss C at step 0
     * @param rowStep step of the last row, −1 before the first
     * @param rowLoss C there
     * @param rowSquaredGradientNorm |∇C|² there
     */
    public record State(Phase phase, double initialLoss, long rowStep, double rowLoss, double rowSquaredGradientNorm) {

        /** Before the first step. */
        public static final State INITIAL = new State(Phase.PLATEAU, Double.NaN, -1, Double.NaN, Double.NaN);
    }

    private static final double LOSS_CHANGE = 0.01;
    private static final double GRADIENT_CHANGE = 0.12;
    private static final double STEP_GROWTH = 1.0 / 32;

    private final Kind kind;
    private final long everySteps;
    private Phase phase;
    private double initialLoss;
    private long rowStep;
    private double rowLoss;
    private double rowSquaredGradientNorm;

    /** @param everySteps k ≥ 1 */
    public Cadence(Kind kind, long everySteps, State state) {
        this.kind = kind;
        this.everySteps = everySteps;
        phase = state.phase;
        initialLoss = state.initialLoss;
        rowStep = state.rowStep;
        rowLoss = state.rowLoss;
        rowSquaredGradientNorm = state.rowSquaredGradientNorm;
    }

    /** Takes in the next step of the trajectory and says what to do there; call it for every step, once. */
    public Look at(long step, double flowTime, double loss, double squaredGradientNorm) {
        boolean first = rowStep < 0;
        if (first) {
            initialLoss = loss;
        }
        Phase before = phase;
        phase = before.next(flowTime, loss, squaredGradientNorm, initialLoss);
        boolean plateauBegins = phase == Phase.PLATEAU && before == Phase.ESCAPE;
        boolean row = first
                || switch (kind) {
                    case LINEAR -> step % everySteps == 0;
                    case ADAPTIVE -> plateauBegins || due(step, loss, squaredGradientNorm);
                };
        if (row) {
            rowStep = step;
            rowLoss = loss;
            rowSquaredGradientNorm = squaredGradientNorm;
            return Look.ROW;
        }
        return plateauBegins ? Look.PROBE : Look.NONE;
    }

    public State state() {
        return new State(phase, initialLoss, rowStep, rowLoss, rowSquaredGradientNorm);
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
