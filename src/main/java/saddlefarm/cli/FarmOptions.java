package saddlefarm.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that train. */
final class FarmOptions {

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Trainings that compute at once (default: processors).")
    private @Nullable Integer parallel;

    @Option(names = "--no-progress", description = "Tell nothing while the runs train.")
    private boolean noProgress;

    boolean progress() {
        return !noProgress;
    }

    /** The settings of the process with these options over them. */
    ProcessSettings over(ProcessSettings settings) {
        if (parallel == null) {
            return settings;
        }
        if (parallel < 1 || parallel > 1024) {
            throw new Misuse("--parallel must be from 1 to 1024 but was " + parallel);
        }
        return settings.withParallel(parallel);
    }
}
