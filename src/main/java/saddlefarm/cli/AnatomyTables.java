package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleIndex;
import saddlefarm.run.StoredPlateau;

/** What the saddles of one run are made of and how they were left, for people to read. */
final class AnatomyTables {

    private static final String UNBOUNDED = "∞";

    private AnatomyTables() {}

    /** Prints a line for each plateau whose saddle was looked at. */
    static void printSaddles(List<StoredPlateau> plateaus, PrintWriter out) {
        var table = new TextTable(
                List.of("plateau", "index", "rank of Jacobian", "activations", "balance", "alignment", "dead units"));
        for (StoredPlateau stored : plateaus) {
            @Nullable Saddle saddle = stored.saddle();
            if (saddle != null) {
                table.add(List.of(
                        TextTable.count(stored.plateau().number()),
                        index(saddle.index()),
                        TextTable.count(saddle.jacobianRank()),
                        counts(saddle.activationRanks()),
                        parts(saddle.balance()),
                        parts(saddle.alignment()),
                        counts(saddle.deadUnits())));
            }
        }
        table.print(out);
    }

    /** Prints a line for each plateau that was left while somebody measured. */
    static void printEscapes(List<StoredPlateau> plateaus, PrintWriter out) {
        var table = new TextTable(List.of(
                "plateau",
                "step",
                "flow time",
                "loss",
                "speed",
                "cosine",
                "with least λ",
                "σ1/σ2 of layers",
                "energy of layers"));
        for (StoredPlateau stored : plateaus) {
            @Nullable Escape escape = stored.escape();
            if (escape != null) {
                table.add(List.of(
                        TextTable.count(stored.plateau().number()),
                        TextTable.count(escape.step()),
                        TextTable.quantity(escape.flowTime()),
                        TextTable.quantity(escape.loss()),
                        TextTable.quantity(escape.speed()),
                        TextTable.quantity(escape.cosine()),
                        TextTable.quantity(escape.leadingCosine()),
                        ratios(escape.ratios()),
                        parts(escape.energies())));
            }
        }
        table.print(out);
    }

    /** Such as {@code 3}, or {@code 16 or more}. */
    private static String index(@Nullable SaddleIndex index) {
        if (index == null) {
            return "";
        }
        return index.complete() ? TextTable.count(index.count()) : TextTable.count(index.count()) + " or more";
    }

    private static String counts(List<Integer> counts) {
        return counts.stream().map(TextTable::count).collect(Collectors.joining(" "));
    }

    /** Parts of a whole, to three decimals. */
    private static String parts(List<Double> parts) {
        return parts.stream()
                .map(part -> String.format(Locale.ROOT, "%.3f", part))
                .collect(Collectors.joining(" "));
    }

    private static String ratios(List<Double> ratios) {
        return ratios.stream()
                .map(ratio -> Double.isInfinite(ratio) ? UNBOUNDED : String.format(Locale.ROOT, "%.3g", ratio))
                .collect(Collectors.joining(" "));
    }
}
