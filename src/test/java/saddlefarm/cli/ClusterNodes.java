package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import saddlefarm.LauncherOptions;
import saddlefarm.PostgresServer;
import saddlefarm.TextFiles;
import saddlefarm.http.FarmServer;

/**
 * Nodes of one farm, numbered from 0, each a process of its own on this machine, and their database, which notes who
 * commits what. Where others reach their API, it is open to whoever shows the {@linkplain #tokenFile token}.
 */
final class ClusterNodes implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String TOKEN = "a-token-of-the-tests";

    private final Path directory;
    private final PostgresServer server;
    private final String database;
    private final String databaseHost;
    private final List<NodePlace> places;
    private final Map<Integer, Process> processes = new HashMap<>();
    private int started;

    /** On the loopback address. */
    ClusterNodes(Path directory, PostgresServer server, int nodes) throws IOException, SQLException {
        this(directory, server, NodePlace.onLoopback(nodes));
    }

    ClusterNodes(Path directory, PostgresServer server, List<NodePlace> places) throws IOException, SQLException {
        this(directory, server, "127.0.0.1", places);
    }

    /** @param databaseHost address at which the nodes reach the server, under its own port */
    ClusterNodes(Path directory, PostgresServer server, String databaseHost, List<NodePlace> places)
            throws IOException, SQLException {
        this.directory = directory;
        this.server = server;
        this.databaseHost = databaseHost;
        this.places = places;
        database = server.newDatabaseWithTables();
        Files.writeString(tokenFile(), TOKEN);
        noteCommits();
    }

    // --- processes ---

    void start(int node) throws IOException {
        NodePlace place = places.get(node);
        Map<String, String> environment = new HashMap<>(storeEnvironment(databaseHost));
        environment.put("SADDLEFARM_FARM_MODE", "cluster");
        environment.put("SADDLEFARM_FARM_PARALLEL", "1");
        if (!FarmServer.isLoopback(place.host())) {
            environment.put("SADDLEFARM_HTTP_TOKEN_FILE", tokenFile().toString());
        }
        environment.put("SADDLEFARM_CLUSTER_HOST", place.host());
        environment.put("SADDLEFARM_CLUSTER_PORT", String.valueOf(place.port()));
        environment.put("SADDLEFARM_CLUSTER_MANAGEMENT_PORT", String.valueOf(place.managementPort()));
        environment.put(
                "SADDLEFARM_CLUSTER_SEEDS",
                places.stream().map(NodePlace::address).collect(Collectors.joining(",")));
        environment.putAll(place.environment());
        var java = new ArrayList<>(place.within());
        java.add(Cli.JAVA);
        processes.put(
                node,
                Cli.start(
                        java,
                        environment,
                        LauncherOptions.VECTORS,
                        directory.resolve("node-%d-%d".formatted(node, started++)),
                        "serve",
                        "--host",
                        place.host(),
                        "--port",
                        place.apiPort(),
                        "--no-progress"));
    }

    void startAll() throws IOException {
        for (int node = 0; node < places.size(); node++) {
            start(node);
        }
        awaitMembers(places.size());
    }

    void kill(int node) throws InterruptedException {
        process(node).destroyForcibly().waitFor();
    }

    /** SIGTERM; returns the exit code. */
    int terminate(int node) throws InterruptedException {
        Process process = process(node);
        process.destroy();
        return process.waitFor();
    }

    /** SIGTERM to all at the same moment; returns the exit codes. */
    List<Integer> terminateAll() {
        processes.values().forEach(Process::destroy);
        return processes.values().stream()
                .map(process -> process.onExit().join().exitValue())
                .toList();
    }

    /** Waits until a node has ended by itself; returns the exit code. */
    int awaitEnd(int node) throws IOException, InterruptedException {
        assertThat(process(node).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        return process(node).exitValue();
    }

    /** SIGSTOP or SIGCONT: a process that is silent, and does not know. */
    void signal(int node, String signal) throws IOException, InterruptedException {
        long pid = process(node).pid();
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    Process process(int node) {
        return Objects.requireNonNull(processes.get(node), () -> "node %d was never started".formatted(node));
    }

    /** What all processes have written so far. */
    String output() throws IOException {
        var output = new StringBuilder();
        for (int node = 0; node < places.size(); node++) {
            output.append(output(node));
        }
        return output.toString();
    }

    /** What the processes of one node have. */
    String output(int node) throws IOException {
        var output = new StringBuilder();
        for (Path file : outputs(node)) {
            output.append("--- ").append(file.getFileName()).append('\n').append(Files.readString(file));
        }
        return output.toString();
    }

    /** What its last process has. */
    String lastOutput(int node) throws IOException {
        List<Path> files = outputs(node);
        return Files.readString(files.get(files.size() - 1));
    }

    private List<Path> outputs(int node) {
        return IntStream.range(0, started)
                .mapToObj(start -> directory.resolve("node-%d-%d".formatted(node, start)))
                .filter(Files::exists)
                .toList();
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        processes.values().forEach(process -> process.onExit().join());
    }

    // --- the cluster ---

    String url(int node) {
        return "http://%s:%d"
                .formatted(places.get(node).host(), places.get(node).apiPort());
    }

    /** The API's; nodes on a loopback address ask nobody for it. */
    Path tokenFile() {
        return directory.resolve("token");
    }

    /** What the API answers; it is let in. */
    HttpResponse<String> ask(int node, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url(node) + path)).header("Authorization", "Bearer " + TOKEN);
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** The status that Akka Management answers with. */
    int managementStatus(int node, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(managementUri(node, path)).build();
        return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    }

    private URI managementUri(int node, String path) {
        return URI.create("http://%s:%d%s"
                .formatted(places.get(node).host(), places.get(node).managementPort(), path));
    }

    /** Waits until every node that lives knows that so many are members, and no other. */
    void awaitMembers(int count) {
        await().atMost(PATIENCE).until(() -> living().stream().allMatch(node -> up(node).size() == count));
    }

    /** Whether a node knows itself to be in a cluster. */
    boolean isMember(int node) {
        return !up(node).isEmpty();
    }

    private List<Integer> living() {
        return processes.keySet().stream()
                .filter(node -> process(node).isAlive())
                .sorted()
                .toList();
    }

    /** The addresses that are up, and nothing else is known, for a node; empty while it does not answer. */
    private List<String> up(int node) {
        try {
            List<String> up = new ArrayList<>();
            for (JsonNode member : members(node).get("members")) {
                if (!member.get("status").asText().equals("Up")) {
                    return List.of();
                }
                up.add(member.get("node").asText());
            }
            return up;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The node where the head is. */
    int head() throws IOException {
        String oldest = members(living().get(0)).get("oldest").asText();
        return IntStream.range(0, places.size())
                .filter(node -> oldest.endsWith("@" + places.get(node).address()))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode members(int node) throws IOException {
        return JSON.readTree(managementUri(node, "/cluster/members").toURL());
    }

    /** The value of a series, by its name and labels, in a scrape of a node. */
    double metric(int node, String series) throws IOException {
        String scrape = new String(
                URI.create(url(node) + "/metrics").toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);
        return scrape.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    // --- the store ---

    private Map<String, String> storeEnvironment(String host) {
        return Map.of(
                "SADDLEFARM_STORE_URL", server.url(host, database),
                "SADDLEFARM_STORE_USER", PostgresServer.USER,
                "SADDLEFARM_STORE_PASSWORD", PostgresServer.PASSWORD);
    }

    /** Every commit is noted with the session that made it, which tells its process. */
    private void noteCommits() throws SQLException {
        execute("""
                CREATE TABLE noted (
                    number BIGINT GENERATED ALWAYS AS IDENTITY, run TEXT, epoch BIGINT, step BIGINT, status TEXT, client TEXT);
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO noted (run, epoch, step, status, client)
                    VALUES (NEW.id, NEW.epoch, NEW.step, NEW.status, current_setting('application_name'));
                    RETURN NEW;
                END $$;
                CREATE TRIGGER note AFTER UPDATE OF last_commit ON run FOR EACH ROW
                    WHEN (OLD.last_commit IS DISTINCT FROM NEW.last_commit) EXECUTE FUNCTION note()""");
    }

    void execute(String sql) throws SQLException {
        try (var connection = server.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one number that is asked for. */
    long number(String sql) throws SQLException {
        try (var connection = server.connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Whether the last process of a node has committed anything. */
    boolean committed(int node) throws SQLException {
        return number("SELECT COUNT(*) FROM noted WHERE " + isOf(node)) > 0;
    }

    /** Of commits. */
    private String isOf(int node) {
        return "client LIKE 'saddlefarm, process %d on %%'"
                .formatted(process(node).pid());
    }

    long runs(String status) throws SQLException {
        return number("SELECT COUNT(*) FROM run WHERE status = '%s'".formatted(status));
    }

    /** Waits until every run has more steps committed than now, or has ended. */
    void awaitProgressOfAll() throws SQLException {
        execute("DROP TABLE IF EXISTS before; CREATE TABLE before AS SELECT id, step FROM run");
        await().atMost(PATIENCE)
                .until(() -> number("SELECT COUNT(*) FROM run JOIN before USING (id) WHERE status <> 'completed'"
                                + " AND COALESCE(run.step, 0) <= COALESCE(before.step, 0)")
                        == 0);
    }

    /** The last that a node committed of each of its runs is where it stopped: nothing has to be computed again. */
    void assertThatItLeftItsRunsAsTheyWere(int node) throws SQLException {
        String last = "FROM (SELECT DISTINCT ON (run) status FROM noted WHERE " + isOf(node)
                + " ORDER BY run, number DESC) AS last WHERE status";
        assertThat(number("SELECT COUNT(*) " + last + " = 'queued'")).isPositive();
        assertThat(number("SELECT COUNT(*) " + last + " NOT IN ('queued', 'completed')"))
                .isZero();
    }

    /** Each owner of a run was one process, and no owner committed after the next. */
    void assertThatNoTwoCommittedARunAtOnce() throws SQLException {
        assertThat(number("SELECT COUNT(*) FROM noted")).isPositive();
        assertThat(number("SELECT COUNT(*) FROM (SELECT 1 FROM noted GROUP BY run, epoch"
                        + " HAVING COUNT(DISTINCT client) > 1) AS shared"))
                .isZero();
        assertThat(number("SELECT COUNT(*) FROM noted a JOIN noted b ON a.run = b.run AND a.number < b.number"
                        + " AND a.epoch > b.epoch"))
                .isZero();
    }

    /** Of the runs of one experiment. */
    Map<String, String> export(String experiment) throws Exception {
        Path to = directory.resolve("export-" + experiment);
        Path output = directory.resolve("exporting");
        Process export = Cli.start(
                storeEnvironment("127.0.0.1"),
                List.of(),
                output,
                "export",
                "--format",
                "csv",
                "--experiment",
                experiment,
                "--to",
                to);
        assertThat(export.waitFor()).as(Files.readString(output)).isZero();
        return TextFiles.in(to);
    }
}
