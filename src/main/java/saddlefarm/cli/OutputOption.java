package saddlefarm.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import saddlefarm.run.RunStore;
import saddlefarm.store.PostgresDatabase;
import saddlefarm.store.ResultsDirectory;
import saddlefarm.store.ResultsPlace;

/** The options that say where the results are, and the settings of the process, which may say so too. */
final class OutputOption {

    private static final Path DEFAULT = Path.of("farm-out");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Directory of the results (default: the database store.url, or farm-out where that is not set).")
    private @Nullable Path directory;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of the process: farm.*, store.*, cluster.* and http.*.")
    private @Nullable Path config;

    private @Nullable ProcessSettings settings;

    ProcessSettings settings() {
        if (settings == null) {
            settings = ProcessSettings.read(config, System.getenv());
        }
        return settings;
    }

    /** Where the results are. */
    ResultsPlace place() {
        if (directory != null) {
            return new ResultsDirectory(directory);
        }
        @Nullable PostgresDatabase database = settings().database();
        return database != null ? database : new ResultsDirectory(DEFAULT);
    }

    /** Where the results are of a farm of many nodes. */
    PostgresDatabase sharedDatabase() {
        @Nullable PostgresDatabase database = settings().database();
        if (directory != null || database == null) {
            throw new Misuse("with farm.mode = cluster the results are in store.url: --out cannot be given");
        }
        return database.shared();
    }

    /** The results as they are now, whether a farm works on them or not. */
    RunStore read() {
        return place().openReadOnly();
    }

    /** What another command needs to find the same results: options, each after a space. */
    String again() {
        if (directory != null) {
            return directory.equals(DEFAULT) ? "" : option("--out", directory);
        }
        return config == null || settings().database() == null ? "" : option("--config", config);
    }

    private static String option(String name, Path value) {
        return " %s %s".formatted(name, GivenCommand.quoted(value.toString()));
    }
}
