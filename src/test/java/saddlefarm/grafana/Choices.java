package saddlefarm.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.http.PrometheusProcess;

/** What is chosen at the top of a dashboard, put into its queries as Grafana does: everything that may be chosen. */
final class Choices {

    private static final Pattern USE = Pattern.compile("\\$(?:\\{(\\w+)(?::raw)?}|(\\w+))");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");
    private static final Pattern QUERY_RESULT = Pattern.compile("query_result\\((.+)\\)");

    private static final Pattern EVERYTHING = Pattern.compile("");

    private final PrometheusProcess prometheus;
    private final Moments moments;
    private final Map<String, List<String>> chosen = new TreeMap<>();

    /** The choices of a dashboard, from the first to the last: each may depend on those before. */
    static Choices of(DashboardFile dashboard, PrometheusProcess prometheus, Moments moments)
            throws IOException, InterruptedException {
        var choices = new Choices(prometheus, moments);
        for (JsonNode variable : dashboard.variables()) {
            String name = variable.path("name").asText();
            List<String> options = choices.options(variable);
            assertThat(options).as("what can be chosen for %s", name).isNotEmpty();
            boolean several = variable.path("multi").asBoolean();
            choices.chosen.put(name, several ? options : options.subList(0, 1));
        }
        return choices;
    }

    private Choices(PrometheusProcess prometheus, Moments moments) {
        this.prometheus = prometheus;
        this.moments = moments;
    }

    List<String> values(String variable) {
        return Objects.requireNonNull(chosen.get(variable), variable);
    }

    /** These, with one value for a variable. */
    Choices with(String variable, String value) {
        var one = new Choices(prometheus, moments);
        one.chosen.putAll(chosen);
        one.chosen.put(variable, List.of(value));
        return one;
    }

    /** An expression as Prometheus is asked for it. */
    String in(String expression) {
        Map<String, String> values = new HashMap<>(moments.builtIn());
        chosen.forEach((name, all) -> values.put(name, all.size() == 1 ? all.get(0) : alternatives(all)));
        return USE.matcher(expression)
                .replaceAll(use -> Matcher.quoteReplacement(
                        Objects.requireNonNull(values.get(name(use)), () -> name(use) + " is not defined")));
    }

    private static String name(MatchResult use) {
        return use.group(1) == null ? use.group(2) : use.group(1);
    }

    private static String alternatives(List<String> values) {
        return "(" + String.join("|", values) + ")";
    }

    private List<String> options(JsonNode variable) throws IOException, InterruptedException {
        return switch (variable.path("type").asText()) {
            case "datasource", "textbox", "custom" ->
                List.of(variable.at("/current/value").asText());
            case "query" -> asked(variable.at("/query/query").asText(), regex(variable));
            default -> throw new AssertionError("a variable of an unknown type: " + variable);
        };
    }

    private List<String> asked(String query, @Nullable Pattern regex) throws IOException, InterruptedException {
        var options = new ArrayList<String>();
        for (String value : answer(in(query))) {
            Matcher match = (regex == null ? EVERYTHING : regex).matcher(value);
            if (match.find()) {
                options.add(match.groupCount() == 0 ? value : match.group(1));
            }
        }
        return options;
    }

    private List<String> answer(String query) throws IOException, InterruptedException {
        Matcher labelValues = LABEL_VALUES.matcher(query);
        if (labelValues.matches()) {
            return texts(prometheus.get(
                    "label/%s/values".formatted(labelValues.group(2)),
                    moments.range(Map.of("match[]", labelValues.group(1)))));
        }
        Matcher queryResult = QUERY_RESULT.matcher(query);
        if (queryResult.matches()) {
            JsonNode answer = prometheus.get("query", moments.instant(queryResult.group(1)));
            return DashboardFile.list(answer.path("result")).stream()
                    .map(series -> asGrafanaWrites(series.path("metric")))
                    .toList();
        }
        assertThat(query).isEqualTo("label_names()");
        return texts(prometheus.get("labels", moments.range(Map.of())));
    }

    private static List<String> texts(JsonNode values) {
        return DashboardFile.list(values).stream().map(JsonNode::asText).toList();
    }

    private static String asGrafanaWrites(JsonNode labels) {
        return labels.properties().stream()
                .map(label ->
                        "%s=\"%s\"".formatted(label.getKey(), label.getValue().asText()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Grafana writes them between slashes. */
    private static @Nullable Pattern regex(JsonNode variable) {
        String regex = variable.path("regex").asText();
        return regex.isEmpty() ? null : Pattern.compile(regex.substring(1, regex.length() - 1));
    }
}
