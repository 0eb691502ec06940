package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import saddlefarm.statistics.Bootstrap;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.KaplanMeier;

/**
 * What came out of a group of runs that differ in their seeds alone.
 *
 * @param outcomes of the runs that have one; at least one
 */
record GroupOutcomes(SweepGroup group, List<Outcome> outcomes) {

    /** For all intervals of summaries. */
    static final Bootstrap BOOTSTRAP = new Bootstrap(2000, 0.95, 0);

    /**
     * Of the groups in which some run has an outcome.
     *
     * @param ofRuns outcomes by id of the run
     */
    static List<GroupOutcomes> of(Map<String, Outcome> ofRuns, List<SweepGroup> groups) {
        var all = new ArrayList<GroupOutcomes>();
        for (SweepGroup group : groups) {
            List<Outcome> outcomes = group.runs().stream()
                    .map(run -> ofRuns.get(run.id()))
                    .filter(Objects::nonNull)
                    .toList();
            if (!outcomes.isEmpty()) {
                all.add(new GroupOutcomes(group, outcomes));
            }
        }
        return all;
    }

    /** The JSON text of a key that tells groups apart; empty if the group has none. */
    String value(String key) {
        return group.values().getOrDefault(key, "");
    }

    /** The part that has not escaped, over flow time. */
    KaplanMeier escapes() {
        return escapes(outcomes);
    }

    static KaplanMeier escapes(List<Outcome> outcomes) {
        return KaplanMeier.of(outcomes.stream().map(Outcome::escape).toList());
    }

    /** The 95% interval of the median time of escape; its upper end is infinite where many runs did not escape. */
    Interval medianEscape() {
        return BOOTSTRAP
                .interval(outcomes, sample -> {
                    Double median = escapes(sample).median();
                    return median == null ? Double.POSITIVE_INFINITY : median;
                })
                .orElseThrow();
    }

    /** The final ranks of the runs that completed, ascending. */
    List<Integer> ranks() {
        return outcomes.stream()
                .map(Outcome::rank)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
    }

    /** The median of the final ranks, the lower one of two; null if no run completed. */
    @Nullable
    Integer medianRank() {
        List<Integer> ranks = ranks();
        return ranks.isEmpty() ? null : ranks.get((ranks.size() - 1) / 2);
    }
}
