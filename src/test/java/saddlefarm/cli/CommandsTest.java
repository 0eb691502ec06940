package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.store.OutputDirectory;

/** What commands print, write and answer. */
class CommandsTest {

    private static final String LADDERS = """
            name = ladders
            network { widths = [10, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 1e-6 }
            descent { learning-rate = 0.0375 }
            stop { max-steps = 20000, loss = 1e-8 }
            observe { every-steps = 5 }
            sweep { initialization.seed = [0, 1] }
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void aFarmTellsTheSaddlesItFoundAndDoesNotTrainTwice() throws Exception {
        Path out = directory.resolve("out");
        var first = Cli.run("run", ladders(), "--out", out);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out())
                .contains("Saddles of ladders")
                .contains("2 of 2")
                .contains("saddle", "minimum");
        assertThat(first.err()).contains("left plateau 3: rank 3, loss 0.12");

        var again = Cli.run("run", ladders(), "--out", out, "--json");
        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).doesNotContain("left plateau");
        var document = JSON.readTree(again.out());
        assertThat(document.get("runs")).hasSize(2).allSatisfy(run -> {
            assertThat(run.get("status").asText()).isEqualTo("completed");
            assertThat(run.get("rank").asInt()).isEqualTo(4);
            assertThat(run.get("plateaus").asInt()).isEqualTo(5);
        });

        var shown = JSON.readTree(
                Cli.run("show", document.get("runs").get(0).get("run").asText(), "--out", out, "--json")
                        .out());
        assertThat(shown.get("plateaus")).hasSize(5);
        assertThat(shown.get("plateaus").get(0).get("layer_ranks").toString()).isEqualTo("[0,0]");
        assertThat(shown.get("plateaus").get(0).get("lambda_min").isNull()).isTrue();
        assertThat(shown.get("transitions").get(3).get("rank_after").asInt()).isEqualTo(4);
        JsonNode origin = shown.get("plateaus").get(0);
        assertThat(origin.get("saddle").get("index").isNull()).isTrue();
        assertThat(origin.get("escape").get("cosine").isNull()).isTrue();
        // near the largest strength, whose direction has taken over
        assertThat(origin.get("escape").get("speed").asDouble()).isBetween(3.5, 4.0);
        assertThat(shown.get("escape").get("measured")).isEqualTo(origin.get("escape"));
        assertThat(shown.get("escape").get("step")).isEqualTo(origin.get("end_step"));
        JsonNode second = shown.get("plateaus").get(1);
        assertThat(second.get("saddle").get("jacobian_rank").asInt()).isEqualTo(1);
        assertThat(second.get("saddle")
                        .get("index")
                        .get("modes")
                        .get(0)
                        .get("eigenvalue")
                        .asDouble())
                .isCloseTo(second.get("lambda_min").asDouble(), withinPercentage(1));
        assertThat(second.get("escape").get("cosine").asDouble()).isGreaterThan(0.99);
        assertThat(second.get("escape").get("ratios")).hasSize(2);
        assertThat(shown.get("plateaus").get(4).get("escape").isNull()).isTrue();
        assertThat(shown.get("specification")
                        .get("descent")
                        .get("learning-rate")
                        .asDouble())
                .isEqualTo(0.0375);
    }

    /** In shut-down farms, and those that were killed at the right moment, theory is missing. */
    @Test
    void theoryThatIsMissingIsWorkedOutWhenTheSameCommandIsGivenAgain() throws Exception {
        Path out = directory.resolve("out");
        Cli.run("run", ladders(), "--out", out, "--no-progress");
        var exported = Cli.export(out, directory.resolve("export"));
        // two speeds and times, four half-times, five levels and five curvatures for each run, and a header
        assertThat(exported.get("theory.csv"))
                .startsWith("run,quantity,index,predicted,measured,ratio\n")
                .hasLineCount(1 + 2 * (2 + 4 + 5 + 4));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + out.resolve("saddlefarm.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM theory")).isEqualTo(2);
        }
        assertThat(Cli.export(out, directory.resolve("without")).get("theory.csv"))
                .hasLineCount(1);
        assertThat(show(out, 0).get("theory").isNull()).isTrue();
        assertThat(show(out, 0).get("escape").get("theory").isNull()).isTrue();
        var again = Cli.run("run", ladders(), "--out", out);
        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).doesNotContain("left plateau");
        assertThat(Cli.export(out, directory.resolve("again"))).isEqualTo(exported);
    }

    /** σ_1(G Xᵀ) = 4 and ladder 10.625, 2.625, .625, .125, 0 of the linear teacher; 2/η = 53.3. */
    @Test
    void theoryIsShownBesideWhatWasMeasured() throws Exception {
        Path out = directory.resolve("out");
        Cli.run("run", ladders(), "--out", out, "--no-progress");
        JsonNode shown = show(out, 0);
        JsonNode escape = shown.get("escape").get("theory");
        assertThat(escape.get("speed").asDouble()).isCloseTo(4, within(1e-8));
        assertThat(escape.get("reached_best").asInt()).isEqualTo(8);
        assertThat(escape.get("verdict").asText()).isEqualTo("holds");
        assertThat(escape.get("speed_ratio").asDouble()).isBetween(0.9, 1.0);
        assertThat(escape.get("time_ratio").asDouble()).isGreaterThan(1);
        assertThat(escape.get("nearest").get("cosine").asDouble()).isBetween(0.99, 1.0);
        JsonNode theory = shown.get("theory");
        assertThat(theory.get("ladder").get("exact").asBoolean()).isTrue();
        assertThat(theory.get("ladder").get("levels")).hasSize(5);
        assertThat(theory.get("half_times")).hasSize(4).allSatisfy(half -> {
            // gradient descent at this rate lags behind the flow by a part of η s/2 at most
            assertThat(half.get("ratio").asDouble()).isBetween(0.98, 1.1);
        });
        assertThat(theory.get("two_over_eta").asDouble()).isEqualTo(2 / 0.0375);
        assertThat(theory.get("not_predicted")).isEmpty();
        JsonNode plateau = shown.get("plateaus").get(2);
        assertThat(plateau.get("level").asDouble()).isCloseTo(0.625, within(1e-12));
        assertThat(plateau.get("nearest_level").asInt()).isEqualTo(2);
        assertThat(plateau.get("level_distance").asDouble()).isCloseTo(0, within(1e-3));
        assertThat(plateau.get("level_ratio").asDouble())
                .isCloseTo(1 + plateau.get("level_distance").asDouble(), within(1e-12));
        assertThat(plateau.get("sharpness_ratio").asDouble())
                .isEqualTo(plateau.get("lambda_max").asDouble() / (2 / 0.0375));

        String text = Cli.run("show", shown.get("run").asText(), "--out", out).out();
        assertThat(text)
                .contains("level  measured/predicted")
                .contains("fastest escape direction: speed 4.0000, by 8 of 8 restarts; holds")
                .contains("half-time predicted")
                .contains("2/η = 53.3333, of which the greatest λ of a plateau is 0.1");
    }

    private static JsonNode show(Path out, int index) throws Exception {
        JsonNode runs = JSON.readTree(Cli.run("runs", "--out", out, "--json").out());
        return JSON.readTree(Cli.run("show", runs.get(index).get("run").asText(), "--out", out, "--json")
                .out());
    }

    /** Where the same bytes were made may differ. */
    @Test
    void whatARunWasComputedWithIsShownAndNotExported() throws Exception {
        Path out = directory.resolve("out");
        Cli.run("run", ladders(), "sweep.initialization.seed=[0]", "--out", out, "--no-progress");
        String run = JSON.readTree(Cli.run("runs", "--out", out, "--json").out())
                .get(0)
                .get("run")
                .asText();
        String machine = "ordered (%s) on %s".formatted(Kernels.ordered().description(), Processor.name());
        assertThat(Cli.run("show", run, "--out", out).out()).contains("computed by " + machine + "\n");
        var shown = JSON.readTree(Cli.run("show", run, "--out", out, "--json").out());
        assertThat(shown.get("computed_on")).hasSize(1);
        assertThat(shown.get("computed_on").get(0).asText()).isEqualTo(machine);
        assertThat(Cli.export(out, directory.resolve("export")).values())
                .noneMatch(text -> text.contains(Kernels.ordered().description()));
    }

    @Test
    void showPrintsWhatSaddlesAreMadeOfAndHowTheyWereLeft() throws Exception {
        Path out = directory.resolve("out");
        Cli.run("run", ladders(), "sweep.initialization.seed=[0]", "--out", out, "--no-progress");
        String run = JSON.readTree(Cli.run("runs", "--out", out, "--json").out())
                .get(0)
                .get("run")
                .asText();
        assertThat(Cli.run("show", run, "--out", out).out())
                .containsPattern(
                        "Saddles\nplateau +index +rank of Jacobian +activations +balance +alignment +dead units\n"
                                + " +0 +0 +\\d+ ")
                .containsPattern("\n +3 +\\d+( or more)? +3 +3 ")
                .containsPattern(
                        "Escapes, where the loss had dropped by 2%\nplateau +step +flow time +loss +speed +cosine")
                .containsPattern("\n +0 +[\\d,]+ +\\d+\\.\\d+ +10\\.\\d+ +[34]\\.\\d+ ");
    }

    @Test
    void theVersionNamesBackendsVectorWidthAndProcessor() {
        assertThat(Cli.run("--version").out())
                .contains("backends ordered (" + Kernels.ordered().description() + ") and openblas")
                .contains("processor " + Processor.name());
    }

    /** It takes half a second and, the first time, some hundred megabytes of disk. */
    @Test
    void nothingOfOpenBlasIsLoadedByThoseWhoDoNotAskForIt() throws Exception {
        Path output = directory.resolve("output");
        var farm = Cli.start(
                List.of("-Xlog:class+load:stdout"),
                output,
                "run",
                ladders(),
                "sweep.initialization.seed=[0]",
                "stop.max-steps=10",
                "--out",
                directory.resolve("out"));
        assertThat(farm.waitFor()).isZero();
        assertThat(Files.readString(output))
                .contains("saddlefarm.linalg.Kernels")
                .doesNotContain("org.bytedeco");
    }

    @Test
    void exportsHaveTheColumnsThatAreDocumented() throws Exception {
        Path out = directory.resolve("out");
        Cli.run("run", ladders(), "--out", out, "--no-progress");
        var files = Cli.export(out, directory.resolve("export"));
        assertThat(files.get("runs.csv"))
                .startsWith("run,experiment,status,steps,flow_time,loss,rank,plateaus,backend,initialization.seed\n");
        assertThat(files.get("snapshots.csv"))
                .startsWith("run,step,flow_time,loss,gradient_norm,parameter_norm,rank\n");
        assertThat(files.get("singular_values.csv")).startsWith("run,step,layer,index,value\n");
        assertThat(files.get("plateaus.csv"))
                .startsWith("run,plateau,rank,start_step,end_step,start_time,end_time,deepest_step,loss,gradient_norm,"
                        + "kind,lambda_min,lambda_max,layer_ranks\n")
                .contains(",0;0\n", ",4;4\n");
        assertThat(files.get("saddles.csv"))
                .startsWith("run,plateau,index,index_complete,index_tolerance,jacobian_rank,activation_ranks,balance,"
                        + "alignment,dead_units,mode_1_eigenvalue,mode_1_residual,mode_1_ratios,mode_1_energies,")
                .hasLineCount(1 + 2 * 5);
        assertThat(files.get("escapes.csv"))
                .startsWith("run,plateau,step,flow_time,loss,speed,cosine,leading_cosine,ratios,energies\n")
                .hasLineCount(1 + 2 * 4);
        assertThat(files.get("transitions.csv")).startsWith("run,transition,step,flow_time,rank_before,rank_after\n");
    }

    @Test
    void aRateThatBlowsUpIsAnOutcomeWithItsStep() {
        var result = Cli.run("run", ladders(), "descent.learning-rate=3", "--out", directory.resolve("out"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).containsPattern("run [0-9a-f]{12} diverged at step \\d+");
    }

    @Test
    void aDryRunStartsNothing() {
        Path out = directory.resolve("out");
        var result = Cli.run("run", ladders(), "--dry-run", "--out", out);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("2 runs", "at most 40,000");
        assertThat(out).doesNotExist();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("descent.learnin-rate=1", "did you mean descent.learning-rate?"),
                Arguments.of("descent.learning-rate=-1", "descent.learning-rate must be above 0"),
                Arguments.of("sweep.initialization.seed=[]", "sweep.initialization.seed"),
                Arguments.of("initialization.scale=1e-200", "initialization.scale"),
                Arguments.of("network.widths=[9, 20, 10]", "network.widths"),
                Arguments.of("farm.slice=1s", "setting of the process"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldAndNothingIsWritten(String mistake, String message) {
        Path out = directory.resolve("out");
        var result = Cli.run("run", ladders(), mistake, "--out", out);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
        assertThat(result.out()).isEmpty();
        assertThat(out).doesNotExist();
    }

    static Stream<Arguments> badMatrices() {
        return Stream.of(
                Arguments.of("1 2 3\n4 5\n", "inputs.txt: line 2 has 2 values but line 1 has 3"),
                Arguments.of("1 2 3\n4 NaN 6\n", "inputs.txt: line 2, value 2: NaN is not a finite number"),
                Arguments.of("1 2 3\n4 five 6\n", "inputs.txt: line 2, value 2: \"five\" is not a number"),
                Arguments.of("", "inputs.txt"));
    }

    @ParameterizedTest
    @MethodSource("badMatrices")
    void aBadMatrixIsToldWithItsLineAndNothingIsWritten(String inputs, String message) throws Exception {
        Path out = directory.resolve("out");
        Files.writeString(directory.resolve("inputs.txt"), inputs);
        Files.writeString(directory.resolve("targets.txt"), "1 2 3\n");
        Path experiment = Files.writeString(directory.resolve("files.conf"), """
                name = files
                network { depth = 2, width = 5 }
                data { source = files, inputs = inputs.txt, targets = targets.txt }
                descent { learning-rate = 0.1 }
                stop { max-steps = 10 }
                """);
        var result = Cli.run("run", experiment, "--out", out);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void aMissingFileIsToldAndNothingIsWritten() {
        Path out = directory.resolve("out");
        var result = Cli.run("run", directory.resolve("none.conf"), "--out", out);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("no such file");
        assertThat(out).doesNotExist();
    }

    @Test
    void anotherFarmOnTheSameDirectoryIsToldAndLeftAlone() {
        Path out = directory.resolve("out");
        try (var busy = OutputDirectory.open(out)) {
            var result = Cli.run("run", ladders(), "--out", busy.path());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("another farm works in");
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsTold() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        var result = Cli.run("run", ladders(), "--out", file);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("is a file, not a directory");
    }

    @Test
    void aWrongCommandIsMisuse() {
        var misspelt = Cli.run("rnu");
        assertThat(misspelt.exitCode()).isEqualTo(2);
        assertThat(misspelt.err()).contains("no command rnu; did you mean run?");
        assertThat(Cli.run("runs", "--jsno").err()).contains("did you mean --json?");
        assertThat(Cli.run().exitCode()).isEqualTo(2);
        assertThat(Cli.run("show", "none", "--out", directory.resolve("none")).exitCode())
                .isEqualTo(2);
    }

    private Path ladders() {
        try {
            return Files.writeString(directory.resolve("ladders.conf"), LADDERS);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
