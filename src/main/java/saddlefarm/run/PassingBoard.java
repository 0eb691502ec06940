package saddlefarm.run;

import saddlefarm.experiment.RunSpec;

/** Passes everything on to another board; a subclass looks at some of it. */
public abstract class PassingBoard implements RunBoard {

    private final RunBoard next;

    protected PassingBoard(RunBoard next) {
        this.next = next;
    }

    @Override
    public void show(LiveRun run) {
        next.show(run);
    }

    @Override
    public void forget(String run) {
        next.forget(run);
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
    public void head(boolean here) {
        next.head(here);
    }

    @Override
    public void countSteps(long steps) {
        next.countSteps(steps);
    }

    @Override
    public void countSnapshot() {
        next.countSnapshot();
    }

    @Override
    public void slice(String run, double seconds) {
        next.slice(run, seconds);
    }

    @Override
    public void commit(String run, double seconds) {
        next.commit(run, seconds);
    }

    @Override
    public void countFailedCommit() {
        next.countFailedCommit();
    }
}
