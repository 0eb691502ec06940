package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.LauncherOptions;
import saddlefarm.run.Wish;
import saddlefarm.store.OutputDirectory;
import saddlefarm.store.SqlRunStore;

/** A farm as a process of its own, and the commands that talk to it. */
class ServeIT {

    /** Three runs of some seconds each. */
    private static final String LADDERS = """
            name = ladders
            network { depth = 3, width = 20, activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { learning-rate = 0.00157 }
            stop { max-steps = 120000 }
            checkpoint { every = 20ms }
            sweep { initialization.seed = [0, 1, 2] }
            """;

    private static final String ENDLESS = """
            name = endless
            network { depth = 2, width = 4 }
            data { source = circle-toy }
            descent { learning-rate = 1e-9 }
            stop { max-steps = 100000000000 }
            observe { cadence = linear, every-steps = 10000000 }
            checkpoint { every = 20ms }
            """;

    private static final Pattern SERVING = Pattern.compile("Serving (http://[^ ,]+), (\\d+) runs to go on with");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final List<Process> farms = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Process farm : farms) {
            farm.destroyForcibly().waitFor();
        }
    }

    /** The first promise, through everything that may happen to a farm. */
    @Test
    void runsThatWerePausedResumedKilledAndInterruptedExportTheBytesOfAnUndisturbedRun() throws Exception {
        Path experiment = write("ladders.conf", LADDERS);
        Path undisturbed = directory.resolve("undisturbed");
        Cli.Result run = Cli.run("run", experiment, "--out", undisturbed, "--no-progress");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var expected = Cli.export(undisturbed, directory.resolve("expected"));

        String url = serve("out", 0);
        List<String> ids = ids(Cli.run("submit", experiment, "--to", url));
        assertThat(ids).hasSize(3);
        await().atMost(Duration.ofMinutes(1)).until(() -> steps(url, ids.get(0)) > 0);
        assertThat(ids(Cli.run("pause", "ladders", "--to", url))).isNotEmpty();
        untilAll(url, ids, "paused", "completed");
        ids(Cli.run("resume", ids.get(0), "--to", url));
        ids(Cli.run("resume", "ladders", "--to", url));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> status(url, ids.get(0)).matches("running|completed"));

        kill(); // SIGKILL
        String again = serve("out", unfinished("out"));
        assertThat(ids(Cli.run("submit", experiment, "--to", again))).isEqualTo(ids);
        await().atMost(Duration.ofMinutes(1)).until(() -> steps(again, ids.get(1)) > 0);

        terminate();
        assertThat(output())
                .contains("Everything is committed. Go on with:")
                .contains("saddlefarm serve --out " + directory.resolve("out"));
        String third = serve("out", unfinished("out"));
        untilAll(third, ids, "completed");
        terminate();
        assertThat(Cli.export(directory.resolve("out"), directory.resolve("exported")))
                .isEqualTo(expected);
    }

    @Test
    void aFarmThatIsStartedAgainGoesOnWithWhatItHadAndLeavesWhatIsPausedOrUnreadable() throws Exception {
        String url = serve("out", 0);
        Path experiment = write("endless.conf", ENDLESS);
        String paused = ids(Cli.run("submit", experiment, "initialization.seed=1", "--to", url))
                .get(0);
        String unreadable = ids(Cli.run("submit", experiment, "initialization.seed=2", "--to", url))
                .get(0);
        String running = ids(Cli.run("submit", experiment, "initialization.seed=3", "--to", url))
                .get(0);
        String cancelled = ids(Cli.run("submit", experiment, "initialization.seed=4", "--to", url))
                .get(0);
        Cli.run("pause", paused, "--to", url);
        Cli.run("cancel", cancelled.substring(0, 11), "--to", url);
        untilAll(url, List.of(paused), "paused");
        untilAll(url, List.of(cancelled), "cancelled");
        terminate();
        // As an earlier version would have left it.
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("out/saddlefarm.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE run SET specification = replace(specification, '\"arithmetic\":', '\"arithmetic\":1') WHERE id = '%s'"
                            .formatted(unreadable));
        }

        String again = serve("out", 1);
        untilAll(again, List.of(running), "running");
        assertThat(output())
                .containsPattern(
                        "run %s is left alone, for it cannot be read again: arithmetic must be".formatted(unreadable));
        assertThat(status(again, paused)).isEqualTo("paused");
        assertThat(status(again, cancelled)).isEqualTo("cancelled");
        assertThat(status(again, unreadable)).isEqualTo("queued");
    }

    /** What is wanted is stored before an order is answered, and done by whoever comes then. */
    @Test
    void ordersThatWereTakenJustBeforeACrashAreCarriedOutAfterIt() throws Exception {
        String url = serve("out", 0);
        Path experiment = write("endless.conf", ENDLESS);
        List<String> runs = ids(Cli.run("submit", experiment, "sweep.initialization.seed=[1, 2, 3]", "--to", url));
        untilAll(url, runs, "running");
        kill();
        try (var output = OutputDirectory.open(directory.resolve("out"));
                var store = output.openStore()) {
            store.want(List.of(runs.get(0)), Wish.PAUSE);
            store.want(List.of(runs.get(1)), Wish.CANCEL);
        }

        String again = serve("out", 1);
        untilAll(again, List.of(runs.get(0)), "paused");
        untilAll(again, List.of(runs.get(1)), "cancelled");
        assertThat(status(again, runs.get(2))).isEqualTo("running");
    }

    @Test
    void clientsSayWhatIsWrong() throws Exception {
        String url = serve("out", 0);
        Path experiment = write("endless.conf", ENDLESS);

        Cli.Result bad = Cli.run("submit", experiment, "descent.learnin-rate=1", "--to", url);
        assertThat(bad.exitCode()).isEqualTo(2);
        assertThat(bad.err()).contains("descent.learnin-rate is not a key; did you mean descent.learning-rate?");
        Cli.Result wrongFile = Cli.run("submit", write("wrong.conf", ENDLESS + "stop.loss = -1\n"), "--to", url);
        assertThat(wrongFile.exitCode()).isEqualTo(2);
        assertThat(wrongFile.err())
                .contains("stop.loss must be")
                .contains("wrong.conf: %d)".formatted(ENDLESS.lines().count() + 1));

        Cli.Result unknown = Cli.run("pause", "nobody", "--to", url + "/");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("has no experiment that is called nobody, and no run whose id begins so");
        assertThat(Cli.run("pause", "..", "--to", url).exitCode()).isEqualTo(2);

        // Two of 17 begin with the same of 16 digits.
        List<String> many = ids(Cli.run("submit", experiment, "sweep.initialization.seed=range(0, 17)", "--to", url));
        String beginning = many.stream()
                .map(id -> id.substring(0, 1))
                .filter(digit ->
                        many.stream().filter(id -> id.startsWith(digit)).count() > 1)
                .findFirst()
                .orElseThrow();
        Cli.Result ambiguous = Cli.run("pause", beginning, "--to", url);
        assertThat(ambiguous.exitCode()).isEqualTo(2);
        assertThat(ambiguous.err()).contains("runs begin with %s: [".formatted(beginning));

        String run = ids(Cli.run("submit", experiment, "--to", url)).get(0);
        Cli.run("cancel", run, "--to", url);
        untilAll(url, List.of(run), "cancelled");
        Cli.Result late = Cli.run("pause", run, "--to", url);
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains("run %s is cancelled; there is nothing to pause".formatted(run));

        JsonNode json = JSON.readTree(
                Cli.run("submit", experiment, "--to", url, "--json").out());
        assertThat(json.get("runs").get(0).get("run").asText()).isEqualTo(run);
        assertThat(json.get("runs").get(0).get("status").asText()).isEqualTo("cancelled");

        kill();
        Cli.Result gone = Cli.run("submit", experiment, "--to", url);
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err()).contains("no farm answers at " + url);
    }

    @Test
    void beyondLoopbackAFarmWithoutATokenDoesNotStart() throws Exception {
        Path out = directory.resolve("out");
        Cli.Result refused = Cli.run("serve", "--host", "0.0.0.0", "--port", 0, "--out", out);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("needs a token").contains("SADDLEFARM_HTTP_TOKEN");
        assertThat(out).doesNotExist();
    }

    @Test
    void withATokenOnlyClientsThatShowItAreServedAlsoOnLoopback() throws Exception {
        String secret = "a-secret-of-32-letters-and-digits";
        Path file = write("token", secret + "\n");
        Path experiment = write("endless.conf", ENDLESS);
        String everywhere = serve("out", 0, Map.of("SADDLEFARM_HTTP_TOKEN", secret), "--host", "0.0.0.0");
        assertThat(everywhere).startsWith("http://0.0.0.0:");
        String url = everywhere.replace("0.0.0.0", "127.0.0.1");
        assertThat(Cli.run("submit", experiment, "--to", url).exitCode()).isEqualTo(1);
        assertThat(Cli.run("submit", experiment, "--to", url).err()).contains("the API asks for a token");
        Cli.Result wrong = Cli.run("submit", experiment, "--to", url, "--token-file", write("wrong", "x".repeat(40)));
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(ids(Cli.run("submit", experiment, "--to", url, "--token-file", file)))
                .hasSize(1);
        terminate();

        // The same token from a file on the farm's side.
        Path config = write("farm.conf", "http.token-file = \"%s\"".formatted(file));
        String again = serve("out", 1, Map.of(), "--config", config);
        assertThat(Cli.run("cancel", "endless", "--to", again).exitCode()).isEqualTo(1);
        assertThat(ids(Cli.run("cancel", "endless", "--to", again, "--token-file", file)))
                .hasSize(1);
        terminate();
        assertThat(output()).doesNotContain(secret);
    }

    @Test
    void runServesWhatCanBeReadAndTakesNoOrders() throws Exception {
        Path experiment = write("endless.conf", ENDLESS);
        Path log = directory.resolve("run-output");
        farms.add(Cli.start(
                LauncherOptions.VECTORS,
                log,
                "run",
                experiment,
                "--out",
                directory.resolve("out"),
                "--serve",
                0,
                "--no-progress"));
        var serving = Pattern.compile("Serving (http://.*)");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> serving.matcher(Files.readString(log)).find());
        Matcher matcher = serving.matcher(Files.readString(log));
        assertThat(matcher.find()).isTrue();
        String url = matcher.group(1);
        assertThat(get(url, "/runs").get("runs")).hasSize(1);
        Cli.Result refused = Cli.run("pause", "endless", "--to", url);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("this farm ends with its runs and takes no orders");
    }

    // --- the farm ---

    private String serve(String out, int goesOnWith) throws Exception {
        return serve(out, goesOnWith, Map.of());
    }

    private String serve(String out, int goesOnWith, Map<String, String> environment, Object... options)
            throws Exception {
        Path output = directory.resolve("output-" + farms.size());
        var arguments =
                new ArrayList<Object>(List.of("serve", "--out", directory.resolve(out), "--port", 0, "--parallel", 2));
        arguments.addAll(List.of(options));
        farms.add(Cli.start(environment, LauncherOptions.VECTORS, output, arguments.toArray()));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> SERVING.matcher(output()).find() || !farm().isAlive());
        Matcher serving = SERVING.matcher(output());
        assertThat(serving.find()).as(output()).isTrue();
        assertThat(serving.group(2)).isEqualTo(String.valueOf(goesOnWith));
        return serving.group(1);
    }

    /** How many runs a store holds that are not over. */
    private int unfinished(String out) {
        try (var store = SqlRunStore.openReadOnly(directory.resolve(out))) {
            return (int)
                    store.runs().stream().filter(run -> !run.status().over()).count();
        }
    }

    private Process farm() {
        return farms.get(farms.size() - 1);
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output-" + (farms.size() - 1)));
    }

    private void kill() throws Exception {
        farm().destroyForcibly().waitFor();
    }

    private void terminate() throws Exception {
        farm().destroy(); // SIGTERM
        assertThat(farm().waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(farm().exitValue()).as(output()).isEqualTo(143);
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    // --- its answers ---

    private static List<String> ids(Cli.Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out().lines().toList();
    }

    private static String status(String url, String run) throws Exception {
        return get(url, "/runs/" + run).get("status").asText();
    }

    private static long steps(String url, String run) throws Exception {
        return get(url, "/runs/" + run).get("steps").asLong();
    }

    private static void untilAll(String url, List<String> runs, String... statuses) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> StreamSupport.stream(get(url, "/runs").get("runs").spliterator(), false)
                        .filter(run -> runs.contains(run.get("run").asText()))
                        .allMatch(run ->
                                List.of(statuses).contains(run.get("status").asText())));
    }

    private static JsonNode get(String url, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).build();
        return JSON.readTree(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }
}
