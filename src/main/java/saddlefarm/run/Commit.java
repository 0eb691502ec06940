package saddlefarm.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.analysis.Snapshot;

/**
 * One checkpoint with all that was found since the last: stored whole or not at all.
 *
 * @param run id
 * @param epoch the owner's; a commit of an older owner is rejected
 * @param number of the commit, counted from {@link RunStore.Claim#commits}; one that is missing before it is noticed
 * @param status after this commit
 * @param cause why the run failed or where it diverged; null otherwise
 * @param machine what it was computed with, for people: backend, kernels and processor
 * @param progress at the checkpoint, or at the end of the run
 * @param checkpoint from where the run goes on, or could be extended
 * @param snapshots rows since the last commit, in order of step
 * @param plateaus that were left since the last commit, in order
 * @param transitions since the last commit, in order
 * @param closingSnapshot row that exists only because the run ended
 * @param closingPlateau plateau that was open when the run ended
 */
public record Commit(
        String run,
        long epoch,
        long number,
        RunStatus status,
        @Nullable String cause,
        String machine,
        Progress progress,
        Checkpoint checkpoint,
        List<Snapshot> snapshots,
        List<PlateauFound> plateaus,
        List<Transition> transitions,
        @Nullable Snapshot closingSnapshot,
        @Nullable PlateauFound closingPlateau) {

    public Commit {
        snapshots = List.copyOf(snapshots);
        plateaus = List.copyOf(plateaus);
        transitions = List.copyOf(transitions);
    }
}
