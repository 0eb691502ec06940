package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.store.SqlRunStore;

/** Farms that something happens to, and what undisturbed ones export. */
abstract class Disturbances {

    /** Three runs of a few seconds with a commit every 20 ms, and three that end at an escape before. */
    static final String LADDERS = """
            name = ladders
            network { widths = [10, 20, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { learning-rate = 0.0157 }
            stop { max-steps = 60000 }
            observe { every-steps = 20 }
            checkpoint { every = 20ms }
            sweep { initialization.seed = [0, 1, 2], stop.after-escapes = [0, 3] }
            """;

    /** What undisturbed farms export, by the experiment. */
    private static final Map<String, Map<String, String>> UNDISTURBED = new HashMap<>();

    @TempDir
    Path directory;

    Path experiment;

    @BeforeEach
    void writeExperiment() throws Exception {
        write(LADDERS);
    }

    final void write(String text) throws Exception {
        experiment = Files.writeString(directory.resolve("ladders.conf"), text);
    }

    /** What a farm exports that nothing happens to. */
    final Map<String, String> undisturbed() throws Exception {
        String text = Files.readString(experiment);
        if (!UNDISTURBED.containsKey(text)) {
            UNDISTURBED.put(text, train("undisturbed", 2));
        }
        return UNDISTURBED.get(text);
    }

    final Map<String, String> train(String name, int parallel) throws Exception {
        Path out = directory.resolve(name);
        var result = Cli.run("run", experiment, "--out", out, "--parallel", parallel, "--no-progress");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return Cli.export(out, directory.resolve("export-" + name));
    }

    final Process start(Path out, List<String> options) throws Exception {
        return Cli.start(options, directory.resolve("output"), "run", experiment, "--out", out, "--no-progress");
    }

    final String output() throws Exception {
        return Files.readString(directory.resolve("output"));
    }

    /** Committed steps of all runs. */
    static long steps(Path out) {
        if (!Files.exists(out.resolve("saddlefarm.db"))) {
            return 0;
        }
        try (var store = SqlRunStore.openReadOnly(out)) {
            return store.runs().stream()
                    .mapToLong(
                            run -> run.progress() == null ? 0 : run.progress().step())
                    .sum();
        } catch (RuntimeException e) {
            return 0; // the tables are being made
        }
    }
}
