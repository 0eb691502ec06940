package saddlefarm.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.RunStore;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.KaplanMeier;
import saddlefarm.statistics.Line;
import saddlefarm.statistics.Median;
import saddlefarm.statistics.Observation;
import saddlefarm.theory.EscapeLaw;

/**
 * Groups that differ in the scale α of their initial weights alone, and the law that their median times of escape
 * follow as α goes to 0: α^(−(L−2)) from L = 3 on, and ln(1/α)/s at L = 2, with s the speed of the optimal escape
 * direction (I. Bantzis, J. B. Simon, A. Jacot, <i>Saddle-To-Saddle Dynamics in Deep ReLU Networks</i>, 2025).
 *
 * @param values of the other keys that tell groups apart
 * @param groups at least two, in ascending order of α
 * @param depth L of the networks
 * @param speed s; null if it is not known
 * @param homogeneous whether the law holds for the networks: they have no biases
 */
record EscapeLine(
        SortedMap<String, String> values,
        List<GroupOutcomes> groups,
        int depth,
        @Nullable Double speed,
        boolean homogeneous) {

    static final String SCALE = "initialization.scale";

    /** What is fitted: a number that the law predicts. */
    enum Quantity {
        /** d ln t / d ln α. */
        EXPONENT("exponent", "exponent"),
        /** d t / d ln(1/α), times the speed. */
        SLOPE_TIMES_SPEED("slope times speed", "slope · s"),
        /** d t / d ln(1/α), where no speed is known. */
        SLOPE("slope", "slope");

        private final String label;
        private final String symbol;

        Quantity(String label, String symbol) {
            this.label = label;
            this.symbol = symbol;
        }

        /** In tables. */
        String label() {
            return label;
        }

        /** In drawings. */
        String symbol() {
            return symbol;
        }
    }

    /**
     * The law through the medians of the two smallest scales that have one.
     *
     * @param interval of 95%, by drawing seeds; the runs of a seed at both scales are drawn together. Null if some draw
     *     has no median
     * @param predicted null if the law does not hold or needs a speed that is not known
     * @param line t over ln(1/α) at L = 2; else ln t over ln α
     */
    record Fit(
            Quantity quantity,
            double value,
            @Nullable Interval interval,
            @Nullable Double predicted,
            Line line) {

        /** The time of escape from weights of scale α. */
        double time(double scale) {
            return quantity == Quantity.EXPONENT
                    ? StrictMath.exp(line.at(StrictMath.log(scale)))
                    : line.at(-StrictMath.log(scale));
        }
    }

    /** The lines among groups; those of one scale alone are none. */
    static List<EscapeLine> of(RunStore store, List<GroupOutcomes> groups) {
        Map<SortedMap<String, String>, List<GroupOutcomes>> byOthers = new LinkedHashMap<>();
        boolean swept =
                SweptKey.differing(groups).stream().anyMatch(key -> key.key().equals(SCALE));
        for (GroupOutcomes group : swept ? groups : List.<GroupOutcomes>of()) {
            var others = new TreeMap<>(group.group().values());
            others.remove(SCALE);
            byOthers.computeIfAbsent(others, key -> new ArrayList<>()).add(group);
        }
        return byOthers.entrySet().stream()
                .filter(line -> line.getValue().size() > 1)
                .map(line -> of(store, line.getKey(), line.getValue()))
                .toList();
    }

    private static EscapeLine of(RunStore store, SortedMap<String, String> values, List<GroupOutcomes> groups) {
        var settings = Settings.of(store, groups.get(0).group().runs().get(0));
        return new EscapeLine(
                values,
                groups.stream()
                        .sorted((a, b) -> Double.compare(scale(a), scale(b)))
                        .toList(),
                Integer.parseInt(settings.value(Settings.DEPTH)),
                speed(store, groups),
                settings.value("network.bias").equals("false"));
    }

    static double scale(GroupOutcomes group) {
        return SweptKey.number(group.value(SCALE));
    }

    /** The fitted law; empty where fewer than two scales have a median. */
    Optional<Fit> fit() {
        List<GroupOutcomes> known = groups.stream()
                .filter(group -> group.escapes().median() != null)
                .limit(2)
                .toList();
        if (known.size() < 2 || depth < 2) {
            return Optional.empty();
        }
        List<BySeed> times = known.stream().map(BySeed::of).toList();
        List<SortedMap<String, String>> seeds = times.stream()
                .flatMap(group -> group.times().keySet().stream())
                .distinct()
                .toList();
        return line(times, seeds)
                .map(line -> new Fit(
                        quantity(),
                        value(line),
                        GroupOutcomes.BOOTSTRAP
                                .interval(
                                        seeds,
                                        sample -> line(times, sample)
                                                .map(this::value)
                                                .orElse(Double.NaN))
                                .orElse(null),
                        predicted(),
                        line));
    }

    /** A group's times by seed. */
    private record BySeed(double scale, Map<SortedMap<String, String>, List<Observation>> times) {

        static BySeed of(GroupOutcomes group) {
            return new BySeed(
                    EscapeLine.scale(group),
                    group.outcomes().stream()
                            .collect(Collectors.groupingBy(
                                    Outcome::seeds,
                                    LinkedHashMap::new,
                                    Collectors.mapping(Outcome::escape, Collectors.toList()))));
        }

        @Nullable
        Double median(List<SortedMap<String, String>> seeds) {
            return KaplanMeier.of(seeds.stream()
                            .flatMap(seed -> times.getOrDefault(seed, List.of()).stream())
                            .toList())
                    .median();
        }
    }

    private Quantity quantity() {
        return depth > 2 ? Quantity.EXPONENT : speed == null ? Quantity.SLOPE : Quantity.SLOPE_TIMES_SPEED;
    }

    private double value(Line line) {
        return depth > 2 || speed == null ? line.slope() : line.slope() * speed;
    }

    private @Nullable Double predicted() {
        return !homogeneous || quantity() == Quantity.SLOPE ? null : depth > 2 ? EscapeLaw.exponent(depth) : 1.0;
    }

    private Optional<Line> line(List<BySeed> groups, List<SortedMap<String, String>> seeds) {
        var x = new ArrayList<Double>();
        var y = new ArrayList<Double>();
        for (BySeed group : groups) {
            Double median = group.median(seeds);
            if (median == null) {
                return Optional.empty();
            }
            double logarithm = StrictMath.log(group.scale());
            x.add(depth > 2 ? logarithm : -logarithm);
            y.add(depth > 2 ? StrictMath.log(median) : median);
        }
        return Line.fit(x, y);
    }

    private static @Nullable Double speed(RunStore store, List<GroupOutcomes> groups) {
        List<Double> speeds = groups.stream()
                .flatMap(group -> group.group().runs().stream())
                .flatMap(run -> store.theory(run.id()).stream())
                .map(theory -> theory.optimal().value())
                .filter(Objects::nonNull)
                .map(optimal -> optimal.speed())
                .toList();
        return speeds.isEmpty() ? null : Median.of(speeds);
    }
}
