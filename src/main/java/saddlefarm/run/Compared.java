package saddlefarm.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A prediction beside what was measured.
 *
 * @param index which of several: plateau k for levels and sharpness, mode j for half-times; 0 where there is one
 * @param measured null where the run did not get there
 */
public record Compared(
        Quantity quantity,
        int index,
        double predicted,
        @Nullable Double measured) {

    /** What can be compared. */
    public enum Quantity {
        /** s* against the speed that the run's direction has at its escape: at most 1. */
        ESCAPE_SPEED,
        /** The earliest flow time of the first escape against that of the run: at least 1. */
        ESCAPE_TIME,
        /** Flow time at which mode j is half learned. */
        HALF_TIME,
        /** The level of plateau k's rank against its loss. */
        LEVEL,
        /** 2/η against the greatest curvature at plateau k. */
        SHARPNESS;

        /** The name that users see. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Measured over predicted; null where nothing was measured or 0 was predicted. */
    public @Nullable Double ratio() {
        return measured == null || predicted == 0 ? null : measured / predicted;
    }
}
