package saddlefarm.experiment;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for once later values have replaced earlier ones.
 *
 * <ul>
 *   <li>A plain value on the command line replaces the axis of the file for that key; otherwise an axis replaces the
 *       plain value.
 *   <li>Of {@code network.widths} and {@code network.depth, network.width}, the one given later holds.
 * </ul>
 *
 * @param plain values by key
 * @param swept the values of each swept key, unparsed
 * @param zip the swept keys that advance together, unparsed; null when none do
 */
record Request(
        SortedMap<String, Given> plain,
        SortedMap<String, Given> swept,
        @Nullable Given zip) {

    private static final List<String> SHAPE = List.of("network.depth", "network.width");
    private static final String WIDTHS = "network.widths";

    /** Unknown keys that are told. */
    private static final int MOST_UNKNOWN = 20;

    /** @throws ExperimentException for unknown keys and for contradictions */
    static Request of(SortedMap<String, Given> values) {
        requireKnown(values);
        var plain = new TreeMap<String, Given>();
        var swept = new TreeMap<String, Given>();
        values.forEach((key, given) -> {
            if (!key.startsWith(Keys.SWEEP)) {
                plain.put(key, given);
            } else if (!key.equals(Keys.ZIP)) {
                swept.put(key.substring(Keys.SWEEP.length()), given);
            }
        });
        var request = new Request(plain, swept, values.get(Keys.ZIP));
        request.settleAxes();
        request.settleWidths();
        return request;
    }

    private static void requireKnown(SortedMap<String, Given> values) {
        List<String> unknown =
                values.keySet().stream().filter(key -> !Keys.known(key)).toList();
        if (!unknown.isEmpty()) {
            String more =
                    unknown.size() <= MOST_UNKNOWN ? "" : "\nand %d more".formatted(unknown.size() - MOST_UNKNOWN);
            throw new ExperimentException(unknown.stream()
                            .limit(MOST_UNKNOWN)
                            .map(key -> Keys.unknown(
                                    key, Objects.requireNonNull(values.get(key)).place()))
                            .collect(Collectors.joining("\n"))
                    + more);
        }
    }

    private void settleAxes() {
        for (String key : List.copyOf(swept.keySet())) {
            Given value = plain.get(key);
            Given axis = swept.get(key);
            if (value == null || axis == null) {
                continue;
            }
            if (value.place().layer() > axis.place().layer()) {
                requireNotZipped(key, value);
                swept.remove(key);
            } else {
                plain.remove(key);
            }
        }
    }

    private void requireNotZipped(String key, Given value) {
        if (zip != null && Sweep.groups(zip).stream().anyMatch(group -> group.contains(key))) {
            throw new ExperimentException("%s cannot be given one value: %s lets it advance together with others (%s)"
                    .formatted(key, Keys.ZIP, value.place().text()));
        }
    }

    private void settleWidths() {
        Place widths = latest(List.of(WIDTHS));
        Place shape = latest(SHAPE);
        if (widths == null || shape == null) {
            return;
        }
        int order = widths.compareTo(shape);
        if (order == 0) {
            throw new ExperimentException(
                    "network.widths says all that network.depth and network.width say: give one or the other (%s)"
                            .formatted(widths.text()));
        }
        List<String> replaced = order > 0 ? SHAPE : List.of(WIDTHS);
        plain.keySet().removeAll(replaced);
        swept.keySet().removeAll(replaced);
    }

    private @Nullable Place latest(List<String> keys) {
        return keys.stream()
                .flatMap(key -> Stream.of(plain, swept).flatMap(values -> Stream.ofNullable(values.get(key))))
                .map(Given::place)
                .max(Place::compareTo)
                .orElse(null);
    }
}
