package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
        return Files.writeString(directory.resolve("ladders.conf"), LADDERS);
    }
}
