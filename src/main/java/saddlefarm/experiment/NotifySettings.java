package saddlefarm.experiment;

import java.net.URI;
import java.util.Set;

/**
 * Whom to tell what happens to a run, which no result depends on.
 *
 * @param url that is called
 * @param events on which
 */
public record NotifySettings(URI url, Set<Event> events) {

    /** What somebody may want to be told. */
    public enum Event {
        /** An escape from a plateau was confirmed. */
        TRANSITION,
        /** The run has come to its end. */
        COMPLETION,
        /** The run has diverged. */
        DIVERGENCE,
        /** The run has failed. */
        FAILURE
    }
}
