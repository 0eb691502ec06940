package saddlefarm.analysis;

import org.jspecify.annotations.Nullable;

/**
 * Finds the plateaus of one run online and in constant memory, from (t, C, |∇C|²) of every step.
 *
 * <p>A plateau begins and ends with {@link Phase}. Its end counts as an escape from a saddle once |∇C|² has risen by
 * half a decade above the least value on the plateau and the loss has fallen by 5% from its value there; a plateau
 * whose end is never confirmed is forgotten when the next one begins.
 */
public final class PlateauDetector {

    /** How far |∇C|² must rise above its least value, half a decade. */
    private static final double RISE = 3.1622776601683795;

    /** What must be gone of the loss at the deepest step. */
    static final double DROP = 0.05;

    private static final double REMAINING = 1 - DROP;

    /** What is left of the loss where a way out of a plateau is measured: 2% are gone. */
    private static final double DROPPED = 0.98;

    /** |∇C|² is not told from smaller values. */
    private static final double LEAST_SQUARE = 1e-300;

    /** A plateau, first step included and last excluded, whose escape was just confirmed. */
    public record Escape(long startStep, double startTime, long endStep, double endTime) {}

    /**
     * Everything that the future depends on.
     *
     * @param initialLoss C at step 0, NaN before it
     * @param startStep first step of the current or last plateau
     * @param startTime its t
     * @param endStep first step after it, while {@code phase} is {@link Phase#ESCAPE}
     * @param endTime its t
     * @param confirmed whether the current escape has been reported
     * @param leastSquare least |∇C|² on the plateau
     * @param deepestLoss C at that step
     */
    public record State(
            Phase phase,
            double initialLoss,
            long startStep,
            double startTime,
            long endStep,
            double endTime,
            boolean confirmed,
            double leastSquare,
            double deepestLoss) {

        /** Before the first step of a run. */
        public static final State INITIAL = beginning(0, 0, Double.NaN);

        /** Before a step at which a plateau begins, of a run whose loss was C(0) at its step 0. */
        public static State beginning(long step, double flowTime, double initialLoss) {
            return new State(
                    Phase.PLATEAU, initialLoss, step, flowTime, 0, 0, false, Double.POSITIVE_INFINITY, Double.NaN);
        }

        /** First step of the plateau that the run is on; null between two. */
        public @Nullable Long plateauSince() {
            return phase == Phase.PLATEAU ? (Long) startStep : null;
        }
    }

    private Phase phase;
    private double initialLoss;
    private long startStep;
    private double startTime;
    private long endStep;
    private double endTime;
    private boolean confirmed;
    private double leastSquare;
    private double deepestLoss;
    private boolean deepened; // by the last step; asked for before the next, so no state

    public PlateauDetector(State state) {
        phase = state.phase;
        initialLoss = state.initialLoss;
        startStep = state.startStep;
        startTime = state.startTime;
        endStep = state.endStep;
        endTime = state.endTime;
        confirmed = state.confirmed;
        leastSquare = state.leastSquare;
        deepestLoss = state.deepestLoss;
    }

    /** Takes in the next step and returns the plateau whose escape it confirms, if it does. */
    public @Nullable Escape observe(long step, double flowTime, double loss, double squaredGradientNorm) {
        if (Double.isNaN(initialLoss)) {
            initialLoss = loss;
        }
        double square = Math.max(squaredGradientNorm, LEAST_SQUARE);
        deepened = false;
        Phase before = phase;
        phase = before.next(flowTime, loss, square, initialLoss);
        if (before == Phase.PLATEAU) {
            deepen(loss, square);
            if (phase == Phase.ESCAPE) {
                endStep = step;
                endTime = flowTime;
                confirmed = false;
            }
            return null;
        }
        @Nullable Escape escape = confirm(loss, square);
        if (phase == Phase.PLATEAU) {
            startStep = step;
            startTime = flowTime;
            leastSquare = Double.POSITIVE_INFINITY;
            deepen(loss, square);
        }
        return escape;
    }

    /** The phase after the last step. */
    public Phase phase() {
        return phase;
    }

    /** Whether the plateau that began at {@link #startStep()} has not been reported as left. */
    public boolean open() {
        return phase == Phase.PLATEAU || !confirmed;
    }

    /** Whether the last step is the deepest of its plateau so far, the one of least |∇C|². */
    public boolean deepened() {
        return deepened;
    }

    /**
     * Whether a loss is 2% below what the plateau had: C(0) on the origin, later the loss at the deepest step. An
     * origin that is itself at another height than C(0), as from large weights, counts as the later ones do.
     */
    public boolean dropped(double loss) {
        boolean origin = startStep == 0 && Math.abs(deepestLoss - initialLoss) < (1 - DROPPED) * initialLoss;
        return loss <= DROPPED * (origin ? initialLoss : deepestLoss);
    }

    /** First step of the current plateau, or of the last one during an escape. */
    public long startStep() {
        return startStep;
    }

    /** t at {@link #startStep()}. */
    public double startTime() {
        return startTime;
    }

    public State state() {
        return new State(
                phase, initialLoss, startStep, startTime, endStep, endTime, confirmed, leastSquare, deepestLoss);
    }

    private void deepen(double loss, double square) {
        if (square < leastSquare) {
            leastSquare = square;
            deepestLoss = loss;
            deepened = true;
        }
    }

    private @Nullable Escape confirm(double loss, double square) {
        if (confirmed || square < RISE * leastSquare || loss >= REMAINING * deepestLoss) {
            return null;
        }
        confirmed = true;
        return new Escape(startStep, startTime, endStep, endTime);
    }
}
