package saddlefarm.http;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import saddlefarm.Program;

/** A Prometheus of the test's own. */
public final class PrometheusProcess implements AutoCloseable {

    /** One series of an instant vector. */
    record Point(JsonNode labels, double value) {
        String label(String name) {
            return labels.path(name).asText();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private PrometheusProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * One that scrapes an address every second.
     *
     * @param directory empty; its configuration, data and log
     */
    static PrometheusProcess scraping(String address, Path directory) throws IOException {
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, scrape_timeout: 1s }
                scrape_configs:
                  - job_name: saddlefarm
                    static_configs: [ { targets: [ "%s" ] } ]
                """.formatted(address));
        return start(configuration, directory);
    }

    /** @param directory for its data and log */
    public static PrometheusProcess start(Path configuration, Path directory) throws IOException {
        Path log = directory.resolve("log");
        int port = freePort();
        Process process = new ProcessBuilder(
                        Program.find("prometheus"),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new PrometheusProcess(process, log, port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The instant vector of a PromQL expression. */
    List<Point> query(String expression) throws IOException, InterruptedException {
        var points = new ArrayList<Point>();
        for (JsonNode series : get("query", Map.of("query", expression)).path("result")) {
            points.add(new Point(
                    series.path("metric"),
                    Double.parseDouble(series.path("value").path(1).asText())));
        }
        return points;
    }

    /**
     * The data of an answer of its API.
     *
     * @param path below {@code /api/v1}
     * @throws AssertionError if it answers with an error
     */
    public JsonNode get(String path, Map<String, String> parameters) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError("prometheus has ended: " + Files.readString(log));
        }
        String query = parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(joining("&"));
        var uri = URI.create("http://127.0.0.1:%d/api/v1/%s?%s".formatted(port, path, query));
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        JsonNode answer = JSON.readTree(response.body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(path + " " + parameters + ": " + response.body());
        }
        return answer.path("data");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
