package saddlefarm.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Extension;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.Specification;
import saddlefarm.theory.Theory;

/**
 * The farm's memory. A run is owned by whoever claimed it last; only the owner's commits are stored.
 *
 * <p>All methods block, and throw {@link StoreException} when the storage fails; nothing of that call is stored then,
 * unless it is {@linkplain StoreAwayException#undecided() undecided}.
 */
public interface RunStore extends AutoCloseable {

    /**
     * The right to commit to a run.
     *
     * @param epoch greater than that of every earlier owner
     * @param commits that the store has counted; the number of the next one is one more
     * @param status before the claim
     * @param wish what is wanted of the run; null for nothing
     * @param checkpoint from where to go on, or where a fork begins; null to begin at the initial weights
     */
    record Claim(
            long epoch,
            long commits,
            RunStatus status,
            @Nullable Wish wish,
            @Nullable Checkpoint checkpoint) {

        /** Whether there is nothing to be done: whoever claims the run has heard too late that it has ended. */
        public boolean tooLate() {
            return status.over() || (status.ended() && wish == null);
        }
    }

    /** A run that is not what is wanted of it. */
    record Wished(RunSummary run, Wish wish) {}

    /**
     * A run that begins where another one was.
     *
     * @param run what is asked; its specification says how it was forked
     * @param parent id of the other run
     */
    record Fork(RunSpec run, String parent, ForkPoint point) {}

    /**
     * What a run goes on from instead of its own beginning.
     *
     * @param run id of a shorter run
     * @param step up to which its commits are this run's
     */
    record Extended(String run, long step) {}

    /** Makes runs known, as queued and to be trained; those that are known already stay as they are. */
    void register(List<RunSpec> runs);

    /** The same of forks, with where they begin. */
    void registerForks(List<Fork> forks);

    /** Notes what is wanted of runs from now on, but of those that are {@linkplain RunStatus#over() over}. */
    void want(List<String> runs, Wish wish);

    /**
     * Takes ownership of a run. One that is {@linkplain RunStatus#over() over}, or has ended otherwise and of which
     * nothing is wanted, stays as it is, without a checkpoint to go on from. One that has nothing committed begins with
     * all that the longest run has which is its {@linkplain Extension beginning}.
     */
    Claim claim(RunSpec run);

    /**
     * Stores commits in one transaction. Returns for each, in order, whether its owner still was the owner.
     *
     * @throws StoreException also if a commit before one of them is not there, as when a database has been replaced by
     *     a copy that had not heard of it yet
     */
    List<Boolean> commit(List<Commit> commits);

    /** Changes only the status of a run; returns whether the owner still was the owner. */
    boolean setStatus(String run, long epoch, RunStatus status, @Nullable String cause);

    /**
     * Takes ownership of a run whose owner has failed itself, and leaves it failed; one that is
     * {@linkplain RunStatus#over() over} stays as it is.
     */
    void fail(String run, String cause);

    /** Stores what theory predicts for a run; what was stored of it before is replaced. */
    void putTheory(RunSpec run, Theory theory);

    /** Forgets runs and everything of theirs. */
    void delete(List<String> runs);

    /** All runs, sorted by id. */
    List<RunSummary> runs();

    /** The runs that are not what is wanted of them, in the order in which they were made known. */
    List<Wished> wished();

    /** The canonical specification of a run, as JSON. */
    Optional<String> specification(String run);

    /** The shorter run that a run was extended from; empty for one that began at the beginning. */
    Optional<Extended> extended(String run);

    /** Ids of the runs that were forked from a run, in the order in which they were made known. */
    List<String> forks(String parent);

    /** Where a fork begins; empty for other runs. */
    Optional<ForkPoint> fork(String run);

    /** The newest checkpoint of a run that is not corrupt; empty before the first. */
    Optional<Checkpoint> checkpoint(RunSpec run);

    /** The trajectory at the deepest snapshot of a plateau; empty where there is no such plateau. */
    Optional<DescentState> deepest(String run, int plateau);

    /** What a run was computed with, each machine once, in order of its first commit; no result tells them. */
    List<String> machines(String run);

    /** The rows of a run in order of step. */
    void snapshots(String run, Consumer<Snapshot> reader);

    /** The plateaus of a run in order. */
    List<StoredPlateau> plateaus(String run);

    /** The transitions of a run in order. */
    List<StoredTransition> transitions(String run);

    /**
     * Findings of all runs in the order in which they became known, those that are in the store still.
     *
     * <p>Asked again with the last sequence, it goes on where it ended and leaves out none, whoever writes meanwhile. A
     * finding that is made again after its run went back to an earlier checkpoint, and a transition whose rank after it
     * changes, get another sequence and come again.
     *
     * @param after only findings of a greater sequence; 0 for all
     * @param limit findings at most
     */
    List<StoredFinding> findings(long after, int limit);

    /** What theory predicts for a run; empty where that was not worked out. */
    Optional<Theory> theory(String run);

    /**
     * The runs that are {@linkplain RunStatus#over() over} and whose theory was not worked out, sorted by id; without
     * forks, which have none.
     */
    List<RunSummary> unpredicted();

    /**
     * What theory predicts for some run on the same {@linkplain Specification#problem problem}; empty where there is
     * none.
     */
    Optional<Theory> theoryOfProblem(RunSpec run);

    @Override
    void close();
}
