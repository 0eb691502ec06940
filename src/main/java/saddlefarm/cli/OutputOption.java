package saddlefarm.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import saddlefarm.run.RunStore;
import saddlefarm.store.SqlRunStore;

/** The option that says which directory holds the results. */
final class OutputOption {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "farm-out",
            description = "Directory of the results (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Path directory;

    /** The results as they are now, whether a farm works on them or not. */
    RunStore read() {
        return SqlRunStore.openReadOnly(directory);
    }
}
