package saddlefarm.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.RunSpec;

/**
 * Where a farm shows its runs as they are now, newer than the last commit. Every method may be called from any thread
 * and does not block.
 */
public interface RunBoard {

    /**
     * A run as it is now.
     *
     * @param spec what was asked
     * @param snapshot last row; null before the first
     * @param plateauSince first step of the plateau that it is on; null between two
     * @param plateaus begun so far
     * @param transitions confirmed so far
     * @param curvature last computed; null before the first
     * @param layerRanks rank of each layer at the last row; empty before the first
     */
    record LiveRun(
            RunSpec spec,
            RunStatus status,
            long steps,
            @Nullable Snapshot snapshot,
            @Nullable Long plateauSince,
            int plateaus,
            int transitions,
            @Nullable Curvature curvature,
            List<Integer> layerRanks) {

        /** One of which nothing has been seen here. */
        public static LiveRun unseen(RunSpec spec, RunStatus status) {
            return new LiveRun(spec, status, 0, null, 0L, 0, 0, null, List.of());
        }
    }

    /** Shows a run, in place of what was shown of it before. */
    void show(LiveRun run);

    /** Shows a run no more: it goes on elsewhere. */
    void forget(String run);

    /** Shows for how long, in flow time, a run was on the plateau that it has just left. */
    void leftPlateau(RunSpec run, double flowTime);

    /**
     * Shows when a run left the origin, beside the earliest that theory allows.
     *
     * @param flowTime at which it had lost 2% of its first loss
     * @param earliest flow time before which it could not have lost them; 0 if it could at once
     */
    void leftOrigin(RunSpec run, double flowTime, double earliest);

    /** Shows that this process sees to what is wanted of the farm's runs, from now on or no more. */
    void head(boolean here);

    /** Counts steps taken by any run. */
    void countSteps(long steps);

    /** Counts snapshots analyzed. */
    void countSnapshot();

    /** Records how long a slice of a run's training took, in seconds. */
    void slice(String run, double seconds);

    /** Records how long a commit of a run, and of others that were written with it, took, in seconds. */
    void commit(String run, double seconds);

    /** Counts a commit that the store did not take. */
    void countFailedCommit();
}
