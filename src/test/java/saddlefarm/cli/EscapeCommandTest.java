package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.data.CircleToy;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;
import saddlefarm.theory.EscapeFindings;
import saddlefarm.theory.EscapeSearch;

class EscapeCommandTest {

    private static final Path CIRCLE = Path.of("config", "circle-toy.conf");

    @TempDir
    private Path directory;

    private Path linear;

    @BeforeEach
    void writeExperiment() throws IOException {
        linear = Files.writeString(directory.resolve("linear.conf"), """
                name = linear
                network { depth = 3, width = 5, activation = linear }
                data { source = linear-teacher }
                descent { learning-rate = 0.01 }
                stop { max-steps = 10 }
                """);
    }

    @Test
    void theCircleIsLeftFasterThroughARankTwoFirstLayer() throws IOException {
        JsonNode document = json("escape", CIRCLE, "--restarts", 12, "--json");
        assertThat(document.get("experiment").asText()).isEqualTo("circle-toy");
        assertThat(document.get("depth").asInt()).isEqualTo(3);
        assertThat(document.get("widths").toString()).isEqualTo("[2,30,30,1]");
        assertThat(document.get("restarts").asInt()).isEqualTo(12);
        // the paper's supremum is ½, and its best speed of rank one √2 − 1
        assertThat(document.get("speed").asDouble()).isBetween(0.495, 0.5);
        assertThat(document.get("speeds").get(1).get("speed").asDouble()).isCloseTo(Math.sqrt(2) - 1, within(1e-3));
        assertThat(document.get("reached_best").asInt())
                .isEqualTo(document.get("speeds").get(0).get("restarts").asInt());
        assertThat(document.get("residual").asDouble()).isLessThan(EscapeSearch.STATIONARY);
        assertThat(document.get("verdict").asText()).isEqualTo("holds");
        JsonNode first = document.get("layers").get(0);
        assertThat(first.get("layer").asInt()).isEqualTo(1);
        assertThat(first.get("norm").asDouble()).isCloseTo(1, within(3e-4));
        assertThat(first.get("singular_values")).hasSize(2);
        assertThat(first.get("ratio").asDouble()).isCloseTo(1, within(0.01));
        assertThat(first.get("bound").asDouble()).isEqualTo(1);
        assertThat(first.get("tail").asDouble()).isCloseTo(0.5, within(0.01));
        assertThat(document.get("layers").get(2).get("ratio").isNull()).isTrue();
    }

    @Test
    void theTableSaysItInWords() {
        var result = Cli.run("escape", linear, "--restarts", 3);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("Escape directions of the origin: linear, widths 10 5 5 10, linear, mse")
                .contains(
                        "speed     4.000000",
                        "reached   by 3 of 3 restarts",
                        "σ1/σ2 is at least ℓ^(1/4) in every layer");
        assertThat(Cli.run("escape", linear, "--restarts", 2).out())
                .contains("not shown to be optimal: 2 of 2 restarts reached its speed, and 3 are needed");
        assertThat(directory.resolve("farm-out")).doesNotExist();
    }

    /** Seeds and rates of the descent make no other network or task. */
    @Test
    void aSweepAsksOnceForEachTaskAndNetwork() throws IOException {
        JsonNode document = json(
                "escape",
                linear,
                "--restarts",
                1,
                "--json",
                "sweep.network.depth=[2, 4]",
                "sweep.initialization.seed=range(0, 3)");
        JsonNode directions = document.get("directions");
        assertThat(directions).hasSize(2);
        assertThat(directions.get(0).get("swept").toString()).isEqualTo("{\"network.depth\":2}");
        assertThat(directions.get(1).get("layers")).hasSize(4);
        // the teacher's largest strength, at any depth
        assertThat(directions)
                .allSatisfy(one -> assertThat(one.get("speed").asDouble()).isCloseTo(4, within(1e-9)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void theNumberOfThreadsChangesNothing(int threads) {
        Task task = CircleToy.task();
        var search = new EscapeSearch(
                new Architecture(List.of(2, 6, 6, 1), Activation.RELU, false),
                task.inputs(),
                Loss.MSE.gradientAtZero(task.targets(), Kernels.ordered()),
                Kernels.ordered());
        EscapeFindings one = find(search, 1);
        EscapeFindings many = find(search, threads);
        assertThat(many.levels()).isEqualTo(one.levels());
        assertThat(many.best().weights().toVector())
                .isEqualTo(one.best().weights().toVector());
    }

    @Test
    void aTerminalIsToldHowManyAreDone() {
        var told = new StringWriter();
        Task task = CircleToy.task();
        var search = new EscapeSearch(
                new Architecture(List.of(2, 3, 1), Activation.RELU, false),
                task.inputs(),
                Loss.MSE.gradientAtZero(task.targets(), Kernels.ordered()),
                Kernels.ordered());
        new Restarts(new PrintWriter(told), true).run(search, 3);
        assertThat(told.toString()).contains("restarts 2 of 3 done").endsWith("\r\u001b[K");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network.bias = true | no escape directions of widths [10, 5, 5, 10]: with biases the loss is not"
                        + " homogeneous at the origin",
                "network.depth = 1 | no escape directions of widths [10, 10]: in a network of one layer the origin is no"
                        + " critical point",
            })
    void anOriginWithoutEscapeDirectionsIsMisuse(String override, String message) {
        var result = Cli.run("escape", linear, override.replace(" ", ""));
        assertThat(result).isEqualTo(new Cli.Result(2, "", "saddlefarm escape: " + message + System.lineSeparator()));
    }

    @Test
    void targetsOfZeroAreMisuse() throws IOException {
        Files.writeString(directory.resolve("X.txt"), "1 2\n");
        Files.writeString(directory.resolve("T.txt"), "0 0\n");
        Path experiment = Files.writeString(directory.resolve("zero.conf"), """
                name = zero
                network { depth = 2, width = 2 }
                data { source = files, inputs = X.txt, targets = T.txt }
                descent { learning-rate = 0.01 }
                stop { max-steps = 10 }
                """);
        assertThat(Cli.run("escape", experiment).err()).contains("the loss has no slope at output 0");
    }

    @Test
    void whatIsAskedWronglyIsMisuse() {
        assertMisuse("no experiment file", "escape", "network.width=3");
        assertMisuse("one experiment file, but there are 2", "escape", linear, CIRCLE);
        assertMisuse("--restarts must be from 1 to 1000 but was 0", "escape", linear, "--restarts", 0);
        assertMisuse("--restarts must be from 1 to 1000 but was 1001", "escape", linear, "--restarts", 1001);
        assertMisuse("did you mean network.depth?", "escape", linear, "network.dept=3");
        assertMisuse("no such file", "escape", directory.resolve("none.conf"));
    }

    private static void assertMisuse(String message, Object... arguments) {
        var result = Cli.run(arguments);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
        assertThat(result.out()).isEmpty();
    }

    private static EscapeFindings find(EscapeSearch search, int threads) {
        return new Restarts(new PrintWriter(new StringWriter()), false)
                .run(search, 6, threads)
                .orElseThrow();
    }

    private static JsonNode json(Object... arguments) throws IOException {
        var result = Cli.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return new ObjectMapper().readTree(result.out());
    }
}
