package saddlefarm.run;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding.Transition;

/**
 * A stored transition.
 *
 * @param rankAfter the next plateau's rank, or the final one of an ended run; null until known
 */
public record StoredTransition(
        Transition transition, @Nullable Integer rankAfter) implements StoredFinding.Found {

    @Override
    public int place() {
        return 2 * transition.number() - 1;
    }
}
