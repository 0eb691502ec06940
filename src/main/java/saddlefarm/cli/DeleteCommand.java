package saddlefarm.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** Forgets runs. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Deletes a run, or all runs of an experiment, with everything that they found.",
            "",
            "For example: saddlefarm delete 3f9a --yes"
        })
final class DeleteCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN|EXPERIMENT", description = "Name of an experiment, or the beginning of a run's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String what;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<RunSummary> runs;
        try (var store = out.read()) {
            runs = chosen(store);
        }
        PrintWriter err = spec.commandLine().getErr();
        String count = runs.size() == 1 ? "run " + runs.get(0).id() : runs.size() + " runs of " + what;
        if (!yes && !confirmed(count, err)) {
            err.println("Nothing deleted.");
            return ExitCode.OK;
        }
        try (var store = out.place().open()) {
            store.delete(runs.stream().map(RunSummary::id).toList());
        }
        err.println("Deleted " + count + ".");
        return ExitCode.OK;
    }

    private List<RunSummary> chosen(RunStore store) {
        List<RunSummary> ofExperiment = store.runs().stream()
                .filter(run -> run.experiment().equals(what))
                .toList();
        return ofExperiment.isEmpty() ? List.of(RunChoice.run(store, what)) : ofExperiment;
    }

    private static boolean confirmed(String count, PrintWriter err) {
        err.printf("Delete %s and everything found? [y/N] ", count);
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return answer != null
                    && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the answer: " + e.getMessage(), e);
        }
    }
}
