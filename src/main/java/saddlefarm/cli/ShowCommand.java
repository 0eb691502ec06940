package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.Specification;
import saddlefarm.report.AnatomyListings;
import saddlefarm.report.Listing;
import saddlefarm.report.TheorySentences;
import saddlefarm.run.Compared;
import saddlefarm.run.Comparison;
import saddlefarm.run.Progress;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;

/** Shows one run. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Shows one run: its specification, plateaus, transitions, and the spectra at each plateau.",
            "",
            "For example: saddlefarm show 3f9a"
        })
final class ShowCommand implements Callable<Integer> {

    private static final int MOST_VALUES = 6;

    @Parameters(paramLabel = "RUN", description = "Id of the run, or the beginning of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String run;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (var store = out.read()) {
            RunSummary summary = RunChoice.run(store, run);
            PrintWriter writer = spec.commandLine().getOut();
            if (json) {
                writer.println(Json.text(RunDocument.full(store, summary)));
            } else {
                print(store, summary, writer);
            }
        }
        return ExitCode.OK;
    }

    private static void print(RunStore store, RunSummary run, PrintWriter out) {
        @Nullable Progress at = run.progress();
        out.printf(
                "run %s of %s: %s%n", run.id(), run.experiment(), run.status().label());
        if (run.cause() != null) {
            out.println(run.cause());
        }
        if (at != null) {
            out.printf(
                    "step %s, flow time %s, loss %s, rank %d%n",
                    TextTable.count(at.step()),
                    TextTable.quantity(at.flowTime()),
                    TextTable.quantity(at.loss()),
                    at.rank());
            if (at.evaluations() != null) {
                out.printf("%s evaluations of the gradient%n", TextTable.count(at.evaluations()));
            }
        }
        store.extended(run.id())
                .ifPresent(from -> out.printf(
                        "extended from run %s, from step %s on%n", from.run(), TextTable.count(from.step())));
        List<String> forks = store.forks(run.id());
        if (!forks.isEmpty()) {
            out.println("forked into " + String.join(", ", forks));
        }
        store.machines(run.id()).forEach(machine -> out.println("computed by " + machine));
        out.println();
        out.println("Specification");
        var specification = new TextTable(List.of("key", "value"));
        Specification.entries(store.specification(run.id()).orElseThrow())
                .forEach((key, value) -> specification.add(List.of(key, value)));
        specification.print(out);

        List<StoredPlateau> plateaus = store.plateaus(run.id());
        out.println();
        out.println("Plateaus");
        List<Compared> compared = Comparison.of(store, run.id());
        SaddleTable.printPlateaus(plateaus, compared, out);

        if (plateaus.stream().anyMatch(stored -> stored.saddle() != null)) {
            out.println();
            out.println("Saddles");
            TextTable.of(AnatomyListings.saddles(plateaus)).print(out);
        }

        out.println();
        out.println("Transitions");
        var transitions = new TextTable(List.of("transition", "step", "flow time", "rank before", "rank after"));
        store.transitions(run.id())
                .forEach(stored -> transitions.add(List.of(
                        TextTable.count(stored.transition().number()),
                        TextTable.count(stored.transition().step()),
                        TextTable.quantity(stored.transition().flowTime()),
                        TextTable.count(stored.transition().rankBefore()),
                        TextTable.count(stored.rankAfter()))));
        transitions.print(out);

        if (plateaus.stream().anyMatch(stored -> stored.escape() != null)) {
            out.println();
            out.println("Escapes, where the loss had dropped by 2%");
            TextTable.of(AnatomyListings.escapes(plateaus)).print(out);
        }

        out.println();
        out.println("Theory beside measurement");
        TheorySentences.of(store.theory(run.id()).orElse(null), compared).forEach(out::println);
        Listing halfTimes = TheorySentences.halfTimes(compared);
        if (!halfTimes.rows().isEmpty()) {
            TextTable.of(halfTimes).print(out);
        }

        out.println();
        out.println("Leading singular values at the plateaus");
        printSpectra(plateaus, out);
    }

    private static void printSpectra(List<StoredPlateau> plateaus, PrintWriter out) {
        var header = new ArrayList<>(List.of("plateau", "layer"));
        for (int index = 1; index <= MOST_VALUES; index++) {
            header.add("σ" + index);
        }
        var table = new TextTable(header);
        for (StoredPlateau stored : plateaus) {
            Spectra spectra = stored.spectra();
            for (int layer = 1; layer <= spectra.depth(); layer++) {
                var row = new ArrayList<String>();
                row.add(layer == 1 ? TextTable.count(stored.plateau().number()) : "");
                row.add(TextTable.count(layer));
                for (int index = 1; index <= MOST_VALUES; index++) {
                    row.add(index <= spectra.count(layer) ? TextTable.quantity(spectra.value(layer, index)) : "");
                }
                table.add(row);
            }
        }
        table.print(out);
    }
}
