package saddlefarm.report;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import saddlefarm.experiment.Specification;
import saddlefarm.run.RunSummary;

/**
 * Runs of an experiment that differ in their seeds alone.
 *
 * @param values of the keys that tell the experiment's groups apart, none of seeds, as JSON text by key; empty where a
 *     run of another group alone has the key
 * @param runs at least one, by their seeds
 */
record SweepGroup(SortedMap<String, String> values, List<RunSummary> runs) {

    /** Order of values as JSON texts: numbers by size. */
    static final Comparator<String> BY_VALUE = SweepGroup::compare;

    /** Such as {@code depth = 3, scale = 0.02}; where nothing but seeds differs, all runs. */
    String label() {
        return values.isEmpty()
                ? "all runs"
                : values.entrySet().stream()
                        .filter(entry -> !entry.getValue().isEmpty())
                        .map(entry -> shortened(entry.getKey()) + " = " + text(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** A value as people write it: a text without its quotes, a number to so many digits as tell it apart. */
    static String text(String json) {
        if (json.isEmpty()) {
            return json;
        }
        Object value = Specification.plain(json);
        return value instanceof String text ? text : value instanceof Double number ? Rounded.brief(number) : json;
    }

    /** The last part of a key, where no other key of the group has the same. */
    private String shortened(String key) {
        String last = last(key);
        return values.keySet().stream()
                                .filter(other -> last(other).equals(last))
                                .count()
                        == 1
                ? last
                : key;
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static int compare(String a, String b) {
        boolean numbers = !a.isEmpty()
                && !b.isEmpty()
                && Specification.plain(a) instanceof Number
                && Specification.plain(b) instanceof Number;
        return numbers ? Double.compare(Double.parseDouble(a), Double.parseDouble(b)) : a.compareTo(b);
    }
}
