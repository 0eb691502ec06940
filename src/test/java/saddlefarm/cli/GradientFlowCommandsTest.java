package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands tell of runs under gradient flow, and of both methods side by side. */
class GradientFlowCommandsTest {

    private static final String LADDER = """
            name = ladder
            network { widths = [10, 20, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { method = gradient-flow }
            stop { max-steps = 1000, loss = 1e-8 }
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void evaluationsAreShownOfARunWhoseStepsTakeMoreThanOne() throws Exception {
        JsonNode run = trained(LADDER);
        long steps = run.get("steps").asLong();
        // About two on the way up and ten and more on the plateaus.
        assertThat(run.get("evaluations").asLong()).isBetween(4 * steps, 10 * steps);
        assertThat(run.get("rank").asInt()).isEqualTo(4);
        assertThat(Cli.run("show", run.get("run").asText(), "--out", directory.resolve("out"))
                        .out())
                .contains("%,d evaluations of the gradient"
                        .formatted(run.get("evaluations").asLong()));
    }

    @Test
    void ofGradientDescentTheyAreNot() throws Exception {
        JsonNode run = trained(LADDER.replace("method = gradient-flow", "learning-rate = 0.0157"));
        assertThat(run.has("evaluations")).isFalse();
    }

    @Test
    void aForecastSaysThatTheTimeIsNotKnown() throws Exception {
        JsonNode forecast = JSON.readTree(
                Cli.run("run", write(LADDER), "--dry-run", "--json").out());
        assertThat(forecast.get("steps").asLong()).isEqualTo(1000);
        assertThat(forecast.get("seconds").isNull()).isTrue();
        JsonNode unlimited = JSON.readTree(
                Cli.run("run", write(LADDER), "stop.max-steps=0", "stop.max-flow-time=10", "--dry-run", "--json")
                        .out());
        assertThat(unlimited.get("steps").isNull()).isTrue();
    }

    /** λ = L 4^{2 − 2/L} = 19.05 at the end of the ladder. */
    @Test
    void aTwinComparesBothFromTheSameWeights() throws Exception {
        JsonNode run = twin(write(LADDER), "--json");
        assertThat(run.get("tolerance").asDouble()).isEqualTo(1e-3);
        assertThat(run.get("learning_rate").asDouble())
                .isCloseTo(0.3 / (3 * Math.pow(4, 4.0 / 3)), withinPercentage(0.1));
        double ratio = run.get("descent_evaluations").asDouble()
                / run.get("flow_evaluations").asDouble();
        assertThat(run.get("evaluations_ratio").asDouble()).isEqualTo(ratio).isGreaterThan(5);
        assertThat(run.get("descent_steps").asLong() * run.get("learning_rate").asDouble())
                .isCloseTo(
                        run.get("flow_time").asDouble(),
                        within(run.get("learning_rate").asDouble()));
        assertThat(run.get("loss_distance").asDouble()).isBetween(0.01, 1.0);
        assertThat(run.get("interpolation_error").asDouble())
                .isLessThan(run.get("parameters_distance").asDouble());
        assertThat(run.get("diverged").asBoolean()).isFalse();
    }

    @Test
    void aTwinOfGradientDescentTakesATolerance() throws Exception {
        Path file = write(LADDER.replace("method = gradient-flow", "learning-rate = 0.0157"));
        JsonNode loose = twin(file, "--json", "--tolerance", "1e-3");
        JsonNode tight = twin(file, "--json", "--tolerance", "1e-5");
        assertThat(loose.get("learning_rate").asDouble()).isEqualTo(0.0157);
        assertThat(tight.get("flow_evaluations").asLong())
                .isGreaterThan(loose.get("flow_evaluations").asLong());
        assertThat(Cli.run("twin", file, "--no-progress").out())
                .contains("gradient-flow", "gradient-descent", "learning rate 0.0157");
    }

    /** With biases OpenBLAS adds to them a sum that began with 0, where the ordered one begins with them. */
    @Test
    void aTwinComputesWithTheBackendOfItsRun() throws Exception {
        Path file = write(LADDER.replace("activation", "bias = true, activation"));
        JsonNode ordered = twin(file, "--json", "--learning-rate", "0.01");
        JsonNode openBlas = twin(file, "--json", "--learning-rate", "0.01", "linalg.backend=openblas");
        double distance = ordered.get("parameters_distance").asDouble();
        assertThat(openBlas.get("parameters_distance").asDouble())
                .isNotEqualTo(distance)
                .isCloseTo(distance, withinPercentage(0.1));
    }

    @Test
    void aTwinThatDivergesIsNamed() throws Exception {
        Cli.Result result = Cli.run("twin", write(LADDER), "--learning-rate", "10");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("gradient descent diverged at step");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tolerance=1e-3 | --tolerance is not used: the experiment has descent.tolerance",
                "--learning-rate=-1 | --learning-rate must be above 0 but was -1.0",
                "stop={max-steps=0,loss=0,after-escapes=1} | twin needs one of stop.max-steps, max-flow-time, loss,"
                        + " gradient-norm above 0",
                "other.conf | twin takes one experiment file but was given 2",
                "descent.tolerance=2 | descent.tolerance must be above 0 and below 1 but was 2 (command line: descent.tolerance=2)",
            })
    void aMistakeIsTold(String argument, String message) throws Exception {
        Cli.Result result = Cli.run("twin", write(LADDER), argument);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    private JsonNode trained(String text) throws Exception {
        Path out = directory.resolve("out");
        Cli.Result result = Cli.run("run", write(text), "--out", out, "--no-progress", "--json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        String id = JSON.readTree(result.out()).get("runs").get(0).get("run").asText();
        return JSON.readTree(Cli.run("show", id, "--out", out, "--json").out());
    }

    private static JsonNode twin(Object... arguments) throws Exception {
        Object[] all = new Object[arguments.length + 1];
        all[0] = "twin";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Cli.Result result = Cli.run(all);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out()).get("runs").get(0);
    }

    private Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("ladder.conf"), text);
    }
}
