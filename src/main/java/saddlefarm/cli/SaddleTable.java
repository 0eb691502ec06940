package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Plateau;
import saddlefarm.report.PlateauSummary;
import saddlefarm.run.Compared;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;

/** What runs have found, for people to read. */
final class SaddleTable {

    private SaddleTable() {}

    /** Prints the plateaus of each run. */
    static void printRuns(RunStore store, List<RunSummary> runs, PrintWriter out) {
        List<String> swept = runs.stream()
                .flatMap(run -> run.swept().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        var header = new ArrayList<>(List.of("run"));
        header.addAll(swept);
        header.addAll(columns());
        var table = new TextTable(header);
        for (RunSummary run : runs) {
            boolean first = true;
            for (StoredPlateau stored : store.plateaus(run.id())) {
                var row = new ArrayList<String>();
                row.add(first ? run.id() : "");
                for (String key : swept) {
                    row.add(first ? run.swept().getOrDefault(key, "") : "");
                }
                row.addAll(cells(stored.plateau()));
                table.add(row);
                first = false;
            }
        }
        table.print(out);
    }

    /** Prints the plateaus of one run, beside the levels of the ladder where there is one. */
    static void printPlateaus(List<StoredPlateau> plateaus, List<Compared> compared, PrintWriter out) {
        Map<Integer, Compared> levels = compared.stream()
                .filter(one -> one.quantity() == Compared.Quantity.LEVEL)
                .collect(Collectors.toMap(Compared::index, one -> one));
        var header = new ArrayList<>(columns());
        if (!levels.isEmpty()) {
            header.addAll(List.of("level", "measured/predicted"));
        }
        var table = new TextTable(header);
        for (StoredPlateau stored : plateaus) {
            var row = new ArrayList<>(cells(stored.plateau()));
            @Nullable Compared level = levels.get(stored.plateau().number());
            if (level != null) {
                row.add(TextTable.quantity(level.predicted()));
                row.add(TextTable.quantity(level.ratio()));
            }
            table.add(row);
        }
        table.print(out);
    }

    /** Prints for each number of plateau what it was like over all runs. */
    static void printSummary(RunStore store, List<RunSummary> runs, PrintWriter out) {
        var table = new TextTable(List.of("plateau", "in runs", "ranks", "median loss", "least loss", "greatest loss"));
        for (PlateauSummary plateaus : PlateauSummary.of(store, runs)) {
            table.add(List.of(
                    TextTable.count(plateaus.number()),
                    "%d of %d".formatted(plateaus.runs(), runs.size()),
                    plateaus.ranksText(),
                    TextTable.quantity(plateaus.medianLoss()),
                    TextTable.quantity(plateaus.leastLoss()),
                    TextTable.quantity(plateaus.greatestLoss())));
        }
        table.print(out);
    }

    private static List<String> columns() {
        return List.of(
                "plateau", "rank", "loss", "steps", "flow time", "kind", "least λ", "greatest λ", "ranks of layers");
    }

    private static List<String> cells(Plateau plateau) {
        return List.of(
                TextTable.count(plateau.number()),
                TextTable.count(plateau.rank()),
                TextTable.quantity(plateau.loss()),
                range(TextTable.count(plateau.startStep()), TextTable.count(plateau.endStep())),
                range(time(plateau.startTime()), time(plateau.endTime())),
                plateau.kind().label(),
                TextTable.quantity(plateau.lambdaMin()),
                TextTable.quantity(plateau.lambdaMax()),
                plateau.layerRanks().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    private static String range(String from, String to) {
        return to.isEmpty() ? "from " + from : from + " to " + to;
    }

    private static String time(@Nullable Double flowTime) {
        return flowTime == null ? "" : String.format(java.util.Locale.ROOT, "%,.1f", flowTime);
    }
}
