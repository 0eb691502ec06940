package saddlefarm.cli;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard;

/** The runs of this process as they are now, for its terminal; passes everything on to another board. */
final class LiveBoard implements RunBoard {

    private final RunBoard next;
    private final Map<String, LiveRun> runs = new ConcurrentHashMap<>();
    private final LongAdder steps = new LongAdder();

    LiveBoard(RunBoard next) {
        this.next = next;
    }

    /** The runs by id; changes while it is read. */
    Map<String, LiveRun> runs() {
        return runs;
    }

    /** Steps taken by all runs in this process. */
    long steps() {
        return steps.sum();
    }

    @Override
    public void show(LiveRun run) {
        runs.put(run.spec().id(), run);
        next.show(run);
    }

    @Override
    public void leftPlateau(RunSpec run, double flowTime) {
        next.leftPlateau(run, flowTime);
    }

    @Override
    public void leftOrigin(RunSpec run, double flowTime, double earliest) {
        next.leftOrigin(run, flowTime, earliest);
    }

    @Override
    public void countSteps(long count) {
        steps.add(count);
        next.countSteps(count);
    }

    @Override
    public void countSnapshot() {
        next.countSnapshot();
    }

    @Override
    public void slice(double seconds) {
        next.slice(seconds);
    }

    @Override
    public void commit(double seconds) {
        next.commit(seconds);
    }

    @Override
    public void countFailedCommit() {
        next.countFailedCommit();
    }
}
