package saddlefarm.run;

/** A board that nobody looks at; a subclass may look at some of it. */
public class NoBoard implements RunBoard {

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
