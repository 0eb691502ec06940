package saddlefarm.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import saddlefarm.experiment.Specification;
import saddlefarm.run.RunSummary;

/**
 * Runs of an experiment that differ in their seeds alone.
 *
 * @param values of the swept keys that are no seeds, as JSON text by key
 * @param runs at least one, by their seeds
 */
record SweepGroup(SortedMap<String, String> values, List<RunSummary> runs) {

    /** Order of values as JSON texts: numbers by size. */
    static final Comparator<String> BY_VALUE = SweepGroup::compare;

    private static final int MOST_LISTED = 10;

    /** The groups of an experiment's runs, ordered by the values: numbers by size, key by key. */
    static List<SweepGroup> of(List<RunSummary> runs) {
        var groups = new LinkedHashMap<SortedMap<String, String>, List<RunSummary>>();
        ordered(runs)
                .forEach(run -> groups.computeIfAbsent(values(run, key -> !isSeed(key)), values -> new ArrayList<>())
                        .add(run));
        return groups.entrySet().stream()
                .map(group -> new SweepGroup(group.getKey(), group.getValue()))
                .toList();
    }

    /** Runs by the values of their swept keys, seeds last, and by id where those are the same. */
    static List<RunSummary> ordered(List<RunSummary> runs) {
        Comparator<RunSummary> order = Comparator.comparing(RunSummary::experiment);
        for (String key : keys(runs)) {
            order = order.thenComparing(run -> run.swept().getOrDefault(key, ""), BY_VALUE);
        }
        return runs.stream().sorted(order.thenComparing(RunSummary::id)).toList();
    }

    /** The keys that are swept, those of seeds last. */
    static List<String> keys(List<RunSummary> runs) {
        SortedSet<String> keys = runs.stream()
                .flatMap(run -> run.swept().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return keys.stream().sorted(Comparator.comparing(SweepGroup::isSeed)).toList();
    }

    /** The values of a swept key, each once, in order; of many the first and the last. */
    static String valuesOf(String key, List<RunSummary> runs) {
        List<String> values = runs.stream()
                .map(run -> run.swept().getOrDefault(key, ""))
                .distinct()
                .sorted(BY_VALUE)
                .map(SweepGroup::text)
                .toList();
        return values.size() <= MOST_LISTED
                ? String.join(", ", values)
                : "%s, %s, …, %s (%d values)"
                        .formatted(values.get(0), values.get(1), values.get(values.size() - 1), values.size());
    }

    /** Such as {@code initialization.scale = 0.02, network.depth = 3}; where no key but seeds is swept, all runs. */
    String label() {
        return values.isEmpty()
                ? "all runs"
                : values.entrySet().stream()
                        .map(entry -> shortened(entry.getKey()) + " = " + text(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** A swept value as people write it: a text without its quotes, a number to so many digits as tell it apart. */
    static String text(String json) {
        if (json.isEmpty()) {
            return json;
        }
        Object value = Specification.plain(json);
        return value instanceof String text ? text : value instanceof Double number ? Rounded.brief(number) : json;
    }

    private static String shortened(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    static boolean isSeed(String key) {
        return shortened(key).equals("seed");
    }

    private static SortedMap<String, String> values(RunSummary run, Predicate<String> wanted) {
        var values = new TreeMap<>(run.swept());
        values.keySet().removeIf(wanted.negate());
        return values;
    }

    private static int compare(String a, String b) {
        boolean numbers = !a.isEmpty()
                && !b.isEmpty()
                && Specification.plain(a) instanceof Number
                && Specification.plain(b) instanceof Number;
        return numbers ? Double.compare(Double.parseDouble(a), Double.parseDouble(b)) : a.compareTo(b);
    }
}
