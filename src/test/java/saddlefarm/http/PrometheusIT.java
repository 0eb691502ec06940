package saddlefarm.http;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.ServerBinding;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.Program;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.Deaf;
import saddlefarm.farm.FarmSettings;
import saddlefarm.farm.FarmSupervisor;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.network.Workspaces;
import saddlefarm.run.RunStatus;
import saddlefarm.store.OutputDirectory;

/** A farm that trains, seen by a real Prometheus. */
@DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*prometheus.*")
class PrometheusIT {

    private static final String LADDERS = """
            name = ladders
            network { widths = [10, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 1e-6 }
            descent { learning-rate = 0.0375 }
            stop { max-steps = 20000, loss = 1e-8 }
            observe { every-steps = 5 }
            checkpoint { every = 20ms }
            sweep { initialization.seed = [0, 1] }
            """;

    private static final FarmSettings SETTINGS = new FarmSettings(
            2,
            8,
            Long.MAX_VALUE,
            Duration.ofMillis(2),
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMinutes(1));

    @TempDir
    private static Path directory;

    private static List<RunSpec> runs;
    private static ActorTestKit kit;
    private static FarmMetrics metrics;
    private static ServerBinding farm;
    private static PrometheusProcess prometheus;
    private static String scraped;

    @BeforeAll
    static void trainWhilePrometheusScrapes() throws Exception {
        runs = Experiment.parse(LADDERS, "ladders", directory, List.of()).runs();
        kit = ActorTestKit.create();
        metrics = new FarmMetrics(60_000);
        farm = FarmServer.bind(
                        kit.system(),
                        "127.0.0.1",
                        0,
                        metrics,
                        new EventFeed(metrics, new Deaf()),
                        () -> null,
                        null,
                        ServedFarm.OPEN)
                .toCompletableFuture()
                .get();
        prometheus = PrometheusProcess.scraping(
                "127.0.0.1:" + farm.localAddress().getPort(), Files.createDirectory(directory.resolve("prometheus")));
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(prometheus.query("up == 1")).hasSize(1));
        scraped = train();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(prometheus.query("saddlefarm_farm_runs{status=\"completed\"} == 2"))
                        .hasSize(1));
    }

    /** Trains all runs; returns a scrape of when a run had all the series that a run can have. */
    private static String train() throws Exception {
        try (var output = OutputDirectory.open(directory.resolve("out"));
                var store = output.openStore()) {
            store.register(runs);
            var supervisor = kit.spawn(FarmSupervisor.create(
                    SETTINGS,
                    new TaskWorkshop(new TaskLibrary(), new Workspaces(3, 0), "a processor"),
                    store,
                    metrics,
                    new Deaf()));
            var idle = kit.<FarmSupervisor.Idle>createTestProbe();
            supervisor.tell(new FarmSupervisor.Grow(runs));
            supervisor.tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
            String text = await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(PrometheusIT::scrape, seen -> seen.contains("saddlefarm_run_lambda_min{"));
            idle.expectMessageClass(FarmSupervisor.Idle.class, Duration.ofSeconds(60));
            kit.stop(supervisor);
            return text;
        }
    }

    @AfterAll
    static void shutDown() {
        if (prometheus != null) {
            prometheus.close();
        }
        kit.shutdownTestKit();
        metrics.close();
    }

    /** Runs leave the scrapes soon after their end, hence what was seen of them over the last minutes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "saddlefarm_run_info",
                "saddlefarm_run_loss",
                "saddlefarm_run_steps",
                "saddlefarm_run_flow_time",
                "saddlefarm_run_gradient_norm",
                "saddlefarm_run_rank",
                "saddlefarm_run_plateau",
                "saddlefarm_run_plateaus_total",
                "saddlefarm_run_rank_transitions_total",
                "saddlefarm_run_sharpness",
                "saddlefarm_run_lambda_min",
                "saddlefarm_layer_rank{layer='1'}",
                "saddlefarm_layer_rank{layer='2'}",
                "saddlefarm_layer_singular_value{layer='1',index='1'}",
                "saddlefarm_layer_singular_value{layer='2',index='10'}",
                "saddlefarm_layer_singular_ratio{layer='1'}",
                "saddlefarm_layer_singular_ratio{layer='2'}"
            })
    void everyRunHasTheSeries(String series) throws Exception {
        assertThat(prometheus.query("last_over_time(%s[10m])".formatted(series)))
                .extracting(point -> point.label("run"))
                .containsExactlyInAnyOrderElementsOf(
                        runs.stream().map(RunSpec::id).toList());
    }

    @Test
    void aRunsSeriesAreJoinedToItsSweptValues() throws Exception {
        String joined = "max_over_time(saddlefarm_run_rank[10m]) * on (run) group_left (initialization_seed)"
                + " last_over_time(saddlefarm_run_info{experiment='ladders'}[10m])";

        assertThat(prometheus.query(joined))
                .extracting(point -> point.label("initialization_seed"))
                .containsExactlyInAnyOrder("0", "1");
    }

    /** The teacher has four singular values above 0: saddles of rank 0, 1, 2 and 3, then the minimum. */
    @Test
    void theLastScrapesOfARunHaveItsEnd() throws Exception {
        assertThat(prometheus.query("max_over_time(saddlefarm_run_rank[10m])"))
                .extracting(PrometheusProcess.Point::value)
                .containsOnly(4.0);
        assertThat(prometheus.query("max_over_time(saddlefarm_run_rank_transitions_total[10m])"))
                .extracting(PrometheusProcess.Point::value)
                .containsOnly(4.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "saddlefarm_farm_steps_total > 0",
                "saddlefarm_farm_snapshots_total > 0",
                "saddlefarm_farm_head >= 0",
                "saddlefarm_farm_series_dropped == 0",
                "saddlefarm_commit_seconds_count > 0",
                "saddlefarm_commit_seconds_sum > 0",
                "saddlefarm_slice_seconds_count > 0",
                "saddlefarm_slice_seconds_sum > 0",
                "histogram_quantile(0.5, saddlefarm_commit_seconds_bucket) > 0",
                "histogram_quantile(0.5, saddlefarm_slice_seconds_bucket) > 0",
                "sum(jvm_memory_used_bytes) > 0",
                "process_uptime_seconds > 0"
            })
    void theFarmHasTheSeries(String query) throws Exception {
        assertThat(prometheus.query(query)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void runsAreCountedByStatus(RunStatus status) throws Exception {
        assertThat(prometheus.query("saddlefarm_farm_runs{status='%s'}".formatted(status.label())))
                .extracting(PrometheusProcess.Point::value)
                .containsExactly(status == RunStatus.COMPLETED ? (double) runs.size() : 0);
    }

    static Stream<RunStatus> statuses() {
        return Stream.of(RunStatus.values());
    }

    /** In the scrape that was made meanwhile: all is over so soon that Prometheus may have seen none like it. */
    @Test
    void aFarmThatTrainsHasItsHead() {
        assertThat(scraped.lines()).contains("saddlefarm_farm_head 1.0");
    }

    @Test
    void promtoolHasNothingToSayButOfTwoOfTheProcessorsMetrics() throws Exception {
        assertThat(complaints(scraped)).isEqualTo(Set.of("process_cpu_time_ns_total", "system_cpu_count"));
    }

    /** The names that {@code promtool check metrics} complains about; each complaint is a line that begins with one. */
    private static Set<String> complaints(String text) throws Exception {
        Path metricsText = Files.writeString(directory.resolve("metrics.txt"), text);
        Path said = directory.resolve("promtool.txt");
        Process promtool = new ProcessBuilder(Program.find("promtool"), "check", "metrics")
                .redirectInput(metricsText.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        promtool.waitFor();
        return Files.readAllLines(said).stream()
                .map(line -> line.split(" ", 2)[0])
                .collect(toSet());
    }

    private static String scrape() throws Exception {
        var uri = URI.create("http://127.0.0.1:" + farm.localAddress().getPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
