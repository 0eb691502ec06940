package saddlefarm.run;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;

/** Runs as they were asked for, from what is stored of them. */
public final class StoredSpec {

    private StoredSpec() {}

    /**
     * A run as it was asked for.
     *
     * @throws ExperimentException if this version computes it in another way
     */
    public static RunSpec of(RunStore store, RunSummary run) {
        return of(run.id(), store.specification(run.id()).orElseThrow(), run.swept());
    }

    /**
     * The same from its parts.
     *
     * @param id of the run
     * @param specification as {@link RunSpec#specification} has it
     * @param swept as {@link RunSpec#swept} has it
     */
    public static RunSpec of(String id, String specification, SortedMap<String, String> swept) {
        return Experiment.parse(specification, "the specification of run " + id, Path.of(""), List.of())
                .runs()
                .get(0)
                .withSwept(swept);
    }
}
