package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The search for a scale beyond which a linear network of two layers learns without an escape. */
class BisectCommandTest {

    /** With biases, for which no escape directions are sought: nothing here asks for them, and it takes seconds. */
    private static final String EXPERIMENT = """
            name = where
            network { depth = 2, width = 12, activation = linear, bias = true }
            data { source = linear-teacher, dimension = 5, samples = 10, strengths = [3] }
            descent { method = gradient-flow }
            stop { max-flow-time = 4, max-steps = 500 }
            observe { curvature = false }
            sweep { initialization.seed = "range(0, 3)" }
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(directory.resolve("where.conf"), EXPERIMENT);
    }

    @Test
    void itFindsTheScaleFromWhichTheTimeSufficesAndSaysWhatItSaw() throws Exception {
        Cli.Result result = bisect("--between", "1e-12", "0.01", "--until", "escapes>=1", "--to", "3", "--json");

        assertThat(result.exitCode()).as(result.err()).isZero();
        JsonNode found = JSON.readTree(result.out());
        // Within t = 4 a mode of strength 3 grows by e^12: that takes weights of about e^-12 = 6e-6 to leave; how
        // random
        // weights lie, and when an escape counts as confirmed, is worth a factor of ten.
        assertThat(found.get("no").asDouble()).isBetween(1e-7, 1e-4);
        assertThat(found.get("yes").asDouble()).isGreaterThan(found.get("no").asDouble());
        assertThat(found.get("ratio").asDouble()).isBetween(1.0, 3.0);
        assertThat(found.get("probes").get(0).get("value").asDouble()).isEqualTo(1e-12);
        assertThat(found.get("probes").get(0).get("answer").asBoolean()).isFalse();
        assertThat(found.get("probes").get(1).get("yes").asInt()).isEqualTo(3);
        assertThat(found.get("probes"))
                .allSatisfy(probe -> assertThat(probe.get("runs")).hasSize(3));
        assertThat(result.err()).contains("initialization.scale = 1E-12: escapes>=1 in 0 of 3 runs, no");
    }

    @Test
    void aSearchThatIsDoneIsReadFromTheResults() throws Exception {
        String[] search = {"--between", "1e-9", "0.01", "--until", "escapes>=1", "--to", "100"};
        Cli.Result first = bisect(search);
        JsonNode before = runs();
        Cli.Result again = bisect(search);

        assertThat(again.out()).isEqualTo(first.out()).contains("escapes>=1 in most runs at initialization.scale = ");
        assertThat(runs()).isEqualTo(before);
        // Every probe is a sweep over its value.
        assertThat(before)
                .allSatisfy(run ->
                        assertThat(run.get("swept").has("initialization.scale")).isTrue());
    }

    @Test
    void endsWithTheSameAnswerAreRefused() {
        Cli.Result result = bisect("--between", "0.001", "0.01", "--until", "escapes>=1");

        assertThat(result.exitCode()).isEqualTo(ExitCode.MISUSE);
        assertThat(result.err())
                .contains("--between needs values with different answers, but escapes>=1 has the answer yes at both");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--between 1 1 --until rank>=1 | --between must be two different values but was 1 twice",
                "--between 0 1 --until rank>=1 | --between must be two numbers above 0 but one was 0",
                "--between a 1 --until rank>=1 | --between must be two numbers above 0 but one was a",
                "--between 1 2 --until rank=1 | --until must be 'rank>=R' or 'escapes>=K'",
                "--between 1 2 --until rank>=0 | --until must be 'rank>=R' or 'escapes>=K'",
                "--between 1 2 --until rank>=1 --to 1 | --to must be at least 1.0001 but was 1.0",
                "--between 1 2 --until rank>=1 sweep.network.width=[2,3] | sweeps network.width, but bisect takes",
                "--between 1 2 --until rank>=1 loss=absolute | loss must be",
            })
    void misuseIsToldBeforeAnythingIsTrained(String arguments, String message) {
        Cli.Result result = bisect(arguments.strip().split(" "));

        assertThat(result.exitCode()).isEqualTo(ExitCode.MISUSE);
        assertThat(result.err()).contains(message);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aKeyOfWholeNumbersIsRefusedByItsFirstHalf() {
        Cli.Result result = Cli.run(
                "bisect",
                file,
                "--key",
                "network.width",
                "--between",
                "2",
                "40",
                "--until",
                "rank>=1",
                "--out",
                directory.resolve("out"));

        assertThat(result.exitCode()).isEqualTo(ExitCode.MISUSE);
        assertThat(result.err()).contains("network.width must be a whole number but was 8.94427");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    private Cli.Result bisect(String... options) {
        var arguments = new ArrayList<Object>(List.of(
                "bisect", file, "--key", "initialization.scale", "--out", directory.resolve("out"), "--no-progress"));
        arguments.addAll(List.of(options));
        return Cli.run(arguments.toArray());
    }

    private JsonNode runs() throws Exception {
        return JSON.readTree(
                Cli.run("runs", "--out", directory.resolve("out"), "--json").out());
    }
}
