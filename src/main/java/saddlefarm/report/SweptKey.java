package saddlefarm.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import saddlefarm.experiment.Specification;

/**
 * A key that tells groups apart and whose values are numbers.
 *
 * @param values each once, as JSON text, in ascending order; at least two
 */
record SweptKey(String key, List<String> values) {

    /** Depth and scale of the weights come first: figures over two keys take the first that they can. */
    private static final List<String> FIRST = List.of("initialization.scale", "network.depth");

    /**
     * The keys with numbers of which there are at least two: the swept ones, and where none is swept any in which
     * groups differ, as after runs of one file with other values on the command line.
     */
    static List<SweptKey> of(List<GroupOutcomes> groups) {
        Set<String> swept = groups.stream()
                .flatMap(group -> group.group().runs().stream())
                .flatMap(run -> run.swept().keySet().stream())
                .collect(Collectors.toSet());
        List<SweptKey> all = differing(groups);
        List<SweptKey> asked =
                all.stream().filter(key -> swept.contains(key.key())).toList();
        return asked.isEmpty() ? all : asked;
    }

    /** The keys with numbers of which there are at least two, swept or not. */
    static List<SweptKey> differing(List<GroupOutcomes> groups) {
        List<String> names = groups.stream()
                .flatMap(group -> group.group().values().keySet().stream())
                .distinct()
                .sorted(Comparator.comparing((String key) -> !FIRST.contains(key))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        var keys = new ArrayList<SweptKey>();
        for (String name : names) {
            List<String> values =
                    groups.stream().map(group -> group.value(name)).distinct().toList();
            if (values.size() > 1 && values.stream().allMatch(SweptKey::isNumber)) {
                keys.add(new SweptKey(
                        name,
                        values.stream()
                                .sorted(Comparator.comparingDouble(SweptKey::number))
                                .toList()));
            }
        }
        return keys;
    }

    /** A value for tables: a text without its quotes, a number with all its digits. */
    static String exact(String json) {
        return !json.isEmpty() && Specification.plain(json) instanceof String text ? text : json;
    }

    static double number(String json) {
        return Double.parseDouble(json);
    }

    /** Whether the values, all above 0, are as far apart as calls for a logarithmic axis. */
    boolean isLogarithmic() {
        double least = number(values.get(0));
        return least > 0 && number(values.get(values.size() - 1)) >= 5 * least;
    }

    private static boolean isNumber(String json) {
        return !json.isEmpty() && Specification.plain(json) instanceof Number;
    }
}
