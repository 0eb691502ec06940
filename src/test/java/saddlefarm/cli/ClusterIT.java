package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import saddlefarm.PostgresServer;

/** Farms of three nodes, each a process of its own: what they export is what a farm of one exports. */
class ClusterIT extends ClusterRuns {

    private static final String ENDLESS = """
            name = endless
            network { depth = 2, width = 4 }
            data { source = circle-toy }
            descent { learning-rate = 1e-9 }
            stop { max-steps = 100000000000 }
            observe { cadence = linear, every-steps = 100000 }
            """;

    private static final String HEAD = "saddlefarm_farm_head";

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

            // all are restarted, one by one, and each time the one that leads
            submit(nodes, head);
            nodes.awaitProgressOfAll();
            for (int restart = 0; restart < 3; restart++) {
                restart(nodes.head(), nodes);
            }

            // the database is away for half a minute
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            server.kill();
            assertThat(nodes.process(0).waitFor(30, TimeUnit.SECONDS)).isFalse();
            server.startAgain();
            nodes.awaitProgressOfAll();

            // a node that trains but does not lead is lost
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            int other = (nodes.head() + 1) % 3;
            assertThat(nodes.committed(other)).isTrue();
            nodes.kill(other);
            assertThat(nodes.runs("running")).isPositive();
            nodes.awaitProgressOfAll();
            nodes.start(other);
            nodes.awaitMembers(3);

            // all are told to end at once: none waits for another to take its runs
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            for (int exit : nodes.terminateAll()) {
                assertThat(exit).as(nodes.output()).isEqualTo(143);
            }
            assertThat(nodes.runs("queued")).isPositive();
            for (int node = 0; node < 3; node++) {
                assertThat(nodes.lastOutput(node))
                        .contains("Everything is committed")
                        .doesNotContain("shard region timed out");
            }
            nodes.startAll();
            nodes.awaitProgressOfAll();

            // all are lost
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            for (int node = 0; node < 3; node++) {
                nodes.kill(node);
            }
            nodes.startAll();

            assertThatAllCompleteAsOnOneNode(nodes);
        }
    }

    /** Its runs are committed as they are, and go on elsewhere. */
    private static void restart(int node, ClusterNodes nodes) throws Exception {
        assertThat(nodes.terminate(node)).as(nodes.output()).isEqualTo(143);
        nodes.assertThatItLeftItsRunsAsTheyWere(node);
        assertThat(nodes.lastOutput(node)).contains("Everything is committed");
        nodes.awaitMembers(2);
        nodes.awaitProgressOfAll();
        nodes.start(node);
        nodes.awaitMembers(3);
        assertThat(nodes.metric(nodes.head(), HEAD)).isEqualTo(1);
        assertThat(nodes.metric(node, HEAD)).isZero();
    }

    /**
     * A node that is silent for a while has lost its runs, and does not know: what it still commits is refused. It was
     * the head, too, and its connections are all there.
     */
    @Test
    void aNodeThatWasSilentCommitsNothingMore() throws Exception {
        try (var nodes = new ClusterNodes(directory, PostgresServer.shared(), 3)) {
            nodes.startAll();
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            int silent = nodes.head();
            nodes.signal(silent, "STOP");
            assertThat(nodes.runs("running")).isPositive();
            nodes.awaitProgressOfAll();
            nodes.signal(silent, "CONT");
            // The others have given it up: it ends, and is started again.
            assertThat(nodes.awaitEnd(silent)).isNotZero();
            nodes.start(silent);
            nodes.awaitMembers(3);
            assertThatAllCompleteAsOnOneNode(nodes);
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
                var submitted = Cli.run(
                        "submit", write(ENDLESS), "sweep.initialization.seed=range(0, 6)", "--to", nodes.url(0));
                assertThat(submitted.exitCode()).as(submitted.err()).isZero();
                Set<String> runs = Set.copyOf(submitted.out().lines().toList());
                assertThat(runs).hasSize(6);

                // Each row is told where it is made, and heard of from the other node.
                await().atMost(ClusterNodes.PATIENCE)
                        .untilAsserted(() -> assertThat(shown.values()).allMatch(rows -> rows.containsAll(runs)));
                for (int node = 0; node < 2; node++) {
                    assertThat(nodes.metric(node, "saddlefarm_farm_runs{status=\"running\"}"))
                            .isBetween(1.0, 5.0);
                    assertThat(nodes.ask(node, "/api/v1/runs").body()).contains(runs);
                }
                await().atMost(ClusterNodes.PATIENCE)
                        .until(() -> nodes.metric(0, "saddlefarm_farm_runs{status=\"running\"}")
                                        + nodes.metric(1, "saddlefarm_farm_runs{status=\"running\"}")
                                == 6);
                assertThat(nodes.metric(0, HEAD) + nodes.metric(1, HEAD)).isEqualTo(1);

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

    /** As while a newer program takes over, node by node: the first of its nodes has changed the tables. */
    @Test
    void aNodeThatIsOlderThanItsTablesGoesOnWithItsRunsAndSaysSoToReaders() throws Exception {
        try (var nodes = new ClusterNodes(directory, PostgresServer.shared(), 2)) {
            nodes.start(0);
            nodes.awaitMembers(1);
            submit(nodes, 0);
            nodes.awaitProgressOfAll();
            nodes.execute(
                    "INSERT INTO schema_history SELECT 99, '99', description, type, script, checksum, installed_by,"
                            + " installed_on, execution_time, success FROM schema_history WHERE version = '1'");
            assertThat(nodes.runs("running")).isPositive();
            nodes.awaitProgressOfAll();

            String why = "was written by a newer saddlefarm (its tables are at version 99";
            for (String path : List.of("/api/v1/runs", "/api/v1/findings")) {
                var answer = nodes.ask(0, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
                assertThat(answer.body()).contains(why).doesNotContain("Exception");
            }
            nodes.start(1);
            assertThat(nodes.awaitEnd(1)).isEqualTo(1);
            assertThat(nodes.output()).contains(why).doesNotContain("\tat ");

            // commands of this version read it again
            await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("running") + nodes.runs("queued") == 0);
            nodes.execute("DELETE FROM schema_history WHERE version = '99'");
            assertThatAllCompleteAsOnOneNode(nodes);
        }
    }
}
