package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleIndex;
import saddlefarm.run.StoredPlateau;

/** What the saddles of one run are made of and how they were left, for people to read. */
public final class AnatomyListings {

    private static final String UNBOUNDED = "∞";

    private static final List<String> SADDLE =
            List.of("plateau", "index", "rank of Jacobian", "activations", "balance", "alignment", "dead units");

    private static final List<String> ESCAPE = List.of(
            "plateau",
            "step",
            "flow time",
            "loss",
            "speed",
            "cosine",
            "with least λ",
            "σ1/σ2 of layers",
            "energy of layers");

    private AnatomyListings() {}

    /** A row for each plateau whose saddle was looked at. */
    public static Listing saddles(List<StoredPlateau> plateaus) {
        var rows = new ArrayList<List<String>>();
        for (StoredPlateau stored : plateaus) {
            @Nullable Saddle saddle = stored.saddle();
            if (saddle != null) {
                rows.add(List.of(
                        Rounded.count(stored.plateau().number()),
                        index(saddle.index()),
                        Rounded.count(saddle.jacobianRank()),
                        counts(saddle.activationRanks()),
                        parts(saddle.balance()),
                        parts(saddle.alignment()),
                        counts(saddle.deadUnits())));
            }
        }
        return new Listing(SADDLE, rows);
    }

    /** A row for each plateau that was left while somebody measured. */
    public static Listing escapes(List<StoredPlateau> plateaus) {
        var rows = new ArrayList<List<String>>();
        for (StoredPlateau stored : plateaus) {
            @Nullable Escape escape = stored.escape();
            if (escape != null) {
                rows.add(List.of(
                        Rounded.count(stored.plateau().number()),
                        Rounded.count(escape.step()),
                        Rounded.quantity(escape.flowTime()),
                        Rounded.quantity(escape.loss()),
                        Rounded.quantity(escape.speed()),
                        Rounded.quantity(escape.cosine()),
                        Rounded.quantity(escape.leadingCosine()),
                        ratios(escape.ratios()),
                        parts(escape.energies())));
            }
        }
        return new Listing(ESCAPE, rows);
    }

    /** Such as {@code 3}, or {@code 16 or more}. */
    private static String index(@Nullable SaddleIndex index) {
        if (index == null) {
            return "";
        }
        return index.complete() ? Rounded.count(index.count()) : Rounded.count(index.count()) + " or more";
    }

    private static String counts(List<Integer> counts) {
        return counts.stream().map(Rounded::count).collect(Collectors.joining(" "));
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
