package saddlefarm.report;

import java.util.ArrayList;
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
public final class TheorySentences {

    private TheorySentences() {}

    /** @param theory null where it is missing */
    public static List<String> of(@Nullable Theory theory, List<Compared> compared) {
        if (theory == null) {
            return List.of(
                    "not worked out yet: it is when the run has left the origin or has ended, and the farm goes on");
        }
        var sentences = new ArrayList<>(escape(theory, compared));
        Double edge = theory.edgeOfStability().value();
        if (edge != null) {
            sentences.add("2/η = " + Rounded.quantity(edge)
                    + compared.stream()
                            .filter(one -> one.quantity() == Quantity.SHARPNESS)
                            .map(Compared::ratio)
                            .filter(ratio -> ratio != null)
                            .max(Double::compare)
                            .map(ratio -> ", of which the greatest λ of a plateau is " + ratio(ratio))
                            .orElse(""));
        }
        Ladder ladder = theory.ladder().value();
        if (ladder == null) {
            sentences.add("no levels: " + theory.ladder().reason());
        } else if (!ladder.exact()) {
            sentences.add("levels are bounds: the least loss of any outputs of that rank");
        }
        return sentences;
    }

    /** When modes are half learned, a row for each; none where nothing is predicted. */
    public static Listing halfTimes(List<Compared> compared) {
        return new Listing(
                List.of("mode", "half-time predicted", "measured", "measured/predicted"),
                compared.stream()
                        .filter(one -> one.quantity() == Quantity.HALF_TIME)
                        .map(one -> List.of(
                                Rounded.count(one.index()),
                                Rounded.quantity(one.predicted()),
                                Rounded.quantity(one.measured()),
                                ratio(one.ratio())))
                        .toList());
    }

    private static List<String> escape(Theory theory, List<Compared> compared) {
        OptimalEscape optimal = theory.optimal().value();
        if (optimal == null) {
            return List.of("no escape directions: " + theory.optimal().reason());
        }
        var sentences = new ArrayList<String>();
        sentences.add("fastest escape direction: speed %s, by %d of %d restarts; %s"
                .formatted(
                        Rounded.quantity(optimal.speed()),
                        optimal.reachedBest(),
                        optimal.restarts(),
                        optimal.verdict()));
        NearestEscape nearest = theory.nearest().value();
        sentences.add(
                nearest == null
                        ? "no direction of its own: " + theory.nearest().reason()
                        : "the run left with %s of that speed; the direction nearest to its own has speed %s, cosine %s%s"
                                .formatted(
                                        ratio(find(compared, Quantity.ESCAPE_SPEED)),
                                        Rounded.quantity(nearest.speed()),
                                        Rounded.quantity(nearest.cosine()),
                                        nearest.residual() <= EscapeSearch.STATIONARY
                                                ? ""
                                                : ", not stationary yet (residual %s)"
                                                        .formatted(Rounded.quantity(nearest.residual()))));
        Double earliest = theory.earliestEscape().value();
        Double times = find(compared, Quantity.ESCAPE_TIME);
        if (earliest != null && earliest == 0) {
            sentences.add("earliest escape: no bound, weights of that size could have left at once");
        } else if (earliest != null) {
            sentences.add("earliest escape: flow time " + Rounded.quantity(earliest)
                    + (times == null ? "" : ", of which the run took " + ratio(times) + " times as long"));
        }
        return sentences;
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
