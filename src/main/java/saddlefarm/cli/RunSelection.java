package saddlefarm.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** The options of commands that tell of some of the stored runs. */
final class RunSelection {

    @Option(names = "--experiment", paramLabel = "NAME", description = "Only the runs of this experiment.")
    private @Nullable String experiment;

    @Option(names = "--run", paramLabel = "RUN", description = "Only this run: its id, or the beginning of it.")
    private @Nullable String run;

    /** The runs that are meant; all where nothing is said. */
    List<RunSummary> of(RunStore store) {
        return RunChoice.runs(store, run, experiment);
    }
}
