package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;
import saddlefarm.theory.Theory;

/**
 * What figures of one run are drawn from.
 *
 * @param rows those that are drawn, at least two; no drawing differs visibly from one of all rows
 * @param stored how many rows the run has
 * @param theory what was predicted; null where nothing was
 */
record Trajectory(
        RunSummary run,
        List<Snapshot> rows,
        int stored,
        List<StoredPlateau> plateaus,
        List<StoredTransition> transitions,
        @Nullable Theory theory) {

    /** Singular values of a layer that are drawn at most. */
    static final int MOST_VALUES = 6;

    private static final int COLUMNS = 240;

    /** Whether rows make a curve. */
    static boolean isDrawable(List<Snapshot> rows) {
        return rows.size() > 1 && rows.get(rows.size() - 1).flowTime() > 0;
    }

    static Trajectory of(RunStore store, RunSummary run, List<Snapshot> rows) {
        return new Trajectory(
                run,
                Thinning.ofRun(rows, COLUMNS, MOST_VALUES),
                rows.size(),
                store.plateaus(run.id()),
                store.transitions(run.id()),
                store.theory(run.id()).orElse(null));
    }

    /** All rows of a run. */
    static List<Snapshot> rows(RunStore store, RunSummary run) {
        var rows = new ArrayList<Snapshot>();
        store.snapshots(run.id(), rows::add);
        return rows;
    }

    int depth() {
        return rows.get(0).spectra().depth();
    }

    double[] values(ToDoubleFunction<Snapshot> value) {
        return rows.stream().mapToDouble(value).toArray();
    }

    /** Where on an axis a flow time is, between rows along the line from one to the next. */
    double at(double flowTime, TimeAxis time) {
        if (time != TimeAxis.STEP) {
            return flowTime;
        }
        for (int i = 1; i < rows.size(); i++) {
            Snapshot before = rows.get(i - 1);
            Snapshot after = rows.get(i);
            if (flowTime <= after.flowTime()) {
                double part = (flowTime - before.flowTime()) / (after.flowTime() - before.flowTime());
                return before.step() + part * (after.step() - before.step());
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** The plateau to which a step belongs. */
    Optional<StoredPlateau> plateauAt(long step) {
        return plateaus.stream()
                .filter(stored -> stored.plateau().startStep() <= step
                        && (stored.plateau().endStep() == null
                                || step < stored.plateau().endStep()))
                .findFirst();
    }

    /** Shades the plateaus and marks the transitions in a plot over this run's time. */
    void annotate(Plot plot, TimeAxis time) {
        Snapshot last = rows.get(rows.size() - 1);
        for (StoredPlateau stored : plateaus) {
            plot.shade(start(stored, time), end(stored, time, last), Ink.SHADE);
        }
        for (StoredTransition stored : transitions) {
            plot.moment(time.of(stored.transition().step(), stored.transition().flowTime()), Ink.MARK, Plot.DASHED);
        }
    }

    static double start(StoredPlateau stored, TimeAxis time) {
        return time.of(stored.plateau().startStep(), stored.plateau().startTime());
    }

    /** The end of a plateau, or of the run while it lasts. */
    static double end(StoredPlateau stored, TimeAxis time, Snapshot last) {
        Long endStep = stored.plateau().endStep();
        Double endTime = stored.plateau().endTime();
        return endStep == null || endTime == null ? time.of(last) : time.of(endStep, endTime);
    }

    /** In a caption: how much of the run is drawn. */
    String drawn() {
        return rows.size() == stored
                ? "All %d rows are drawn.".formatted(stored)
                : "%d of %d rows are drawn, the extremes among them.".formatted(rows.size(), stored);
    }
}
