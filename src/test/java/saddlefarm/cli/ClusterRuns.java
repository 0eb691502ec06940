package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Runs that clusters are given, batch by batch, and what a farm of one node exports of them. */
abstract class ClusterRuns {

    /** Runs of each: one for each node, and once more of them, for what takes longer. */
    private static final List<Integer> BATCHES = List.of(3, 6, 3, 3, 3, 3);

    /** What a farm of one node exports of each batch: every cluster is given the same ones. */
    private static final Map<Integer, Map<String, String>> EXPECTED = new HashMap<>();

    @TempDir
    Path directory;

    private int batches;

    /** Some more runs, by the API of a node. */
    final void submit(ClusterNodes nodes, int node) throws Exception {
        var result = Cli.run("submit", experiment(batches), "--to", nodes.url(node), "--token-file", nodes.tokenFile());
        assertThat(result.exitCode()).as(result.err()).isZero();
        batches++;
    }

    /** Without two owners at a time, and to the same bytes. */
    final void assertThatAllCompleteAsOnOneNode(ClusterNodes nodes) throws Exception {
        long runs = firstSeed(batches);
        await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.runs("completed") == runs);
        // worked out beside the trainings, and after them
        await().atMost(ClusterNodes.PATIENCE).until(() -> nodes.number("SELECT COUNT(*) FROM theory") == runs);
        nodes.assertThatNoTwoCommittedARunAtOnce();
        for (int batch = 0; batch < batches; batch++) {
            assertThat(nodes.export(name(batch))).isEqualTo(expected(batch));
        }
    }

    private Map<String, String> expected(int batch) throws Exception {
        if (!EXPECTED.containsKey(batch)) {
            Path out = directory.resolve("single-" + batch);
            var result = Cli.run("run", experiment(batch), "--out", out, "--no-progress");
            assertThat(result.exitCode()).as(result.err()).isZero();
            EXPECTED.put(batch, Cli.export(out, directory.resolve("expected-" + batch)));
        }
        return EXPECTED.get(batch);
    }

    /** No batch has a seed of those before. */
    private static int firstSeed(int batch) {
        return BATCHES.stream().limit(batch).mapToInt(Integer::intValue).sum();
    }

    private static String name(int batch) {
        return "ladders-" + batch;
    }

    /** Of some seconds for each run. */
    private Path experiment(int batch) throws Exception {
        return write("""
                name = %s
                network { widths = [10, 20, 20, 10], activation = linear }
                data { source = linear-teacher }
                initialization { scale = 0.02 }
                descent { learning-rate = 0.0157 }
                stop { max-steps = 600000 }
                observe { every-steps = 2000 }
                checkpoint { every = 200ms }
                sweep { initialization.seed = "range(%d, %d)" }
                """.formatted(name(batch), firstSeed(batch), firstSeed(batch + 1)));
    }

    final Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("experiment.conf"), text);
    }
}
