package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Runs that clusters are given, and what a farm of one node exports of them. */
abstract class ClusterRuns {

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
    Path directory;

    private int batches;

    /** Some more runs, by the API of a node. */
    final void submit(ClusterNodes nodes, int node) throws Exception {
        var result = Cli.run(
                "submit", experiment(), seeds(batches), "--to", nodes.url(node), "--token-file", nodes.tokenFile());
        assertThat(result.exitCode()).as(result.err()).isZero();
        batches++;
    }

    private static String seeds(int batch) {
        return "sweep.initialization.seed=range(%d, %d)".formatted(batch * BATCH, (batch + 1) * BATCH);
    }

    /** Without two owners at a time, and to the same bytes. */
    final void assertThatAllCompleteAsOnOneNode(ClusterNodes nodes) throws Exception {
        long runs = (long) batches * BATCH;
        await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("completed") == runs);
        // worked out beside the trainings, and after them
        await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.number("SELECT COUNT(*) FROM theory") == runs);
        nodes.assertThatNoTwoCommittedARunAtOnce();
        assertThat(nodes.export()).isEqualTo(expected());
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

    final Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("experiment.conf"), text);
    }
}
