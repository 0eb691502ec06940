package saddlefarm.farm;

import java.time.Duration;

/**
 * How a farm works; no result depends on it.
 *
 * @param parallel trainings that compute at the same moment, ≥ 1
 * @param maxActiveRuns runs that train at the same time, ≥ 1; the others wait
 * @param maxMemory bytes that these may need together by {@link Workshop#memory}, > 0; no run that needs more
 *     {@linkplain Workshop#memoryByItself by itself} is trained
 * @param slice how long a trainer steps before it looks at its mail
 * @param maxRestarts restarts of a run without a commit between them, after which it has failed
 * @param minBackoff wait before the first restart; doubled with each one after it
 * @param maxBackoff longest wait before a restart
 * @param storePatience how long the farm waits for a store that is away
 */
public record FarmSettings(
        int parallel,
        int maxActiveRuns,
        long maxMemory,
        Duration slice,
        int maxRestarts,
        Duration minBackoff,
        Duration maxBackoff,
        Duration storePatience) {

    /** The same settings but for one. */
    public FarmSettings withParallel(int trainings) {
        return new FarmSettings(
                trainings, maxActiveRuns, maxMemory, slice, maxRestarts, minBackoff, maxBackoff, storePatience);
    }

    /**
     * Trainings that have their turn at the same time: one more than compute, so that no thread waits while the next
     * turn is given.
     */
    public int turns() {
        return parallel + 1;
    }

    /** The wait before a restart, the first being number 1. */
    Duration backoff(int restart) {
        long millis = minBackoff.toMillis() << Math.min(restart - 1, 20);
        return millis < maxBackoff.toMillis() ? Duration.ofMillis(millis) : maxBackoff;
    }
}
