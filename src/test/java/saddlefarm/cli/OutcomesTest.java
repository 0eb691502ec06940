package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What a command answers: exit code, one document of JSON, help. */
class OutcomesTest {

    /** Refuses anything after the document. */
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @TempDir
    private Path directory;

    private Path out;
    private Path experiment;

    @BeforeEach
    void writeExperiment() throws IOException {
        out = directory.resolve("out");
        experiment = Files.writeString(directory.resolve("two.conf"), """
                name = two
                network { depth = 2, width = 4, activation = linear }
                data { source = linear-teacher }
                initialization { scale = 0.1 }
                stop { max-steps = 60 }
                observe { cadence = linear, every-steps = 1 }
                sweep { descent.learning-rate = [0.01, 3] }
                """);
    }

    /** The Hessian's largest eigenvalue at the minimum is above 1, and 3 is beyond 2 divided by that. */
    @Test
    void aRateThatBlowsUpDivergesAtAStepAndItsLastRowIsFinite() throws Exception {
        var result = Cli.run("run", experiment, "--out", out);
        assertThat(result.exitCode()).isEqualTo(1);
        var told = Pattern.compile("(?m)^run ([0-9a-f]{12}) diverged at step (\\d+): .+$")
                .matcher(result.err());
        assertThat(told.find()).as(result.err()).isTrue();
        String run = told.group(1);
        long step = Long.parseLong(told.group(2));
        assertThat(told.find()).as("another one").isFalse();

        JsonNode shown =
                JSON.readTree(Cli.run("show", run, "--out", out, "--json").out());
        assertThat(shown.get("status").asText()).isEqualTo("diverged");
        assertThat(shown.get("cause").asText()).startsWith("diverged at step " + step + ": ");
        assertThat(shown.get("steps").asLong()).isEqualTo(step - 1).isPositive();
        assertThat(Double.isFinite(shown.get("loss").asDouble())).isTrue();
        List<String[]> rows = Objects.requireNonNull(
                        Cli.export(out, directory.resolve("export")).get("snapshots.csv"))
                .lines()
                .filter(line -> line.startsWith(run))
                .map(line -> line.split(",", -1))
                .toList();
        String[] last = rows.get(rows.size() - 1);
        assertThat(last[1]).isEqualTo(Long.toString(step - 1));
        assertThat(Stream.of(last).skip(2)).allMatch(cell -> Double.isFinite(Double.parseDouble(cell)));
    }

    @Test
    void aDivergedRunIsNotTrainedAgainAndStillToldByTheExitCode() throws Exception {
        Cli.run("run", experiment, "--out", out);
        var before = Cli.export(out, directory.resolve("before"));
        var again = Cli.run("run", experiment, "--out", out);
        assertThat(again.exitCode()).isEqualTo(1);
        // That it diverged, and no line of a training.
        assertThat(again.err().lines()).singleElement().asString().contains(" diverged at step ");
        assertThat(Cli.export(out, directory.resolve("after"))).isEqualTo(before);
        // Alone, the run that completed is no failure.
        var sound = Cli.run("run", experiment, "sweep.descent.learning-rate=[0.01]", "--out", out);
        assertThat(sound.exitCode()).as(sound.err()).isZero();
    }

    @Test
    void jsonIsOneDocumentOnStandardOutput() throws Exception {
        JsonNode forecast = only(Cli.run("run", experiment, "--dry-run", "--json", "--out", out));
        assertThat(forecast.get("count").asInt()).isEqualTo(2);
        assertThat(out).doesNotExist();
        for (int time = 1; time <= 2; time++) {
            JsonNode report = only(Cli.run("run", experiment, "--json", "--out", out));
            assertThat(report.get("runs")).hasSize(2);
            assertThat(report.get("out").asText()).isEqualTo(out.toString());
        }
        JsonNode runs = only(Cli.run("runs", "--json", "--out", out));
        assertThat(runs).hasSize(2);
        assertThat(runs.findValuesAsText("status")).containsExactlyInAnyOrder("completed", "diverged");
        for (JsonNode run : runs) {
            JsonNode shown = only(Cli.run("show", run.get("run").asText(), "--json", "--out", out));
            assertThat(shown.get("run")).isEqualTo(run.get("run"));
            for (String field : List.of("specification", "plateaus", "transitions", "escape", "flow_time", "rank")) {
                assertThat(shown.has(field)).as(field).isTrue();
            }
        }
    }

    static Stream<String> commands() {
        return new CommandLine(new Main())
                .getSubcommands().keySet().stream().filter(name -> !name.equals("generate-completion"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExample(String command) {
        var help = Cli.run(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: saddlefarm " + command)
                .contains("For example: saddlefarm " + command + " ");
    }

    /** This one comes with the library that reads the command line, and says it in its own words. */
    @Test
    void completionIsExplainedToo() {
        assertThat(Cli.run("generate-completion", "--help").out()).contains("source <(saddlefarm generate-completion)");
        assertThat(Cli.run("--help").out()).contains("For example: saddlefarm run ");
    }

    private static JsonNode only(Cli.Result result) throws IOException {
        JsonNode document = JSON.readTree(result.out());
        assertThat(document.isMissingNode()).as(result.err()).isFalse();
        return document;
    }
}
