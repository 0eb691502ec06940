package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** Listens to nothing. */
public class Deaf implements FarmListener {

    @Override
    public void found(RunSpec run, Finding finding) {}

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {}
}
