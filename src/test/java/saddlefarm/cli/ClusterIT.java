package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.PostgresServer;

/** Farms of three nodes, each a process of its own: what they export is what a farm of one exports. */
class ClusterIT {

    /** Runs of some seconds each; which ones is left to say. */
    private static final String LADDERS = """
            name = ladders
            network { widths = [10, 20, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { learning-rate = 0.0157 }
            stop { max-steps = 600000 }
            observe { every-steps = 2000 }
            checkpoint { every = 200ms }
            """;

    private static final String ENDLESS = """
            name = endless
            network { depth = 2, width = 4 }
            data { source = circle-toy }
            descent { learning-rate = 1e-9 }
            stop { max-steps = 100000000000 }
            observe { cadence = linear, every-steps = 100000 }
            """;

    private static final int BATCH = 6;

    @TempDir
    private Path directory;

    private int batches;

    /** One after the other, so that one cluster has to live with all of it. */
    @Test
    void runsAreThoseOfOneNodeWhateverBefallsTheOthers() throws Exception {
        var server = PostgresServer.shared();
        try (var nodes = new ClusterNodes(directory, server, 3)) {
            nodes.startAll();
            submit(nodes, 0);
            nodes.awaitProgressOfAll();

            // the node that leads is lost, at once
            int head = nodes.head();
            nodes.kill(head);
            assertThat(nodes.runs("running")).isPositive();
            nodes.awaitProgressOfAll();
            nodes.start(head);
            nodes.awaitMembers(3);

            // another is asked to end: its runs are committed as they are, and go on elsewhere
            submit(nodes, head);
            nodes.awaitProgressOfAll();
            int next = (nodes.head() + 1) % 3;
            assertThat(nodes.terminate(next)).as(nodes.output()).isEqualTo(143);
            nodes.assertThatItLeftItsRunsAsTheyWere(next);
            nodes.awaitMembers(2);
            assertThat(nodes.output()).contains("Everything is committed");
            nodes.awaitProgressOfAll();
            nodes.start(next);
            nodes.awaitMembers(3);

            // the database is away for half a minute
            submit(nodes, next);
            nodes.awaitProgressOfAll();
            server.kill();
            assertThat(nodes.process(0).waitFor(30, TimeUnit.SECONDS)).isFalse();
            server.startAgain();
            nodes.awaitProgressOfAll();

            // all are lost
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            for (int node = 0; node < 3; node++) {
                nodes.kill(node);
            }
            nodes.startAll();

            await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("completed") == (long) batches * BATCH);
            nodes.assertThatNoTwoCommittedARunAtOnce();
            assertThat(nodes.export()).isEqualTo(expected());
        }
    }

    /** A node that is silent for a while has lost its runs, and does not know: what it still commits is refused. */
    @Test
    void aNodeThatWasSilentCommitsNothingMore() throws Exception {
        try (var nodes = new ClusterNodes(directory, PostgresServer.shared(), 3)) {
            nodes.startAll();
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            int silent = (nodes.head() + 1) % 3;
            nodes.signal(silent, "STOP");
            assertThat(nodes.runs("running")).isPositive();
            nodes.awaitProgressOfAll();
            nodes.signal(silent, "CONT");
            // The others have given it up: it ends, and is started again.
            assertThat(nodes.process(silent).waitFor()).isNotZero();
            nodes.start(silent);
            nodes.awaitMembers(3);
            await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("completed") == (long) batches * BATCH);
            nodes.assertThatNoTwoCommittedARunAtOnce();
            assertThat(nodes.export()).isEqualTo(expected());
        }
    }

    /** Runs live on one of two nodes each, and both show and steer all of them. */
    @Test
    void anyNodeShowsTheWholeFarmAndTakesOrders() throws Exception {
        try (var nodes = new ClusterNodes(directory, PostgresServer.shared(), 2)) {
            nodes.startAll();
            var shown = new ConcurrentHashMap<String, Set<String>>();
            var reading = Executors.newFixedThreadPool(2);
            try {
                for (int node = 0; node < 2; node++) {
                    String url = nodes.url(node);
                    Set<String> rows = shown.computeIfAbsent(url, each -> ConcurrentHashMap.newKeySet());
                    reading.execute(() -> readRows(url, rows));
                }
                var submitted =
                        Cli.run("submit", write(ENDLESS), "sweep.initialization.seed=range(0, 6)", "--to", nodes.url(0));
                assertThat(submitted.exitCode()).as(submitted.err()).isZero();
                Set<String> runs = Set.copyOf(submitted.out().lines().toList());
                assertThat(runs).hasSize(6);

                // Each row is told where it is made, and heard of from the other node.
                await().atMost(ClusterNodes.PATIENCE)
                        .untilAsserted(() -> assertThat(shown.values()).allMatch(rows -> rows.containsAll(runs)));
                for (int node = 0; node < 2; node++) {
                    assertThat(nodes.metric(node, "saddlefarm_farm_runs{status=\"running\"}"))
                            .isBetween(1.0, 5.0);
                    assertThat(get(nodes.url(node) + "/api/v1/runs")).contains(runs);
                }
                await().atMost(ClusterNodes.PATIENCE)
                        .until(() -> nodes.metric(0, "saddlefarm_farm_runs{status=\"running\"}")
                                        + nodes.metric(1, "saddlefarm_farm_runs{status=\"running\"}")
                                == 6);

                assertThat(Cli.run("pause", "endless", "--to", nodes.url(1)).exitCode())
                        .isZero();
                await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("paused") == 6);
                assertThat(Cli.run("resume", "endless", "--to", nodes.url(0)).exitCode())
                        .isZero();
                await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("running") == 6);
                assertThat(Cli.run("cancel", "endless", "--to", nodes.url(1)).exitCode())
                        .isZero();
                await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("cancelled") == 6);
            } finally {
                reading.shutdownNow();
            }
        }
    }

    /** Notes of which runs a node tells rows, until it is interrupted. */
    private static void readRows(String url, Set<String> runs) {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/v1/events")).build();
        try {
            var row = Pattern.compile("data: \\{\"run\":\"([0-9a-f]{12})\",\"step\":");
            HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofLines())
                    .body()
                    .map(row::matcher)
                    .filter(Matcher::lookingAt)
                    .forEach(found -> runs.add(found.group(1)));
        } catch (IOException | InterruptedException | UncheckedIOException e) {
            // The test has ended, and its nodes.
        }
    }

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    /** Some more runs, by the API of a node. */
    private void submit(ClusterNodes nodes, int node) throws Exception {
        var result = Cli.run("submit", experiment(), seeds(batches), "--to", nodes.url(node));
        assertThat(result.exitCode()).as(result.err()).isZero();
        batches++;
    }

    private static String seeds(int batch) {
        return "sweep.initialization.seed=range(%d, %d)".formatted(batch * BATCH, (batch + 1) * BATCH);
    }

    /** Of a farm of one node that trains the same runs. */
    private Map<String, String> expected() throws Exception {
        Path out = directory.resolve("single");
        var result = Cli.run(
                "run",
                experiment(),
                "sweep.initialization.seed=range(0, %d)".formatted(batches * BATCH),
                "--out",
                out,
                "--no-progress");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return Cli.export(out, directory.resolve("expected"));
    }

    private Path experiment() throws Exception {
        return write(LADDERS);
    }

    private Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("experiment.conf"), text);
    }
}
