package saddlefarm.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.Compared.Quantity;
import saddlefarm.theory.HalfTime;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.NearestEscape;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

/** What theory predicts of a run, beside what was measured, as named fields. */
final class TheoryDocument {

    private final Theory theory;
    private final List<Compared> compared;

    /** @param compared everything that can be compared of the run */
    TheoryDocument(Theory theory, List<Compared> compared) {
        this.theory = theory;
        this.compared = compared;
    }

    /** Of everything but the first escape. */
    Map<String, @Nullable Object> general() {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        Ladder ladder = theory.ladder().value();
        fields.put("ladder", ladder == null ? null : ladder(ladder));
        List<HalfTime> halfTimes = theory.halfTimes().value();
        fields.put(
                "half_times",
                halfTimes == null
                        ? null
                        : halfTimes.stream().map(this::halfTime).toList());
        fields.put("two_over_eta", theory.edgeOfStability().value());
        var reasons = new TreeMap<String, @Nullable Object>();
        reason(reasons, "escape", theory.optimal());
        reason(reasons, "nearest", theory.nearest());
        reason(reasons, "earliest_time", theory.earliestEscape());
        reason(reasons, "ladder", theory.ladder());
        reason(reasons, "half_times", theory.halfTimes());
        reason(reasons, "two_over_eta", theory.edgeOfStability());
        fields.put("not_predicted", reasons);
        return fields;
    }

    /** Of the first escape; null where nothing is. */
    @Nullable
    Map<String, @Nullable Object> escape() {
        OptimalEscape optimal = theory.optimal().value();
        if (optimal == null) {
            return null;
        }
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("speed", optimal.speed());
        fields.put("speed_ratio", ratio(Quantity.ESCAPE_SPEED, 0));
        fields.put("residual", optimal.residual());
        fields.put("restarts", optimal.restarts());
        fields.put("reached_best", optimal.reachedBest());
        fields.put("verdict", optimal.verdict());
        fields.put("ratios", optimal.ratios());
        NearestEscape nearest = theory.nearest().value();
        fields.put("nearest", nearest == null ? null : nearest(nearest));
        fields.put("earliest_time", theory.earliestEscape().value());
        fields.put("time_ratio", ratio(Quantity.ESCAPE_TIME, 0));
        return fields;
    }

    /** Adds what is predicted of a plateau. */
    void addTo(Map<String, @Nullable Object> plateau, int number, double loss) {
        Ladder ladder = theory.ladder().value();
        if (ladder != null) {
            Compared level = find(Quantity.LEVEL, number);
            plateau.put("level", level == null ? null : level.predicted());
            plateau.put("level_ratio", ratio(Quantity.LEVEL, number));
        }
        if (ladder != null && ladder.exact()) {
            double nearest = ladder.level(ladder.nearest(loss));
            plateau.put("nearest_level", ladder.nearest(loss));
            plateau.put("level_distance", nearest == 0 ? null : (loss - nearest) / nearest);
        }
        plateau.put("sharpness_ratio", ratio(Quantity.SHARPNESS, number));
    }

    private static Map<String, @Nullable Object> ladder(Ladder ladder) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("levels", ladder.levels());
        fields.put("exact", ladder.exact());
        return fields;
    }

    private Map<String, @Nullable Object> halfTime(HalfTime half) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("mode", half.mode());
        fields.put("strength", half.strength());
        fields.put("predicted", half.time());
        Compared compared = find(Quantity.HALF_TIME, half.mode());
        fields.put("measured", compared == null ? null : compared.measured());
        fields.put("ratio", ratio(Quantity.HALF_TIME, half.mode()));
        return fields;
    }

    private static Map<String, @Nullable Object> nearest(NearestEscape nearest) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("speed", nearest.speed());
        fields.put("cosine", nearest.cosine());
        fields.put("residual", nearest.residual());
        fields.put("ratios", nearest.ratios());
        return fields;
    }

    private @Nullable Compared find(Quantity quantity, int index) {
        return compared.stream()
                .filter(one -> one.quantity() == quantity && one.index() == index)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Double ratio(Quantity quantity, int index) {
        Compared found = find(quantity, index);
        return found == null ? null : found.ratio();
    }

    private static void reason(Map<String, @Nullable Object> reasons, String name, Predicted<?> predicted) {
        if (predicted.value() == null) {
            reasons.put(name, predicted.reason());
        }
    }
}
