package saddlefarm.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import saddlefarm.experiment.Specification;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** What the runs of one experiment were asked for, what tells them apart, and their order and groups by it. */
final class ExperimentSettings {

    private static final int MOST_LISTED = 10;
    private static final Comparator<String> SEEDS_LAST =
            Comparator.comparing(Settings::isSeed).thenComparing(Comparator.naturalOrder());

    /** Its keys change no result. */
    private static final String CHECKPOINT = "checkpoint.";

    private final Map<String, Settings> byRun = new HashMap<>();

    /** Specifications without seeds, by id of the run. */
    private final Map<String, SortedMap<String, String>> seedless = new HashMap<>();

    private final List<String> swept;
    private final List<String> unswept;
    private final List<RunSummary> runs;

    /** @param runs of one experiment, at least one */
    ExperimentSettings(RunStore store, List<RunSummary> runs) {
        // A sweep has far more runs than settings besides seeds: those that have the same share it.
        var shared = new HashMap<SortedMap<String, String>, SortedMap<String, String>>();
        for (RunSummary run : runs) {
            String specification = store.specification(run.id()).orElseThrow();
            var settings = Settings.of(run, specification);
            byRun.put(
                    run.id(),
                    new Settings(settings.seeds(), shared.computeIfAbsent(settings.others(), others -> others)));
            seedless.put(run.id(), shared.computeIfAbsent(seedless(specification), entries -> entries));
        }
        swept = runs.stream()
                .flatMap(run -> run.swept().keySet().stream())
                .distinct()
                .sorted(SEEDS_LAST)
                .toList();
        unswept = unswept(runs);
        this.runs = ordered(runs);
    }

    /** The keys that are swept in some run, and those in which runs differ all the same; seeds last. */
    List<String> keys() {
        return Stream.of(swept, unswept)
                .flatMap(List::stream)
                .sorted(SEEDS_LAST)
                .toList();
    }

    /** The keys that are swept in some run, those of seeds last. */
    List<String> swept() {
        return swept;
    }

    /** The keys that no run sweeps and in which runs of equal swept values differ, as after a change of the file. */
    List<String> unswept() {
        return unswept;
    }

    Settings of(RunSummary run) {
        return Objects.requireNonNull(byRun.get(run.id()), run.id());
    }

    /** All runs by the values of the {@link #keys}, numbers by size, and by id where those are the same. */
    List<RunSummary> runs() {
        return runs;
    }

    /** The groups of runs that differ in their seeds alone, in the order of their first runs. */
    List<SweepGroup> groups() {
        List<String> telling = keys().stream()
                .filter(key -> !Settings.isSeed(key) && distinct(key).size() > 1)
                .toList();
        return runs.stream()
                .collect(Collectors.groupingBy(this::seedless, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(group -> new SweepGroup(values(of(group.get(0)), telling), group))
                .toList();
    }

    /** The values of a key, each once, in order; of many the first and the last. */
    String valuesOf(String key) {
        List<String> values = distinct(key).stream().map(SweepGroup::text).toList();
        return values.size() <= MOST_LISTED
                ? String.join(", ", values)
                : "%s, %s, …, %s (%d values)"
                        .formatted(values.get(0), values.get(1), values.get(values.size() - 1), values.size());
    }

    /** Every key that some run has, with its values in order as JSON texts. */
    SortedMap<String, List<String>> all() {
        SortedSet<String> keys = new TreeSet<>();
        byRun.values().forEach(settings -> {
            keys.addAll(settings.seeds().keySet());
            keys.addAll(settings.others().keySet());
        });
        var all = new TreeMap<String, List<String>>();
        keys.forEach(key -> all.put(
                key, distinct(key).stream().filter(json -> !json.isEmpty()).toList()));
        return all;
    }

    private static SortedMap<String, String> seedless(String specification) {
        SortedMap<String, String> entries = Specification.entries(Specification.canonical(specification));
        entries.keySet().removeIf(Settings::isSeed);
        return entries;
    }

    private SortedMap<String, String> seedless(RunSummary run) {
        return Objects.requireNonNull(seedless.get(run.id()), run.id());
    }

    private List<String> unswept(List<RunSummary> runs) {
        // One run for each group is enough.
        Map<List<String>, List<Settings>> bySwept = runs.stream()
                .collect(Collectors.toMap(this::seedless, this::of, (first, other) -> first, LinkedHashMap::new))
                .values()
                .stream()
                .collect(Collectors.groupingBy(settings -> swept.stream()
                        .filter(key -> !Settings.isSeed(key))
                        .map(settings::value)
                        .toList()));
        Stream<String> seeds = byRun.values().stream()
                .flatMap(settings -> settings.seeds().keySet().stream())
                .distinct()
                .filter(seed -> distinct(seed).size() > 1);
        return Stream.concat(bySwept.values().stream().flatMap(ExperimentSettings::differing), seeds)
                .distinct()
                .filter(key -> !swept.contains(key))
                .sorted(SEEDS_LAST)
                .toList();
    }

    /** The keys in which settings differ. */
    private static Stream<String> differing(List<Settings> settings) {
        // A width of all layers says with the depth what widths say; those of inputs and outputs are the task's.
        boolean widthsAreTold =
                settings.stream().noneMatch(one -> one.value(Settings.WIDTH).isEmpty());
        return settings.stream()
                .flatMap(one -> one.others().keySet().stream())
                .distinct()
                .filter(key -> !key.startsWith(CHECKPOINT))
                .filter(key -> !key.equals(Settings.WIDTHS) || !widthsAreTold)
                .filter(key ->
                        settings.stream().map(one -> one.value(key)).distinct().count() > 1);
    }

    private List<RunSummary> ordered(List<RunSummary> runs) {
        Comparator<RunSummary> order = Comparator.comparing(RunSummary::experiment);
        for (String key : keys()) {
            var places = new HashMap<String, Integer>();
            distinct(key).forEach(json -> places.put(json, places.size()));
            order = order.thenComparing(run -> Objects.requireNonNull(places.get(of(run).value(key))));
        }
        return runs.stream().sorted(order.thenComparing(RunSummary::id)).toList();
    }

    private static SortedMap<String, String> values(Settings settings, List<String> keys) {
        return keys.stream()
                .collect(Collectors.toMap(key -> key, settings::value, (a, b) -> a, TreeMap<String, String>::new));
    }

    private List<String> distinct(String key) {
        return byRun.values().stream()
                .map(settings -> settings.value(key))
                .distinct()
                .sorted(SweepGroup.BY_VALUE)
                .toList();
    }
}
