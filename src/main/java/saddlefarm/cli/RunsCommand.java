package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.experiment.Json;
import saddlefarm.run.Progress;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunSummary;

/** Lists runs. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Lists every run with its state at its last commit.",
            "",
            "For example: saddlefarm runs --out farm-out"
        })
final class RunsCommand implements Callable<Integer> {

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(names = "--json", description = "Print a JSON array with an object for each run.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter writer = spec.commandLine().getOut();
        try (var store = out.read()) {
            List<RunSummary> runs = store.runs();
            if (json) {
                writer.println(Json.text(runs.stream().map(RunDocument::summary).toList()));
            } else {
                print(runs, writer);
            }
        }
        return ExitCode.OK;
    }

    /** Prints runs as a table, with a column for each swept key. */
    static void print(List<RunSummary> runs, PrintWriter out) {
        SortedSet<String> swept = runs.stream()
                .flatMap(run -> run.swept().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        var header = new ArrayList<>(List.of("run", "experiment", "status", "steps", "loss", "rank", "plateaus"));
        header.addAll(swept);
        var table = new TextTable(header);
        for (RunSummary run : runs) {
            @Nullable Progress at = run.progress();
            var row = new ArrayList<>(List.of(
                    run.id(),
                    run.experiment(),
                    run.status().label(),
                    at == null ? "" : TextTable.count(at.step()),
                    at == null ? "" : TextTable.quantity(at.loss()),
                    at == null ? "" : TextTable.count(at.rank()),
                    at == null ? "" : TextTable.count(at.plateaus())));
            swept.forEach(key -> row.add(run.swept().getOrDefault(key, "")));
            table.add(row);
        }
        table.print(out);
    }
}
