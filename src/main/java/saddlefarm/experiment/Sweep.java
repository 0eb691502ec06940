package saddlefarm.experiment;

import com.typesafe.config.ConfigList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All combinations of the swept values, in order: axes as they stand in the file, the last one fastest.
 *
 * @param axes in order
 */
record Sweep(List<Axis> axes) {

    /** How many runs one experiment may have. */
    static final int MOST_RUNS = 100_000;

    /**
     * Keys that advance together.
     *
     * @param values of each key, equally many
     */
    record Axis(SortedMap<String, List<Given>> values, Place place) {

        int size() {
            return values.values().iterator().next().size();
        }

        private String firstKey() {
            return values.firstKey();
        }
    }

    /**
     * @param most runs that there may be
     * @throws ExperimentException if an axis has no values, zipped axes differ in length, or the runs are too many
     */
    static Sweep of(Request request, int most) {
        var values = new TreeMap<String, List<Given>>();
        request.swept().forEach((key, axis) -> values.put(key, SweepValues.of(key, axis)));
        var axes = new ArrayList<Axis>();
        if (request.zip() != null) {
            for (List<String> group : groups(request.zip())) {
                axes.add(zip(group, values, request.zip()));
            }
        }
        values.forEach((key, points) -> axes.add(
                new Axis(new TreeMap<>(Map.of(key, points)), points.get(0).place())));
        axes.sort(Comparator.comparing(Axis::place).thenComparing(Axis::firstKey));
        var sweep = new Sweep(List.copyOf(axes));
        sweep.requireFeasible(most);
        return sweep;
    }

    /** The groups of keys that {@code sweep.zip} names. */
    static List<List<String>> groups(Given zip) {
        if (!(zip.value() instanceof ConfigList list)) {
            throw malformed(zip);
        }
        return list.stream().map(group -> group(group, zip)).toList();
    }

    /** How many runs there are. */
    int size() {
        return axes.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact);
    }

    /** The values of the swept keys in the run of that index, from 0. */
    SortedMap<String, Given> point(int index) {
        var point = new TreeMap<String, Given>();
        int rest = index;
        for (int a = axes.size() - 1; a >= 0; a--) {
            Axis axis = axes.get(a);
            int i = rest % axis.size();
            rest /= axis.size();
            axis.values().forEach((key, values) -> point.put(key, values.get(i)));
        }
        return point;
    }

    /** Moves the values of a group of keys into one axis. */
    private static Axis zip(List<String> group, Map<String, List<Given>> values, Given zip) {
        var zipped = new TreeMap<String, List<Given>>();
        for (String key : group) {
            List<Given> points = values.remove(key);
            if (points == null) {
                throw new ExperimentException("%s names %s, which is not swept or already zipped (%s)"
                        .formatted(Keys.ZIP, key, zip.place().text()));
            }
            zipped.put(key, points);
        }
        String first = group.get(0);
        int size = sizeOf(zipped, first);
        for (String key : group) {
            if (sizeOf(zipped, key) != size) {
                throw new ExperimentException("%s needs equally many values but %s has %d and %s has %d (%s)"
                        .formatted(
                                Keys.ZIP,
                                first,
                                size,
                                key,
                                sizeOf(zipped, key),
                                zip.place().text()));
            }
        }
        Place place = zipped.values().stream()
                .map(points -> points.get(0).place())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new Axis(zipped, place);
    }

    private static int sizeOf(Map<String, List<Given>> values, String key) {
        return values.getOrDefault(key, List.of()).size();
    }

    private static List<String> group(Object group, Given zip) {
        if (!(group instanceof ConfigList keys) || keys.isEmpty()) {
            throw malformed(zip);
        }
        var names = new ArrayList<String>();
        for (var key : keys) {
            names.add(Given.scalar(key).orElseThrow(() -> malformed(zip)));
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw malformed(zip);
        }
        return names;
    }

    private static ExperimentException malformed(Given zip) {
        return new ExperimentException(
                "%s must be a list of lists of swept keys, such as [[\"%s\", \"%s\"]], but was %s (%s)"
                        .formatted(
                                Keys.ZIP,
                                "initialization.scale",
                                "descent.learning-rate",
                                zip.shown(),
                                zip.place().text()));
    }

    private void requireFeasible(int most) {
        double runs = 1;
        for (Axis axis : axes) {
            runs *= axis.size();
        }
        if (runs > most) {
            throw new ExperimentException("an experiment may have at most %d runs but the sweep has %.0f (%s)"
                    .formatted(most, runs, axes.get(0).place().text()));
        }
    }
}
