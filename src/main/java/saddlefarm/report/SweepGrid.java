package saddlefarm.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Groups that lie on a grid: one for each value of one key with each of another.
 *
 * @param x across
 * @param y upwards
 * @param cells by the two values
 */
record SweepGrid(SweptKey x, SweptKey y, Map<List<String>, GroupOutcomes> cells) {

    /** The grid of the first two keys that have one; a third key may then only go along with one of them. */
    static Optional<SweepGrid> of(List<GroupOutcomes> groups) {
        List<SweptKey> keys = SweptKey.of(groups);
        for (SweptKey x : keys) {
            for (SweptKey y : keys.subList(keys.indexOf(x) + 1, keys.size())) {
                Function<GroupOutcomes, List<String>> place =
                        group -> List.of(group.value(x.key()), group.value(y.key()));
                boolean onePlaceEach = groups.stream().map(place).distinct().count() == groups.size();
                if (onePlaceEach
                        && groups.size() == x.values().size() * y.values().size()) {
                    return Optional.of(
                            new SweepGrid(x, y, groups.stream().collect(Collectors.toMap(place, Function.identity()))));
                }
            }
        }
        return Optional.empty();
    }

    List<GroupOutcomes> groups() {
        return List.copyOf(cells.values());
    }

    GroupOutcomes at(String xValue, String yValue) {
        return Objects.requireNonNull(cells.get(List.of(xValue, yValue)));
    }
}
