package saddlefarm.run;

import org.jspecify.annotations.Nullable;
import saddlefarm.descent.DescentState;

/**
 * How far a run is.
 *
 * @param step steps taken
 * @param flowTime t
 * @param loss C
 * @param rank of the run
 * @param plateaus rows in its table of plateaus
 * @param evaluations of the gradient; null where every step is one
 */
public record Progress(
        long step,
        double flowTime,
        double loss,
        int rank,
        int plateaus,
        @Nullable Long evaluations) {

    /** The same at a state of its descent. */
    public static Progress at(DescentState state, int rank, int plateaus) {
        return new Progress(state.step(), state.flowTime(), state.loss(), rank, plateaus, state.evaluations());
    }
}
