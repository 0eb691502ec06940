package saddlefarm.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.report.CsvExport;
import saddlefarm.report.Export;
import saddlefarm.report.FigureExport;
import saddlefarm.report.NpzExport;
import saddlefarm.run.RunSummary;

/** Writes results as files. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Writes runs, up to their last commit, as files: csv (eight tables for all runs), npz (one file a run, for"
                    + " NumPy) or svg (one figure a run).",
            "",
            "For example: saddlefarm export --format csv --to results"
        })
final class ExportCommand implements Callable<Integer> {

    /** How runs are written. */
    enum Format {
        CSV,
        NPZ,
        SVG;

        /** As users write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        Export export() {
            return switch (this) {
                case CSV -> new CsvExport();
                case NPZ -> new NpzExport();
                case SVG -> new FigureExport();
            };
        }
    }

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(names = "--format", required = true, description = "csv, npz or svg.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "Directory for the files.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path to;

    @Mixin
    private final RunSelection selection = new RunSelection();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (var store = out.read()) {
            List<RunSummary> runs = selection.of(store);
            if (Files.exists(to) && !Files.isDirectory(to)) {
                throw new Misuse(to + " is a file, not a directory");
            }
            var begun = System.nanoTime();
            try {
                Files.createDirectories(to);
                format.export().write(store, runs, to, done -> {
                    if (System.nanoTime() - begun > 2_000_000_000L && done % 10 == 0) {
                        err.printf("exported %d of %d runs%n", done, runs.size());
                    }
                });
            } catch (IOException e) {
                throw new Misuse("cannot write to %s: %s".formatted(to, e.getMessage()));
            }
            err.printf("%d %s exported to %s%n", runs.size(), runs.size() == 1 ? "run" : "runs", to);
        }
        return ExitCode.OK;
    }
}
