package saddlefarm.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.report.Report;
import saddlefarm.run.RunSummary;

/** Writes a page about the results. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Writes one page about runs, up to their last commit: a file complete in itself, with figures of all runs"
                    + " together and run by run, each as SVG with the CSV behind it.",
            "",
            "For example: saddlefarm report --to report.html"
        })
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "The page, such as report.html.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path to;

    @Mixin
    private final RunSelection selection = new RunSelection();

    @Option(
            names = "--figures",
            paramLabel = "DIR",
            description = "Write every figure as a file too: an SVG, and a CSV of the same name.")
    private @Nullable Path figures;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        checkPlace();
        try (var store = out.read()) {
            List<RunSummary> runs = selection.of(store);
            if (runs.isEmpty()) {
                throw new Misuse("there are no runs in " + out.place());
            }
            var begun = System.nanoTime();
            try {
                if (figures != null) {
                    Files.createDirectories(figures);
                }
                Report.write(store, runs, to, figures, done -> {
                    if (System.nanoTime() - begun > 2_000_000_000L && done % 10 == 0) {
                        err.printf("read %d of %d runs%n", done, runs.size());
                    }
                });
            } catch (IOException e) {
                throw new Misuse("cannot write %s: %s".formatted(to, e));
            }
            err.printf("%d %s reported in %s%n", runs.size(), runs.size() == 1 ? "run" : "runs", to);
        }
        return ExitCode.OK;
    }

    private void checkPlace() {
        if (Files.isDirectory(to)) {
            throw new Misuse(
                    "--to %s is a directory; a page is a file, such as %s".formatted(to, to.resolve("report.html")));
        }
        Path directory = to.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            throw new Misuse("--to %s: there is no directory %s".formatted(to, directory));
        }
        if (figures != null && Files.exists(figures) && !Files.isDirectory(figures)) {
            throw new Misuse("--figures %s is a file, not a directory".formatted(figures));
        }
    }
}
