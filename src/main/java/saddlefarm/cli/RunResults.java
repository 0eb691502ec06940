package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.Json;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** What came out of the runs that a command has trained, for people or as one JSON object. */
final class RunResults {

    private static final int MOST_RUNS_IN_FULL = 12;

    private final OutputOption results;
    private final boolean json;
    private final PrintWriter out;
    private final PrintWriter err;

    /** @param err where runs are named that did not complete */
    RunResults(OutputOption results, boolean json, PrintWriter out, PrintWriter err) {
        this.results = results;
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /** Prints all and returns the exit code. */
    int report(List<RunSummary> runs, RunStore store) {
        printIfJson(runs);
        if (!json) {
            print(runs, store);
        }
        List<RunSummary> bad =
                runs.stream().filter(run -> run.status() != RunStatus.COMPLETED).toList();
        for (RunSummary run : bad) {
            err.printf("run %s %s%n", run.id(), outcome(run));
        }
        return bad.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** A cause may begin with the status, as in "diverged at step 4". */
    static String outcome(RunSummary run) {
        String status = run.status().label();
        @Nullable String cause = run.cause();
        return cause == null ? status : cause.startsWith(status) ? cause : status + ": " + cause;
    }

    void printIfJson(List<RunSummary> runs) {
        if (json) {
            out.println(Json.text(document(runs)));
        }
    }

    private Map<String, @Nullable Object> document(List<RunSummary> runs) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("out", results.place().toString());
        document.put("runs", runs.stream().map(RunDocument::summary).toList());
        return document;
    }

    private void print(List<RunSummary> runs, RunStore store) {
        runs.stream()
                .collect(Collectors.groupingBy(RunSummary::experiment, LinkedHashMap::new, Collectors.toList()))
                .forEach((experiment, ofExperiment) -> {
                    out.println();
                    out.printf("Saddles of %s%n", experiment);
                    out.println();
                    if (ofExperiment.size() <= MOST_RUNS_IN_FULL) {
                        SaddleTable.printRuns(store, ofExperiment, out);
                    } else {
                        RunsCommand.print(ofExperiment, out);
                    }
                    if (ofExperiment.size() > 1) {
                        out.println();
                        SaddleTable.printSummary(store, ofExperiment, out);
                    }
                });
        out.println();
        out.printf("More of a run: %s show RUN%s%n", Main.PROGRAM, results.again());
    }
}
