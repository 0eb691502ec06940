package saddlefarm.experiment;

import java.net.URI;
import java.util.Locale;
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
        FAILURE;

        /** The name that users see. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The event of a name that users see. */
        static Event ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
