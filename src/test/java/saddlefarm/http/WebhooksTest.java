package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.LogLines;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Deaf;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** Notifications, as a real receiver gets them. */
class WebhooksTest {

    private static final String SECRET = "correct-horse-battery";

    private record Received(Map<String, List<String>> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Deque<Integer> answers = new ArrayDeque<>();

    private HttpServer receiver;
    private Webhooks webhooks;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newCachedThreadPool());
        receiver.createContext("/", exchange -> {
            received.add(new Received(
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(answer(), -1);
            exchange.close();
        });
        receiver.start();
        webhooks = new Webhooks(Token.of(SECRET), new Deaf(), Duration.ofMillis(1));
    }

    @AfterEach
    void end() {
        webhooks.close();
        receiver.stop(0);
    }

    private synchronized int answer() {
        return answers.isEmpty() ? 204 : answers.remove();
    }

    @Test
    void aTransitionIsToldAndSigned() throws Exception {
        RunSpec run = run("[transition]");
        webhooks.found(run, new Finding.Transition(2, 1200, 48.0, 1));

        Received told = one();
        assertThat(told.header("Content-type")).isEqualTo("application/json");
        assertThat(told.header("Saddlefarm-event")).isEqualTo("transition");
        assertThat(told.header("Saddlefarm-delivery")).isEqualTo(run.id() + ":3");
        assertThat(told.json()).isEqualTo(new ObjectMapper().readTree("""
                        {"event": "transition", "delivery": "%s:3", "run": "%s", "experiment": "hooked",
                         "swept": {"initialization.seed": 0}, "transition": 2, "step": 1200, "flow_time": 48.0,
                         "rank_before": 1, "rank_after": null}
                        """.formatted(run.id(), run.id())));
        // As a receiver in any language would check it (RFC 2104).
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        byte[] signature =
                mac.doFinal((told.header("Saddlefarm-timestamp") + "." + told.body).getBytes(StandardCharsets.UTF_8));
        assertThat(told.header("Saddlefarm-signature"))
                .isEqualTo("sha256=" + HexFormat.of().formatHex(signature));
    }

    @Test
    void theEndOfARunIsTold() throws Exception {
        RunSpec run = run("[completion, divergence]");
        webhooks.changed(run, RunStatus.RUNNING, null, null);
        webhooks.found(run, new Finding.Transition(1, 10, 1, 0));
        webhooks.changed(run, RunStatus.DIVERGED, new Progress(7, 0.7, 2.5, 1, 0, null), "diverged at step 8");

        JsonNode told = one().json();
        assertThat(told.path("event").asText()).isEqualTo("divergence");
        assertThat(told.path("status").asText()).isEqualTo("diverged");
        assertThat(told.path("steps").asInt()).isEqualTo(7);
        assertThat(told.path("cause").asText()).isEqualTo("diverged at step 8");
    }

    /** A receiver takes each delivery once. */
    @Test
    void aRunThatFailsAgainAfterItWasResumedIsToldAgain() throws Exception {
        RunSpec run = run("[failure]");
        webhooks.changed(run, RunStatus.FAILED, null, "no more memory");
        webhooks.changed(run, RunStatus.FAILED, null, "no more memory");
        await().until(() -> received.size() == 2);
        assertThat(received)
                .extracting(each -> each.header("Saddlefarm-delivery"))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotTakenIsSentAgain() throws Exception {
        answers.addAll(List.of(500, 503, 429));
        webhooks.changed(run("[completion]"), RunStatus.COMPLETED, null, null);

        await().until(() -> received.size() == 4);
        assertThat(received)
                .extracting(Received::body)
                .containsOnly(received.get(0).body());
        assertThat(received)
                .extracting(each -> each.header("Saddlefarm-delivery"))
                .containsOnly(received.get(0).header("Saddlefarm-delivery"));
    }

    @Test
    void aReceiverThatIsAwayForAWhileGetsIt() throws Exception {
        int port = receiver.getAddress().getPort();
        receiver.stop(0);
        webhooks = new Webhooks(null, new Deaf(), Duration.ofMillis(50));
        webhooks.changed(run("[completion]", port), RunStatus.COMPLETED, null, null);

        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        receiver.createContext("/", exchange -> {
            received.add(new Received(Map.copyOf(exchange.getRequestHeaders()), ""));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();

        assertThat(one().headers()).doesNotContainKey("Saddlefarm-signature");
    }

    @Test
    void whatIsRefusedIsLoggedAndLeft() throws Exception {
        answers.add(410);
        try (var log = new LogLines(Webhooks.class)) {
            webhooks.changed(run("[completion]"), RunStatus.COMPLETED, null, null);

            await().until(() -> !log.with("status 410 after 1 attempts").isEmpty());
            assertThat(log.with("secret-path")).isEmpty();
        }
        assertThat(received).hasSize(1);
    }

    /** A receiver that never answers well costs ten requests. */
    @Test
    void oneThatFailsForEverIsLeftAfterTenAttempts() throws Exception {
        for (int i = 0; i < 20; i++) {
            answers.add(500);
        }
        try (var log = new LogLines(Webhooks.class)) {
            webhooks.changed(run("[completion]"), RunStatus.COMPLETED, null, null);
            await().until(() -> !log.with("after 10 attempts").isEmpty());
        }
        assertThat(received).hasSize(10);
    }

    @Test
    void theFarmWaitsForWhatIsUnderWayBeforeItEnds() throws Exception {
        answers.addAll(List.of(500, 500));
        webhooks.changed(run("[completion]"), RunStatus.COMPLETED, null, null);

        webhooks.close();

        assertThat(received).hasSize(3);
    }

    /** A farm is part of other people's networks. */
    @Test
    void whoSubmitsMayNotifyTheHostsThatTheFarmAllows(@TempDir Path directory) throws Exception {
        try (var farm = new ServedFarm(directory, ServedFarm.OPEN, true)) {
            String experiment = """
                    name = hooked
                    network { depth = 2, width = 3 }
                    data { source = circle-toy }
                    descent { learning-rate = 0.1 }
                    stop { max-steps = 5 }
                    notify { url = "http://%s:%d/secret-path" }
                    """;
            var refused = farm.post("/experiments", "application/hocon", experiment.formatted("169.254.169.254", 80));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("may not notify 169.254.169.254 (http.webhook-hosts)");
            assertThat(farm.document("/runs").path("runs")).isEmpty();

            var taken = farm.post(
                    "/experiments",
                    "application/hocon",
                    experiment.formatted("127.0.0.1", receiver.getAddress().getPort()));
            String run = ServedFarm.json(taken).at("/runs/0/run").asText();
            farm.until(run, RunStatus.COMPLETED);

            assertThat(farm.get("/runs/" + run).body()).doesNotContain("secret-path");
        }
    }

    private Received one() {
        await().until(() -> received.size() == 1);
        return received.get(0);
    }

    private RunSpec run(String events) {
        return run(events, receiver.getAddress().getPort());
    }

    private static RunSpec run(String events, int port) {
        return TestRuns.specs(
                        "hooked", 1, "notify.url=http://127.0.0.1:" + port + "/secret-path", "notify.on=" + events)
                .get(0);
    }
}
