package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.Compared;
import saddlefarm.run.Compared.Quantity;
import saddlefarm.theory.EscapeSearch;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.NearestEscape;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Theory;

/** What theory predicts of a run, for people to read. */
final class TheoryText {

    private TheoryText() {}

    /** @param theory null where it is missing */
    static void print(@Nullable Theory theory, List<Compared> compared, PrintWriter out) {
        out.println("Theory beside measurement");
        if (theory == null) {
            out.println(
                    "not worked out yet: it is when the run has left the origin or has ended, and the farm goes on");
            return;
        }
        printEscape(theory, compared, out);
        if (theory.halfTimes().value() != null) {
            printHalfTimes(compared, out);
        }
        Double edge = theory.edgeOfStability().value();
        if (edge != null) {
            out.printf(
                    "2/η = %s%s%n",
                    TextTable.quantity(edge),
                    compared.stream()
                            .filter(one -> one.quantity() == Quantity.SHARPNESS)
                            .map(Compared::ratio)
                            .filter(ratio -> ratio != null)
                            .max(Double::compare)
                            .map(ratio -> ", of which the greatest λ of a plateau is " + ratio(ratio))
                            .orElse(""));
        }
        Ladder ladder = theory.ladder().value();
        if (ladder == null) {
            out.println("no levels: " + theory.ladder().reason());
        } else if (!ladder.exact()) {
            out.println("levels are bounds: the least loss of any outputs of that rank");
        }
    }

    private static void printEscape(Theory theory, List<Compared> compared, PrintWriter out) {
        OptimalEscape optimal = theory.optimal().value();
        if (optimal == null) {
            out.println("no escape directions: " + theory.optimal().reason());
            return;
        }
        out.printf(
                "fastest escape direction: speed %s, by %d of %d restarts; %s%n",
                TextTable.quantity(optimal.speed()), optimal.reachedBest(), optimal.restarts(), optimal.verdict());
        NearestEscape nearest = theory.nearest().value();
        if (nearest == null) {
            out.println("no direction of its own: " + theory.nearest().reason());
        } else {
            out.printf(
                    "the run left with %s of that speed; the direction nearest to its own has speed %s, cosine %s%s%n",
                    ratio(find(compared, Quantity.ESCAPE_SPEED)),
                    TextTable.quantity(nearest.speed()),
                    TextTable.quantity(nearest.cosine()),
                    nearest.residual() <= EscapeSearch.STATIONARY
                            ? ""
                            : ", not stationary yet (residual %s)".formatted(TextTable.quantity(nearest.residual())));
        }
        Double earliest = theory.earliestEscape().value();
        Double times = find(compared, Quantity.ESCAPE_TIME);
        if (earliest != null && earliest == 0) {
            out.println("earliest escape: no bound, weights of that size could have left at once");
        } else if (earliest != null) {
            out.printf(
                    "earliest escape: flow time %s%s%n",
                    TextTable.quantity(earliest),
                    times == null ? "" : ", of which the run took " + ratio(times) + " times as long");
        }
    }

    private static void printHalfTimes(List<Compared> compared, PrintWriter out) {
        var table = new TextTable(List.of("mode", "half-time predicted", "measured", "measured/predicted"));
        compared.stream()
                .filter(one -> one.quantity() == Quantity.HALF_TIME)
                .forEach(one -> table.add(List.of(
                        TextTable.count(one.index()),
                        TextTable.quantity(one.predicted()),
                        TextTable.quantity(one.measured()),
                        ratio(one.ratio()))));
        table.print(out);
    }

    private static @Nullable Double find(List<Compared> compared, Quantity quantity) {
        return compared.stream()
                .filter(one -> one.quantity() == quantity)
                .findFirst()
                .map(Compared::ratio)
                .orElse(null);
    }

    private static String ratio(@Nullable Double ratio) {
        return ratio == null ? "" : String.format(Locale.ROOT, "%.4f", ratio);
    }
}
