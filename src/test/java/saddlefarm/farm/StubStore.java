package saddlefarm.farm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Commit;
import saddlefarm.run.ForkPoint;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredFinding;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;
import saddlefarm.run.Wish;
import saddlefarm.theory.Theory;

/**
 * A store in memory that knows of a run only its owner, its status, its last checkpoint and its theory, and can be made
 * to fail. All runs are on one problem.
 */
final class StubStore implements RunStore {

    /** The calls so far, in order: "claim r1", "commit r1 running, r2 paused", "mark r1 failed". */
    final List<String> calls = new CopyOnWriteArrayList<>();

    volatile @Nullable RuntimeException failure;

    /** What no store should throw. */
    volatile @Nullable Error broken;

    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<String, RunStatus> statuses = new HashMap<>();
    private final Map<String, Checkpoint> checkpoints = new HashMap<>();
    private final Map<String, Integer> claims = new HashMap<>();
    private final Map<String, Theory> theories = new HashMap<>();
    private final Map<String, Wish> wishes = new HashMap<>();
    private long lastEpoch;

    synchronized RunStatus status(RunSpec run) {
        return statuses.getOrDefault(run.id(), RunStatus.QUEUED);
    }

    synchronized int claims(RunSpec run) {
        return claims.getOrDefault(run.id(), 0);
    }

    @Override
    public synchronized void want(List<String> runs, Wish wish) {
        runs.forEach(run -> wishes.put(run, wish));
    }

    @Override
    public List<Wished> wished() {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void fail(String run, String cause) {
        statuses.put(run, RunStatus.FAILED);
    }

    @Override
    public synchronized Claim claim(RunSpec run) {
        calls.add("claim " + run.id());
        mayFail();
        RunStatus before = status(run);
        epochs.put(run.id(), ++lastEpoch);
        statuses.put(run.id(), RunStatus.RUNNING);
        claims.merge(run.id(), 1, Integer::sum);
        return new Claim(lastEpoch, 0, before, wishes.get(run.id()), checkpoints.get(run.id()));
    }

    @Override
    public synchronized List<Boolean> commit(List<Commit> commits) {
        calls.add("commit "
                + String.join(
                        ", ",
                        commits.stream()
                                .map(commit ->
                                        commit.run() + " " + commit.status().label())
                                .toList()));
        mayFail();
        List<Boolean> owned = new ArrayList<>();
        for (Commit commit : commits) {
            boolean owner = owns(commit.run(), commit.epoch());
            if (owner) {
                statuses.put(commit.run(), commit.status());
                checkpoints.put(commit.run(), commit.checkpoint());
            }
            owned.add(owner);
        }
        return owned;
    }

    @Override
    public synchronized boolean setStatus(String run, long epoch, RunStatus status, @Nullable String cause) {
        calls.add("mark " + run + " " + status.label());
        mayFail();
        if (!owns(run, epoch)) {
            return false;
        }
        statuses.put(run, status);
        return true;
    }

    private boolean owns(String run, long epoch) {
        Long owner = epochs.get(run);
        return owner != null && owner == epoch;
    }

    private void mayFail() {
        if (broken != null) {
            throw broken;
        }
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void register(List<RunSpec> runs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(List<String> runs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<RunSummary> runs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> specification(String run) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> machines(String run) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void snapshots(String run, Consumer<Snapshot> reader) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StoredPlateau> plateaus(String run) {
        return List.of();
    }

    @Override
    public synchronized void putTheory(RunSpec run, Theory theory) {
        mayFail();
        theories.put(run.id(), theory);
    }

    @Override
    public synchronized Optional<Theory> theory(String run) {
        mayFail();
        return Optional.ofNullable(theories.get(run));
    }

    @Override
    public void registerForks(List<Fork> forks) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Extended> extended(String run) {
        return Optional.empty();
    }

    @Override
    public List<String> forks(String parent) {
        return List.of();
    }

    @Override
    public Optional<ForkPoint> fork(String run) {
        return Optional.empty();
    }

    @Override
    public Optional<Checkpoint> checkpoint(RunSpec run) {
        return Optional.ofNullable(checkpoints.get(run.id()));
    }

    @Override
    public Optional<DescentState> deepest(String run, int plateau) {
        return Optional.empty();
    }

    @Override
    public List<RunSummary> unpredicted() {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Optional<Theory> theoryOfProblem(RunSpec run) {
        return theories.values().stream().findFirst();
    }

    @Override
    public List<StoredFinding> findings(long after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StoredTransition> transitions(String run) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
