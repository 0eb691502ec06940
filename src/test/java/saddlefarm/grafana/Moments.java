package saddlefarm.grafana;

import java.util.HashMap;
import java.util.Map;

/**
 * The time range of a dashboard, in seconds since 1970, where Prometheus scrapes once a second and a point of a graph
 * is a second.
 */
record Moments(long start, long end) {

    /** What Grafana puts into expressions: of the windows of rates that they hold four scrapes at least. */
    Map<String, String> builtIn() {
        return Map.of("__rate_interval", "4s", "__interval", "1s", "__range", (end - start) + "s");
    }

    /** The parameters of a question about the whole range. */
    Map<String, String> range(Map<String, String> others) {
        var parameters = new HashMap<>(others);
        parameters.put("start", Long.toString(start));
        parameters.put("end", Long.toString(end));
        return parameters;
    }

    Map<String, String> graph(String expression) {
        return range(Map.of("query", expression, "step", "1s"));
    }

    Map<String, String> instant(String expression) {
        return Map.of("query", expression, "time", Long.toString(end));
    }
}
