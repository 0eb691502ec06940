package saddlefarm.cli;

import saddlefarm.run.RunBoard;

/** A board that nobody looks at. */
final class NoBoard implements RunBoard {

    @Override
    public void show(LiveRun run) {}

    @Override
    public void countSteps(long steps) {}

    @Override
    public void countSnapshot() {}

    @Override
    public void slice(double seconds) {}

    @Override
    public void commit(double seconds) {}
}
