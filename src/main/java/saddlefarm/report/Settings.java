package saddlefarm.report;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import saddlefarm.experiment.Specification;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/**
 * What one run was asked for, whether it was swept or written out: JSON texts by dotted key. Depth and width of the
 * network are there too, of which a specification has the widths alone.
 *
 * @param seeds the keys of seeds
 * @param others all other keys
 */
record Settings(SortedMap<String, String> seeds, SortedMap<String, String> others) {

    static final String DEPTH = "network.depth";
    static final String WIDTH = "network.width";
    static final String WIDTHS = "network.widths";

    static Settings of(RunStore store, RunSummary run) {
        return of(run, store.specification(run.id()).orElseThrow());
    }

    static Settings of(RunSummary run, String specification) {
        SortedMap<String, String> others = Specification.entries(specification);
        addNetwork(others);
        others.putAll(run.swept());
        var seeds = new TreeMap<>(others);
        seeds.keySet().removeIf(key -> !isSeed(key));
        others.keySet().removeIf(Settings::isSeed);
        return new Settings(seeds, others);
    }

    static boolean isSeed(String key) {
        return key.substring(key.lastIndexOf('.') + 1).equals("seed");
    }

    /** The JSON text of a key; empty if the run has none. */
    String value(String key) {
        return (isSeed(key) ? seeds : others).getOrDefault(key, "");
    }

    private static void addNetwork(SortedMap<String, String> values) {
        String json = values.get(WIDTHS);
        if (json != null && Specification.plain(json) instanceof List<?> widths) {
            int depth = widths.size() - 1;
            values.put(DEPTH, Integer.toString(depth));
            List<?> hidden = widths.subList(1, depth).stream().distinct().toList();
            if (hidden.size() == 1) {
                values.put(WIDTH, hidden.get(0).toString());
            }
        }
    }
}
