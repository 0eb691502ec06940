package saddlefarm.http;

import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.Deaf;
import saddlefarm.farm.FarmControl;
import saddlefarm.farm.FarmSettings;
import saddlefarm.farm.FarmSupervisor;
import saddlefarm.farm.MemoryLimit;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.network.Workspaces;
import saddlefarm.run.RunStatus;
import saddlefarm.store.OutputDirectory;
import saddlefarm.store.SqlRunStore;

/** A farm that trains into a directory, and its server, as clients see it. */
public final class ServedFarm implements AutoCloseable {

    /** Four modes, learned one after the other; each a plateau. Where it stops is left to say. */
    static final String LADDER = """
            name = ladder
            network { widths = [10, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 1e-6 }
            descent { learning-rate = 0.0375 }
            """;

    public static final ApiSettings OPEN = new ApiSettings(1 << 20, 10_000, 10, Set.of("127.0.0.1"), null, null);

    private static final FarmSettings SETTINGS = new FarmSettings(
            2,
            8,
            100_000_000,
            Duration.ofMillis(2),
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMinutes(1));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final ActorTestKit kit = ActorTestKit.create();
    private final FarmMetrics metrics = new FarmMetrics(1000);
    private final OutputDirectory output;
    private final SqlRunStore store;
    private final ServerBinding binding;

    /** @param takesOrders whether the API may change anything */
    public ServedFarm(Path directory, ApiSettings settings, boolean takesOrders) throws Exception {
        this(directory, settings, takesOrders, 0);
    }

    /** @param port 0 for any */
    ServedFarm(Path directory, ApiSettings settings, boolean takesOrders, int port) throws Exception {
        output = OutputDirectory.open(directory);
        store = output.openStore();
        var tasks = new TaskLibrary();
        var workshop = new TaskWorkshop(tasks, new Workspaces(2, 1 << 20), "test");
        var feed = new EventFeed(metrics, new Deaf());
        ActorRef<FarmSupervisor.Command> farm = kit.spawn(FarmSupervisor.create(SETTINGS, workshop, store, feed, feed));
        binding = FarmServer.bind(
                        kit.system(),
                        "127.0.0.1",
                        port,
                        metrics,
                        feed,
                        () -> SqlRunStore.openReadOnly(directory),
                        takesOrders
                                ? new FarmControl(
                                        farm::tell, store, tasks, new MemoryLimit(workshop, SETTINGS.maxMemory()))
                                : null,
                        settings)
                .toCompletableFuture()
                .get();
    }

    /** The store that the farm writes to. */
    public SqlRunStore store() {
        return store;
    }

    ActorSystem<Void> system() {
        return kit.system();
    }

    public int port() {
        return binding.localAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url(path)));
    }

    public static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send(request("/api/v1" + path));
    }

    HttpResponse<String> post(String path) throws Exception {
        return send(request("/api/v1" + path).POST(BodyPublishers.noBody()));
    }

    public HttpResponse<String> post(String path, String contentType, String body) throws Exception {
        return post(path, contentType, BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, String contentType, BodyPublisher body) throws Exception {
        return send(
                request("/api/v1" + path).header("Content-Type", contentType).POST(body));
    }

    /** The document of an answer. */
    public static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    JsonNode document(String path) throws Exception {
        return json(get(path));
    }

    /** A scrape that has all these texts. */
    String scrapeUntil(String... texts) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> send(request("/metrics")).body(),
                        scrape -> Stream.of(texts).allMatch(scrape::contains));
    }

    /** A client of the event stream. */
    EventReader events(String query, String... headers) throws Exception {
        return new EventReader(eventLines(query, headers));
    }

    HttpResponse<Stream<String>> eventLines(String query, String... headers) throws Exception {
        return eventLinesOf(url(""), query, headers);
    }

    /** The event stream of any farm. */
    static HttpResponse<Stream<String>> eventLinesOf(String farm, String query, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(farm + "/api/v1/events" + query));
        return CLIENT.send((headers.length > 0 ? request.headers(headers) : request).build(), BodyHandlers.ofLines());
    }

    /** What a server answers to bytes that no polite client sends: the whole text until it closes. */
    String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The same to bytes after which nothing more will come. */
    public String last(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns when a run has a status at its last commit. */
    public void until(String run, RunStatus status) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> store.runs().stream().anyMatch(each -> each.id().equals(run) && each.status() == status));
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
        metrics.close();
        store.close();
        output.close();
    }
}
