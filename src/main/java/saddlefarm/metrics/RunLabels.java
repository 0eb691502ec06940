package saddlefarm.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.TreeMap;
import saddlefarm.experiment.RunSpec;

/** What tells a run from others: its id, its experiment, and the values of the keys that the experiment sweeps. */
final class RunLabels {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RunLabels() {}

    /**
     * Swept keys have dots and dashes as underscores. A name that is taken already, by {@code run}, {@code experiment}
     * or a key before it in the alphabet, gets another underscore.
     */
    static Labels of(RunSpec run) {
        Map<String, String> labels = new TreeMap<>(Map.of("run", run.id(), "experiment", run.experiment()));
        run.swept().forEach((key, value) -> {
            String name = key.replace('.', '_').replace('-', '_');
            while (labels.containsKey(name)) {
                name += "_";
            }
            labels.put(name, plain(value));
        });
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }

    /** A text without its quotes, any other value as it is. */
    private static String plain(String json) {
        try {
            return json.startsWith("\"") ? JSON.readValue(json, String.class) : json;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }
}
