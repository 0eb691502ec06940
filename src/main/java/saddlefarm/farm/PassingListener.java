package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** Passes everything on to another listener; a subclass looks at some of it. */
public abstract class PassingListener implements FarmListener {

    private final FarmListener next;

    protected PassingListener(FarmListener next) {
        this.next = next;
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        next.found(run, finding);
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        next.changed(run, status, progress, cause);
    }

    @Override
    public void broken(Throwable why) {
        next.broken(why);
    }

    @Override
    public void predicting(RunSpec run, int restarts) {
        next.predicting(run, restarts);
    }
}
