package saddlefarm.report;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;
import saddlefarm.statistics.Observation;
import saddlefarm.theory.Theory;

/**
 * What summaries of a sweep need of one run.
 *
 * @param seeds its seeds by key: what runs of different groups may have in common
 * @param escape the flow time at which the loss had first fallen by 2%, or until which it had not
 * @param rank at the end; null if the run has not completed
 * @param firstPlateau rank of the first plateau after the origin, minima being none; null if there was none or the run
 *     has not completed
 */
record Outcome(
        SortedMap<String, String> seeds,
        Observation escape,
        @Nullable Integer rank,
        @Nullable Integer firstPlateau) {

    /**
     * Of a run that has begun. Runs that diverged or failed before they escaped tell nothing about when they would
     * have: they have none.
     */
    static Optional<Outcome> of(RunStore store, RunSummary run, SortedMap<String, String> seeds) {
        Progress progress = run.progress();
        if (progress == null) {
            return Optional.empty();
        }
        List<StoredPlateau> plateaus = store.plateaus(run.id());
        Observation escape = escape(store, run.id(), plateaus, progress);
        boolean broke = run.status() == RunStatus.DIVERGED || run.status() == RunStatus.FAILED;
        if (broke && !escape.happened()) {
            return Optional.empty();
        }
        boolean completed = run.status() == RunStatus.COMPLETED;
        return Optional.of(new Outcome(
                seeds, escape, completed ? progress.rank() : null, completed ? firstPlateau(plateaus) : null));
    }

    private static Observation escape(RunStore store, String run, List<StoredPlateau> plateaus, Progress progress) {
        @Nullable Escape measured = StoredPlateau.escapeFromOrigin(plateaus);
        if (measured != null) {
            return Observation.at(measured.flowTime());
        }
        // No escape from the origin was confirmed, as from large weights, where the loss falls all the same.
        var fall = new Fall();
        store.snapshots(run, fall::read);
        return fall.time == null ? Observation.after(progress.flowTime()) : Observation.at(fall.time);
    }

    private static @Nullable Integer firstPlateau(List<StoredPlateau> plateaus) {
        return plateaus.stream()
                .map(StoredPlateau::plateau)
                .filter(plateau -> !plateau.isOrigin() && plateau.kind() != Plateau.Kind.MINIMUM)
                .map(Plateau::rank)
                .findFirst()
                .orElse(null);
    }

    /** The first row at which the loss has fallen. */
    private static final class Fall {

        private double initial = Double.NaN;
        private @Nullable Double time;

        void read(Snapshot row) {
            if (Double.isNaN(initial)) {
                initial = row.loss();
            } else if (time == null && row.loss() <= (1 - Theory.DROP) * initial) {
                time = row.flowTime();
            }
        }
    }
}
