package saddlefarm.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Groups that lie on a grid: one for each value of one key with each of another.
 *
 * @param x across
 * @param y upwards
 * @param others values of further keys, which are the same for all groups but in other grids others
 * @param cells by the two values
 */
record SweepGrid(SweptKey x, SweptKey y, SortedMap<String, String> others, Map<List<String>, GroupOutcomes> cells) {

    /**
     * The grids of the first two keys that have any, one for each setting of the others. A key that goes along with the
     * two makes no grids of its own.
     */
    static List<SweepGrid> of(List<GroupOutcomes> groups) {
        List<SweptKey> keys = SweptKey.of(groups);
        for (SweptKey x : keys) {
            for (SweptKey y : keys.subList(keys.indexOf(x) + 1, keys.size())) {
                List<SweepGrid> grids = of(x.key(), y.key(), groups);
                if (!grids.isEmpty()) {
                    return grids;
                }
            }
        }
        return List.of();
    }

    private static List<SweepGrid> of(String x, String y, List<GroupOutcomes> groups) {
        var byPlace = groups.stream().collect(Collectors.groupingBy(group -> place(group, x, y)));
        List<String> others = groups.get(0).group().values().keySet().stream()
                .filter(key -> byPlace.values().stream()
                        .anyMatch(same -> same.stream()
                                        .map(group -> group.value(key))
                                        .distinct()
                                        .count()
                                > 1))
                .toList();
        return groups.stream()
                .collect(Collectors.groupingBy(
                        group -> others.stream().map(group::value).toList(), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(part -> whole(x, y, others, part).stream())
                .toList();
    }

    /** The grid of groups if it has no holes. */
    private static Optional<SweepGrid> whole(String x, String y, List<String> others, List<GroupOutcomes> groups) {
        List<SweptKey> keys = SweptKey.of(groups);
        Optional<SweptKey> across =
                keys.stream().filter(key -> key.key().equals(x)).findFirst();
        Optional<SweptKey> upwards =
                keys.stream().filter(key -> key.key().equals(y)).findFirst();
        if (across.isEmpty()
                || upwards.isEmpty()
                || groups.size()
                        != across.get().values().size() * upwards.get().values().size()) {
            return Optional.empty();
        }
        var values = new TreeMap<String, String>();
        others.forEach(key -> values.put(key, groups.get(0).value(key)));
        return Optional.of(new SweepGrid(
                across.get(),
                upwards.get(),
                values,
                groups.stream().collect(Collectors.toMap(group -> place(group, x, y), Function.identity()))));
    }

    private static List<String> place(GroupOutcomes group, String x, String y) {
        return List.of(group.value(x), group.value(y));
    }

    /** What tells the grid from others, after a title; empty where it is the only one. */
    String setting() {
        return others.isEmpty() ? "" : ", " + new SweepGroup(others, List.of()).label();
    }

    List<GroupOutcomes> groups() {
        return List.copyOf(cells.values());
    }

    GroupOutcomes at(String xValue, String yValue) {
        return Objects.requireNonNull(cells.get(List.of(xValue, yValue)));
    }
}
