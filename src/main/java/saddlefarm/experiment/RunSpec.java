package saddlefarm.experiment;

import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.ObserveSettings;
import saddlefarm.analysis.StopRules;
import saddlefarm.descent.Limits;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;

/**
 * One run, resolved: everything that its results depend on.
 *
 * @param id hash of the {@linkplain Specification#canonical canonical} specification, 12 hexadecimal digits
 * @param experiment the name of the experiment
 * @param architecture of the network, with its widths resolved against the data
 * @param data where the task comes from
 * @param initialization where the weights start
 * @param descent how they move
 * @param limits where they stop by their own state
 * @param stopRules where they stop by what is found
 * @param backend name of the arithmetic
 * @param fork where it branches off from another run; null for one that begins at its initialization
 * @param checkpointEvery time between checkpoints, which no result depends on
 * @param priority runs of a higher one begin first, which no result depends on
 * @param notifies whom to tell what happens, which no result depends on; null for nobody
 * @param swept each swept key with its value as JSON text, such as {@code initialization.seed → 3}
 * @param specification the resolved specification as JSON with sorted keys, from which the same run can be read again
 */
public record RunSpec(
        String id,
        String experiment,
        Architecture architecture,
        DataSettings data,
        InitializationSettings initialization,
        Loss loss,
        DescentSettings descent,
        Limits limits,
        StopRules stopRules,
        ObserveSettings observe,
        String backend,
        @Nullable ForkSettings fork,
        Duration checkpointEvery,
        int priority,
        @Nullable NotifySettings notifies,
        SortedMap<String, String> swept,
        String specification) {

    /** Whether anything is predicted of it: that begins at the initial weights, which a fork does not have. */
    public boolean hasTheory() {
        return fork == null;
    }

    /** The same run, listed with these swept keys: of no result, and not in the specification. */
    public RunSpec withSwept(SortedMap<String, String> keys) {
        return new RunSpec(
                id,
                experiment,
                architecture,
                data,
                initialization,
                loss,
                descent,
                limits,
                stopRules,
                observe,
                backend,
                fork,
                checkpointEvery,
                priority,
                notifies,
                keys,
                specification);
    }
}
