package saddlefarm.run;

import java.nio.file.Path;
import java.util.List;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;

/** Runs as they were asked for, from what is stored of them. */
public final class StoredSpec {

    private StoredSpec() {}

    /**
     * A run as it was asked for.
     *
     * @throws ExperimentException if this version computes it in another way, or a file of it is gone
     */
    public static RunSpec of(RunStore store, RunSummary run) {
        String specification = store.specification(run.id()).orElseThrow();
        return Experiment.parse(specification, "the specification of run " + run.id(), Path.of(""), List.of())
                .runs()
                .get(0)
                .withSwept(run.swept());
    }
}
