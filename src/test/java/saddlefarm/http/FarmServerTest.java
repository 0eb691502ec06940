package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.settings.ServerSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.farm.Deaf;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.run.StoreAwayException;
import scala.concurrent.duration.Duration;

/** What a client gets over a socket. */
class FarmServerTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static ActorTestKit kit;
    private static FarmMetrics metrics;
    private static ServerBinding binding;

    @BeforeAll
    static void bind() throws Exception {
        kit = ActorTestKit.create();
        metrics = new FarmMetrics(1000);
        binding = FarmServer.bind(
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
    }

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
        metrics.close();
    }

    /** Nothing comes over a connection while a fork's eigenvectors are worked out. */
    @Test
    void noConnectionIsCutWhileItsAnswerMayStillCome() {
        var settings = FarmServer.adapted(ServerSettings.create(kit.system().classicSystem()));
        assertThat(settings.getTimeouts().requestTimeout().toSeconds()).isGreaterThanOrEqualTo(300);
        assertThat(settings.getTimeouts().idleTimeout().toSeconds())
                .isGreaterThan(settings.getTimeouts().requestTimeout().toSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ready", "/alive"})
    void aFarmThatAnswersIsReadyAndAlive(String path) throws Exception {
        HttpResponse<String> response = send(request(path));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response)).startsWith("text/plain");
        assertThat(response.body()).isEqualTo("ok");
    }

    @Test
    void metricsAreTextByDefault() throws Exception {
        metrics.countSteps(1);

        HttpResponse<String> response = send(request("/metrics"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response)).isEqualToIgnoringCase("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).containsPattern("(?m)^saddlefarm_farm_steps_total [1-9]");
    }

    @Test
    void metricsAreOpenMetricsForAScraperThatAcceptsThem() throws Exception {
        HttpResponse<String> response =
                send(request("/metrics").header("Accept", "application/openmetrics-text; version=1.0.0"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response))
                .isEqualToIgnoringCase("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(response.body()).endsWith("# EOF\n");
    }

    /** A database that is being restarted, say: the client may ask again. */
    @Test
    void aStoreThatDoesNotAnswerIsAProblemThatPasses() throws Exception {
        ServerBinding away = FarmServer.bind(
                        kit.system(),
                        "127.0.0.1",
                        0,
                        metrics,
                        new EventFeed(metrics, new Deaf()),
                        () -> {
                            throw new StoreAwayException("the database is away", new IOException(), false);
                        },
                        null,
                        ServedFarm.OPEN)
                .toCompletableFuture()
                .get();

        HttpResponse<String> response = send(request(away, "/api/v1/runs"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertProblem(response, "Service Unavailable");
        assertThat(response.body()).contains("the database is away");
    }

    @Test
    void headIsAGetWithoutABody() throws Exception {
        HttpResponse<String> response = send(request("/ready").method("HEAD", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/page/main.js", "/metrics/more", "/metricsandmore"})
    void anUnknownPathIsAProblem(String path) throws Exception {
        HttpResponse<String> response = send(request(path));

        assertThat(response.statusCode()).isEqualTo(404);
        assertProblem(response, "Not Found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/ready", "/alive"})
    void anotherMethodThanGetIsAProblemThatNamesGet(String path) throws Exception {
        HttpResponse<String> response = send(request(path).POST(BodyPublishers.ofString("text")));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET");
        assertProblem(response, "Method Not Allowed");
    }

    @Test
    void aDefectIsAProblemThatLeavesTheCauseToTheLog() throws Exception {
        Route defect = Directives.completeWithFuture(
                CompletableFuture.failedFuture(new IllegalStateException("a secret of the machine")));
        ServerBinding other = Http.get(kit.system())
                .newServerAt("127.0.0.1", 0)
                .bind(FarmServer.withProblems(defect))
                .toCompletableFuture()
                .get();

        HttpResponse<String> response = send(request(other, "/"));

        assertThat(response.statusCode()).isEqualTo(500);
        assertProblem(response, "Internal Server Error");
        assertThat(response.body()).doesNotContain("secret");
    }

    @Test
    void anAnswerThatTakesTooLongIsAProblem() throws Exception {
        ServerBinding slow = Http.get(kit.system())
                .newServerAt("127.0.0.1", 0)
                .adaptSettings(settings -> settings.withTimeouts(
                        settings.getTimeouts().withRequestTimeout(Duration.create(1, TimeUnit.SECONDS))))
                .bind(FarmServer.withProblems(Directives.completeWithFuture(new CompletableFuture<>())))
                .toCompletableFuture()
                .get();

        HttpResponse<String> response = send(request(slow, "/"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertProblem(response, "Service Unavailable");
    }

    /** RFC 9457, section 3: the members and the media type; section 4.2.1: about:blank has the status as its title. */
    private static void assertProblem(HttpResponse<String> response, String title) throws Exception {
        assertThat(contentType(response)).isEqualTo("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(response.body());
        assertThat(problem.fieldNames()).toIterable().containsExactlyInAnyOrder("type", "title", "status", "detail");
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("title").asText()).isEqualTo(title);
        assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    private static HttpRequest.Builder request(String path) {
        return request(binding, path);
    }

    private static HttpRequest.Builder request(ServerBinding server, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.localAddress().getPort() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String contentType(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }
}
