package saddlefarm.farm;

import java.io.IOException;
import java.io.Serial;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Rank;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Workspaces;
import saddlefarm.run.ForkPoint;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoredPlateau;

/**
 * Computes a stretch of a stored run again, bit for bit, to look at it more closely than was done then. Nothing of it
 * is stored. One thread at a time.
 */
public final class Replay {

    /** What is told of each step that is wanted. */
    @FunctionalInterface
    public interface Reader {

        /**
         * A step.
         *
         * @param row with all singular values
         * @param curvature null unless it is wanted
         */
        void row(Snapshot row, @Nullable Curvature curvature) throws IOException;
    }

    /** A run does not come out as it is stored. */
    public static final class MismatchException extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        MismatchException(String message) {
            super(message);
        }
    }

    /**
     * The steps that are wanted.
     *
     * @param from ≥ 0
     * @param to ≥ {@code from}; the last row is the last step of {@code from, from + every, …} up to it
     * @param every ≥ 1
     * @param curvature whether the Hessian's extreme eigenvalues are wanted too
     */
    public record Steps(long from, long to, long every, boolean curvature) {}

    private final RunSpec run;
    private final RunStore store;
    private final Kernels kernels;
    private final Task task;
    private final TaskWorkshop workshop;
    private final TaskLibrary tasks;

    public Replay(RunSpec run, RunStore store, TaskLibrary tasks) {
        this.run = run;
        this.store = store;
        this.tasks = tasks;
        kernels = Kernels.of(run.backend());
        task = tasks.task(run.data(), run.loss());
        workshop = new TaskWorkshop(tasks, new Workspaces(1, 0), "");
    }

    /**
     * The stored state from which a step is reached soonest.
     *
     * @param step ≥ the first of the run
     */
    public DescentState nearest(long step) {
        Stream<DescentState> atPlateau = store.plateaus(run.id()).stream()
                .map(StoredPlateau::plateau)
                .filter(plateau -> plateau.deepestStep() <= step)
                .max(Comparator.comparingLong(Plateau::deepestStep))
                .flatMap(plateau -> store.deepest(run.id(), plateau.number()))
                .stream();
        Stream<DescentState> atCommit = store.checkpoint(run).stream()
                .flatMap(last -> Stream.concat(
                        Stream.of(last.descent()),
                        Optional.ofNullable(last.analysis().deepest()).stream().map(deepest -> deepest.state())));
        return Stream.concat(atPlateau, atCommit)
                .filter(state -> state.step() <= step)
                .reduce(beginning(), (best, state) -> state.step() > best.step() ? state : best);
    }

    /** The first step of the run. */
    public long first() {
        return beginning().step();
    }

    /**
     * Goes from a state through the steps that are wanted.
     *
     * @param start the {@link #nearest} to the first of them
     * @return how many rows that were stored before were passed, and were the same
     * @throws MismatchException at the first stored row that is not the same
     */
    public int read(DescentState start, Steps steps, Reader reader) throws IOException {
        Map<Long, Snapshot> stored = new HashMap<>();
        store.snapshots(run.id(), row -> stored.put(row.step(), row));
        @Nullable
        Spectra initial = store.checkpoint(run)
                .map(checkpoint -> checkpoint.analysis().initial())
                .orElse(null);
        var curvature = Curvature.probe(run.loss(), task.inputs(), task.targets(), kernels);
        Descent descent = workshop.descent(run, start);
        descent.evaluate();
        int compared = 0;
        while (true) {
            @Nullable Snapshot before = stored.get(descent.step());
            if (before != null) {
                requireSame(descent, before);
                compared++;
            }
            long beyond = descent.step() - steps.from;
            if (beyond >= 0 && beyond % steps.every == 0) {
                reader.row(row(descent, initial), steps.curvature ? curvature.at(descent.parameters()) : null);
            }
            if (descent.step() >= steps.to) {
                return compared;
            }
            descent.advance();
            descent.evaluate();
        }
    }

    private DescentState beginning() {
        return store.fork(run.id())
                .map(ForkPoint::start)
                .orElseGet(() -> DescentState.initial(tasks.initialParameters(run)));
    }

    private Snapshot row(Descent descent, @Nullable Spectra initial) {
        Spectra spectra = Spectra.of(descent.parameters(), kernels);
        int rank = Rank.ofRun(Rank.ofLayers(spectra, initial == null ? spectra : initial));
        return Snapshot.of(descent.state(), rank, spectra);
    }

    private void requireSame(Descent descent, Snapshot before) {
        double gradientNorm = Math.sqrt(descent.squaredGradientNorm());
        if (descent.loss() != before.loss()
                || gradientNorm != before.gradientNorm()
                || descent.flowTime() != before.flowTime()) {
            throw new MismatchException(
                    "at step %d run %s has the loss %s and the gradient's norm %s, but %s and %s are stored: what computes it here is not what computed it then"
                            .formatted(
                                    descent.step(),
                                    run.id(),
                                    descent.loss(),
                                    gradientNorm,
                                    before.loss(),
                                    before.gradientNorm()));
        }
    }
}
