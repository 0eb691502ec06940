package saddlefarm.run;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;

/**
 * A stored run at a glance.
 *
 * @param id of the run
 * @param experiment its name
 * @param progress at its last commit; null before the first
 * @param backend whose arithmetic it used
 * @param swept each swept key with its value as JSON text
 * @param cause why it failed or where it diverged; null otherwise
 */
public record RunSummary(
        String id,
        String experiment,
        RunStatus status,
        @Nullable Progress progress,
        String backend,
        SortedMap<String, String> swept,
        @Nullable String cause) {

    /** A run at a glance as it is now. */
    public static RunSummary of(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        return new RunSummary(run.id(), run.experiment(), status, progress, run.backend(), run.swept(), cause);
    }
}
