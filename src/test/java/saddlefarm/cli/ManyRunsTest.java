package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A farm of many small runs. */
class ManyRunsTest {

    @TempDir
    private Path directory;

    @Test
    void twoHundredSmallRunsAtOnceEndWithinHalfAGibibyteOfHeap() throws Exception {
        Path experiment = Files.writeString(directory.resolve("many.conf"), """
                name = many
                network { depth = 3, width = 20 }
                data { source = positive-teacher }
                initialization { scale = 0.1 }
                descent { learning-rate = 0.01 }
                stop { max-steps = 300 }
                sweep { initialization.seed = "range(0, 200)" }
                """);
        Path out = directory.resolve("out");
        Path output = directory.resolve("output");
        // The heap of the process is bounded to 512 MiB: a farm that needs more of it dies, and that is exit code 3.
        Process farm = Cli.start(output, "run", experiment, "--out", out, "--parallel", 2, "--no-progress");
        assertThat(farm.waitFor()).as(() -> text(output)).isZero();
        JsonNode runs = new ObjectMapper()
                .readTree(Cli.run("runs", "--out", out, "--json").out());
        assertThat(runs).hasSize(200).allSatisfy(run -> {
            assertThat(run.get("status").asText()).isEqualTo("completed");
            assertThat(run.get("steps").asLong()).isEqualTo(300);
        });
    }

    private static String text(Path output) {
        try {
            return Files.readString(output);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
