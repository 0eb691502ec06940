package saddlefarm.run;

import java.util.Locale;

/** Where a run is in its life. */
public enum RunStatus {
    QUEUED,
    RUNNING,
    PAUSED,
    COMPLETED,
    DIVERGED,
    FAILED,
    CANCELLED;

    /** Whether nothing more happens to the run unless a user asks. */
    public boolean ended() {
        return this == COMPLETED || this == DIVERGED || this == FAILED || this == CANCELLED;
    }

    /** Whether the run has come to its own end, which no asking changes. */
    public boolean over() {
        return this == COMPLETED || this == DIVERGED;
    }

    /** The name that users see. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of a name that users see. */
    public static RunStatus ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
