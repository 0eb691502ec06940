package saddlefarm.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the plateaus that a run has left, in flow time.
 *
 * @param last length of the one left last; null until the run is seen to leave one
 * @param origin when the run had lost 2% of its first loss; null until it is known beside theory
 * @param earliest before which, by theory, it could not have lost them; null where {@code origin} is, and where theory
 *     has no bound
 */
record LeftPlateaus(
        @Nullable Double last,
        @Nullable Double origin,
        @Nullable Double earliest) {

    /** Nothing is known. */
    static final LeftPlateaus NONE = new LeftPlateaus(null, null, null);

    LeftPlateaus withLast(double length) {
        return new LeftPlateaus(length, origin, earliest);
    }

    /** @param bound 0 where theory has none: whoever divides by it would find that it was exceeded infinitely */
    LeftPlateaus withOrigin(double left, double bound) {
        return new LeftPlateaus(last, left, bound > 0 ? bound : null);
    }
}
