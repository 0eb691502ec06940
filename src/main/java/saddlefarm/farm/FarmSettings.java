package saddlefarm.farm;

import java.time.Duration;

/**
 * How a farm works; no result depends on it.
 *
 * @param maxActiveRuns runs that train at the same time, ≥ 1; the others wait
 * @param slice how long a trainer steps before it looks at its mail
 * @param maxRestarts restarts of a run without a commit between them, after which it has failed
 * @param minBackoff wait before the first restart; doubled with each one after it
 * @param maxBackoff longest wait before a restart
 */
public record FarmSettings(
        int maxActiveRuns, Duration slice, int maxRestarts, Duration minBackoff, Duration maxBackoff) {

    /** The wait before a restart, the first being number 1. */
    Duration backoff(int restart) {
        long millis = minBackoff.toMillis() << Math.min(restart - 1, 20);
        return millis < maxBackoff.toMillis() ? Duration.ofMillis(millis) : maxBackoff;
    }
}
