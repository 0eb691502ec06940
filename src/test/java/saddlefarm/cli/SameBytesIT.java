package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.LauncherOptions;

/** The two promises, from outside: what is exported does not depend on threads, kills and interruptions. */
class SameBytesIT extends Disturbances {

    /** The same ladders by gradient flow, at a tolerance that makes it take thousands of steps. */
    private static final String FLOWS = LADDERS.replace(
                    "learning-rate = 0.0157", "method = gradient-flow, tolerance = 1e-8")
            .replace("max-steps = 60000", "loss = 1e-8");

    /** Products large enough for OpenBLAS to divide them among threads, if it had them. */
    private static final String DIGITS = """
            name = digits
            network { depth = 3, width = 80 }
            data { source = digits, samples = 200 }
            initialization { scale = 0.3 }
            descent { learning-rate = 0.04 }
            stop { max-steps = 200 }
            observe { every-steps = 20 }
            linalg.backend = openblas
            sweep { initialization.seed = [0, 1] }
            """;

    static List<String> experiments() {
        return List.of(LADDERS, FLOWS);
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void oneThreadAndTwoExportTheSame(String text) throws Exception {
        write(text);
        assertThat(train("one", 1)).isEqualTo(undisturbed());
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void aFarmKilledFiveTimesExportsWhatAnUndisturbedOneDoes(String text) throws Exception {
        write(text);
        var expected = undisturbed();
        Path disturbed = directory.resolve("disturbed");
        var random = new Random(20);
        for (int kill = 1; kill <= 5; kill++) {
            long before = steps(disturbed);
            // Farms with vectors and without take turns, as on unlike nodes.
            Process farm = start(disturbed, kill % 2 == 0 ? List.of() : LauncherOptions.VECTORS);
            // A farm that has gone on from the last kill is killed at any moment of its next tenth of a second.
            await().atMost(Duration.ofSeconds(60)).until(() -> steps(disturbed) > before);
            assertThat(farm.waitFor(random.nextInt(100), TimeUnit.MILLISECONDS))
                    .as("farm ends before kill %d".formatted(kill))
                    .isFalse();
            farm.destroyForcibly().waitFor();
        }
        assertThat(train("disturbed", 2)).isEqualTo(expected);
    }

    @Test
    void anInterruptedFarmCommitsAndSaysHowToGoOn() throws Exception {
        var expected = undisturbed();
        Path interrupted = directory.resolve("interrupted");
        Process farm = start(interrupted, LauncherOptions.VECTORS);
        await().atMost(Duration.ofSeconds(60)).until(() -> steps(interrupted) > 0);
        farm.destroy(); // SIGTERM
        assertThat(farm.waitFor()).isEqualTo(143);
        assertThat(output())
                .contains("Everything is committed. Go on with:")
                .contains("saddlefarm run " + experiment + " --out " + interrupted);
        assertThat(train("interrupted", 2)).isEqualTo(expected);
    }

    @Test
    void aFarmInterruptedBeforeItTrainsSaysHowToGoOnToo() throws Exception {
        Path interrupted = directory.resolve("interrupted");
        Process farm = start(interrupted, LauncherOptions.VECTORS);
        // The first thing that it makes.
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(interrupted));
        farm.destroy(); // SIGTERM
        assertThat(farm.waitFor()).isEqualTo(143);
        assertThat(output()).contains("saddlefarm run " + experiment + " --out " + interrupted);
        assertThat(train("interrupted", 2)).isEqualTo(undisturbed());
    }

    /**
     * On one machine: with another number of threads and other vectors beside OpenBLAS, whatever it is told outside.
     */
    @Test
    void openBlasExportsTheSameWhateverItsEnvironmentSays() throws Exception {
        write(DIGITS);
        Path out = directory.resolve("other");
        Process farm = Cli.start(
                Map.of("OPENBLAS_NUM_THREADS", "3", "OMP_NUM_THREADS", "3"),
                List.of(),
                directory.resolve("output"),
                "run",
                experiment,
                "--out",
                out,
                "--parallel",
                2,
                "--no-progress");
        assertThat(farm.waitFor()).as(output()).isZero();
        var other = Cli.export(out, directory.resolve("export-other"));
        assertThat(train("one", 1)).isEqualTo(other);
        assertThat(other.get("runs.csv")).contains(",openblas,");
    }
}
