package saddlefarm.run;

import saddlefarm.experiment.RunSpec;

/** A board that nobody looks at; a subclass may look at some of it. */
public class NoBoard implements RunBoard {

    @Override
    public void show(LiveRun run) {}

    @Override
    public void forget(String run) {}

    @Override
    public void leftPlateau(RunSpec run, double flowTime) {}

    @Override
    public void leftOrigin(RunSpec run, double flowTime, double earliest) {}

    @Override
    public void head(boolean here) {}

    @Override
    public void countSteps(long steps) {}

    @Override
    public void countSnapshot() {}

    @Override
    public void slice(String run, double seconds) {}

    @Override
    public void commit(String run, double seconds) {}

    @Override
    public void countFailedCommit() {}
}
