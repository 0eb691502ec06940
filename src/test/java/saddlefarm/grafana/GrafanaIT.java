package saddlefarm.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.http.PrometheusProcess;
import saddlefarm.http.ServedFarm;

/**
 * A farm that trains, scraped by a real Prometheus with the configuration and the rules of the tree: whatever the
 * dashboards, rules and alerts ask for has an answer.
 */
@DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*prometheus.*")
class GrafanaIT {

    /** Two runs that go from saddle to saddle in some twenty seconds and then stay where they are. */
    private static final String LADDERS = """
            name = ladders
            network { depth = 3, width = 20, activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { learning-rate = 0.0002 }
            stop { max-steps = 100000000000 }
            checkpoint { every = 20ms }
            sweep { initialization.seed = [0, 1] }
            """;

    /** When this has an answer, all that a farm can show was scraped. */
    private static final List<String> EVERYTHING_SEEN = List.of(
            "count(saddlefarm_run_earliest_escape_flow_time) == 2",
            "count(saddlefarm_run_lambda_min) == 2",
            "min(saddlefarm_run_rank_transitions_total) >= 2",
            "count(saddlefarm_layer_singular_value{layer='3'}) > 2",
            "count(rate(jvm_gc_pause_seconds_sum[1m])) >= 1",
            "count(ALERTS{alertstate='firing'}) >= 1");

    /** The names of metrics and of recorded series in an expression. */
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:(?:saddlefarm|jvm|process|system|scrape)_[a-z0-9_]+|up|[a-z_]+:[a-z0-9_:]+)\\b");

    @TempDir
    private static Path directory;

    private static ServedFarm farm;
    private static PrometheusProcess prometheus;
    private static Moments moments;

    @BeforeAll
    static void trainWhilePrometheusScrapes() throws Exception {
        long start = Instant.now().getEpochSecond();
        farm = new ServedFarm(directory.resolve("out"), ServedFarm.OPEN, true);
        prometheus = PrometheusProcess.start(configuration(), directory);
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> prometheus.get("query", Map.of("query", "up == 1")).at("/result/0"), JsonNode::isObject);
        System.gc(); // has a pause, if nothing else has
        assertThat(farm.post("/experiments", "application/hocon", LADDERS).statusCode())
                .isEqualTo(202);
        for (String sign : EVERYTHING_SEEN) {
            await(sign)
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> prometheus.get("query", Map.of("query", sign)).at("/result/0"), JsonNode::isObject);
        }
        // The end of this second: what was seen last may have been recorded in it.
        moments = new Moments(start, Instant.now().getEpochSecond() + 1);
    }

    /** That of the tree, but for the address, and with a scrape each second. */
    private static Path configuration() throws IOException {
        Path shipped = Path.of("grafana", "prometheus");
        String text = Files.readString(shipped.resolve("prometheus.yml"));
        for (var change : Map.of(
                        "farm:8080",
                        "127.0.0.1:" + farm.port(),
                        "scrape_interval: 5s",
                        "scrape_interval: 1s",
                        "scrape_timeout: 5s",
                        "scrape_timeout: 1s",
                        "evaluation_interval: 5s",
                        "evaluation_interval: 1s",
                        "- rules.yml",
                        "- " + shipped.resolve("rules.yml").toAbsolutePath(),
                        "- alerts.yml",
                        "- " + shipped.resolve("alerts.yml").toAbsolutePath())
                .entrySet()) {
            assertThat(text).contains(change.getKey());
            text = text.replace(change.getKey(), change.getValue());
        }
        return Files.writeString(directory.resolve("prometheus.yml"), text);
    }

    @AfterAll
    static void shutDown() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (farm != null) {
            farm.close();
        }
    }

    static List<DashboardFile> dashboards() throws IOException {
        return DashboardFile.all();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelHasSomethingToShow(DashboardFile dashboard) throws Exception {
        Choices choices = Choices.of(dashboard, prometheus, moments);
        var empty = new ArrayList<String>();
        for (DashboardFile.Placed panel : dashboard.panels()) {
            for (Choices each : repeated(panel, choices)) {
                for (JsonNode target : panel.targets()) {
                    String expression = each.in(target.path("expr").asText());
                    if (!hasNumbers(answer(target, expression))) {
                        empty.add(panel.title() + ": " + expression);
                    }
                }
            }
        }
        assertThat(empty).isEmpty();
    }

    private static List<Choices> repeated(DashboardFile.Placed panel, Choices choices) {
        String by = panel.repeat();
        return by == null
                ? List.of(choices)
                : choices.values(by).stream()
                        .map(value -> choices.with(by, value))
                        .toList();
    }

    private static JsonNode answer(JsonNode target, String expression) throws Exception {
        return target.path("instant").asBoolean()
                ? prometheus.get("query", moments.instant(expression))
                : prometheus.get("query_range", moments.graph(expression));
    }

    /** Whether some series has a number, and not only NaN. */
    private static boolean hasNumbers(JsonNode data) {
        return DashboardFile.list(data.path("result")).stream()
                .flatMap(series -> Stream.concat(
                        Stream.of(series.path("value")), DashboardFile.list(series.path("values")).stream()))
                .map(point -> point.path(1).asText("NaN"))
                .anyMatch(value -> !value.equals("NaN"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyAnnotationMarksATransition(DashboardFile dashboard) throws Exception {
        Choices choices = Choices.of(dashboard, prometheus, moments);
        for (JsonNode annotation : dashboard.annotations()) {
            String expression = choices.in(annotation.path("expr").asText());
            assertThat(hasNumbers(prometheus.get("query_range", moments.graph(expression))))
                    .as(expression)
                    .isTrue();
        }
    }

    /** What is never empty, such as a sum or 0, must not hide a name that is wrong. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void everyMetricOfTheDashboardsIsThere(DashboardFile dashboard) throws Exception {
        var asked = new HashSet<String>();
        dashboard
                .panels()
                .forEach(panel -> panel.targets()
                        .forEach(target ->
                                asked.addAll(metrics(target.path("expr").asText()))));
        assertThat(asked).isNotEmpty();
        assertThat(names()).containsAll(asked);
    }

    @Test
    void everyRuleIsSoundAndWhatItAsksForIsThere() throws Exception {
        var asked = new HashSet<String>();
        int rules = 0;
        for (JsonNode group : prometheus.get("rules", Map.of()).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
                asked.addAll(metrics(rule.path("query").asText()));
                if (rule.path("type").asText().equals("recording")) {
                    asked.add(rule.path("name").asText());
                }
                rules++;
            }
        }
        assertThat(rules).isPositive();
        assertThat(names()).containsAll(asked);
    }

    @Test
    void aFarmThatIsWellRaisesNoAlertButOfTransitions() throws Exception {
        JsonNode alerts = prometheus.get(
                "query",
                moments.instant("count by (alertname) (last_over_time(ALERTS{alertstate='firing'}[%ds]))"
                        .formatted(moments.end())));
        assertThat(DashboardFile.list(alerts.path("result")))
                .extracting(alert -> alert.at("/metric/alertname").asText())
                .containsExactly("SaddlefarmTransition");
    }

    private static Set<String> metrics(String expression) {
        return METRIC.matcher(expression).results().map(name -> name.group()).collect(Collectors.toSet());
    }

    private static Set<String> names() throws Exception {
        return DashboardFile.list(prometheus.get("label/__name__/values", Map.of())).stream()
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }
}
