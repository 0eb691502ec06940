package saddlefarm.run;

import java.util.Locale;

/** What is wanted of a run. The store has it, so that it is done whoever crashes. */
public enum Wish {
    TRAIN,
    PAUSE,
    CANCEL;

    /** Whether a run is to be left, paused or cancelled. */
    public boolean leaves() {
        return this != TRAIN;
    }

    /** The status that a run is left with. */
    public RunStatus status() {
        return switch (this) {
            case TRAIN -> RunStatus.RUNNING;
            case PAUSE -> RunStatus.PAUSED;
            case CANCEL -> RunStatus.CANCELLED;
        };
    }

    /** The name in the store. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The wish of a name in the store. */
    public static Wish ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
