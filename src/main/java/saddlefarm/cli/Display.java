package saddlefarm.cli;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.FarmListener;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** Passes on to a progress display, if the user wants one. */
final class Display implements FarmListener, AutoCloseable {

    private final @Nullable ProgressDisplay progress;

    Display(@Nullable ProgressDisplay progress) {
        this.progress = progress;
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        if (progress != null) {
            progress.found(run, finding);
        }
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress at, @Nullable String cause) {
        if (progress != null) {
            progress.changed(run, status, at, cause);
        }
    }

    @Override
    public void predicting(RunSpec run, int restarts) {
        if (progress != null) {
            progress.predicting(run, restarts);
        }
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
