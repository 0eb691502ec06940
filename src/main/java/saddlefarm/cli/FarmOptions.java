package saddlefarm.cli;

import java.nio.file.Path;
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

    @Option(names = "--config", paramLabel = "FILE", description = "Settings of the process: farm.* and http.*.")
    private @Nullable Path config;

    boolean progress() {
        return !noProgress;
    }

    ProcessSettings settings() {
        ProcessSettings settings = ProcessSettings.read(config, System.getenv());
        if (parallel == null) {
            return settings;
        }
        if (parallel < 1 || parallel > 1024) {
            throw new Misuse("--parallel must be from 1 to 1024 but was " + parallel);
        }
        return settings.withParallel(parallel);
    }
}
