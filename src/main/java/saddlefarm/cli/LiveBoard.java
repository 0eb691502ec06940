package saddlefarm.cli;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import saddlefarm.run.PassingBoard;
import saddlefarm.run.RunBoard;

/** The runs of this process as they are now, for its terminal; passes everything on to another board. */
final class LiveBoard extends PassingBoard {

    private final Map<String, LiveRun> runs = new ConcurrentHashMap<>();
    private final LongAdder steps = new LongAdder();

    LiveBoard(RunBoard next) {
        super(next);
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
        super.show(run);
    }

    @Override
    public void countSteps(long count) {
        steps.add(count);
        super.countSteps(count);
    }
}
