package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;

/**
 * A state that a trainer hands over, from which the run could go on. Immutable.
 *
 * @param purpose what it is for
 * @param ending why the training ended there, with {@link Purpose#END}; null otherwise
 */
record Sample(
        Purpose purpose,
        DescentState state,
        Cadence.State cadence,
        @Nullable Ending ending) {

    enum Purpose {
        /** A row of the run. */
        ROW,
        /** A look for the detection alone. */
        PROBE,
        /** The state from which the way out of a plateau is measured; leaves no row. */
        ESCAPE,
        /** A consistent state to commit; leaves no trace in the results. */
        CHECKPOINT,
        /** The same, from a trainer that was told to step no more. */
        HALT,
        /** The last state of the run. */
        END
    }
}
