package saddlefarm.farm;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Compared;
import saddlefarm.run.Progress;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;

/** A board and a listener that remember what they are told. */
final class Witness implements RunBoard, FarmListener {

    /** A change of a run's status. */
    record Change(
            String run,
            RunStatus status,
            @Nullable Progress progress,
            @Nullable String cause) {}

    private final Map<String, LiveRun> shown = new ConcurrentHashMap<>();
    private final List<Change> changes = new CopyOnWriteArrayList<>();
    private final List<Finding> findings = new CopyOnWriteArrayList<>();
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong snapshots = new AtomicLong();
    private final AtomicLong slices = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong failedCommits = new AtomicLong();
    private final Map<String, List<Double>> plateaus = new ConcurrentHashMap<>();
    private final Map<String, Compared> escapes = new ConcurrentHashMap<>();

    /** What is shown of a run. */
    LiveRun shown(RunSpec run) {
        LiveRun live = shown.get(run.id());
        if (live == null) {
            throw new AssertionError("run " + run.id() + " was never shown");
        }
        return live;
    }

    List<Change> changes() {
        return changes;
    }

    /** The statuses that a run went through. */
    List<RunStatus> statuses(RunSpec run) {
        return changes.stream()
                .filter(change -> change.run.equals(run.id()))
                .map(Change::status)
                .toList();
    }

    List<Finding> findings() {
        return findings;
    }

    long steps() {
        return steps.get();
    }

    long snapshots() {
        return snapshots.get();
    }

    long slices() {
        return slices.get();
    }

    long commits() {
        return commits.get();
    }

    long failedCommits() {
        return failedCommits.get();
    }

    /** The lengths of the plateaus that a run was seen to leave, in flow time. */
    List<Double> leftPlateaus(RunSpec run) {
        return plateaus.getOrDefault(run.id(), List.of());
    }

    /** When a run left the origin, beside theory; null until both are known. */
    @Nullable
    Compared leftOrigin(RunSpec run) {
        return escapes.get(run.id());
    }

    @Override
    public void show(LiveRun run) {
        shown.put(run.spec().id(), run);
    }

    @Override
    public void leftPlateau(RunSpec run, double flowTime) {
        plateaus.computeIfAbsent(run.id(), id -> new CopyOnWriteArrayList<>()).add(flowTime);
    }

    @Override
    public void forget(String run) {
        shown.remove(run);
    }

    @Override
    public void leftOrigin(RunSpec run, double flowTime, double earliest) {
        escapes.put(run.id(), new Compared(Compared.Quantity.ESCAPE_TIME, 0, earliest, flowTime));
    }

    @Override
    public void countSteps(long taken) {
        steps.addAndGet(taken);
    }

    @Override
    public void countSnapshot() {
        snapshots.incrementAndGet();
    }

    @Override
    public void head(boolean here) {}

    @Override
    public void slice(String run, double seconds) {
        slices.incrementAndGet();
    }

    @Override
    public void commit(String run, double seconds) {
        commits.incrementAndGet();
    }

    @Override
    public void countFailedCommit() {
        failedCommits.incrementAndGet();
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        findings.add(finding);
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        changes.add(new Change(run.id(), status, progress, cause));
    }
}
