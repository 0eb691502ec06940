package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** Told of what happens in a farm, as it happens. Called from actors: return at once, and never throw. */
public interface FarmListener {

    /** Something was found; what the last commit does not hold yet is found again after a crash. */
    void found(RunSpec run, Finding finding);

    /** A run's status changed. */
    void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause);
}
