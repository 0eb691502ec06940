package saddlefarm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.InputFiles;
import saddlefarm.experiment.RunSpec;

/** Whatever an experiment file has become, reading it gives runs that are sound, or one message for its user. */
class ExperimentFuzzTest {

    private static final int MUTATIONS = 250;

    @TempDir
    private Path empty;

    /** Every experiment that is shipped, and one that uses what these do not. */
    static Stream<String> texts() throws IOException {
        try (var files = Files.list(Path.of("config"))) {
            List<String> texts = files.sorted().map(ExperimentFuzzTest::read).toList();
            return Stream.concat(texts.stream(), Stream.of("""
                    name = "everything"
                    network { widths = [64, 8, 8, 10], activation = linear, bias = true }
                    data { source = digits, samples = 50, seed = 3 }
                    initialization { source = gaussian, scale = 0.1, seed = -7 }
                    loss = cross-entropy
                    descent { method = gradient-flow, tolerance = 1e-4 }
                    stop { max-steps = 10, max-flow-time = 5, loss = 1e-9, gradient-norm = 1e-9, rank = 2, minimum = 1e-6 }
                    observe { cadence = linear, every-steps = 3, singular-values = 2, curvature = true }
                    checkpoint { every = 1s }
                    scheduling.priority = 4
                    sweep {
                      initialization.scale = "logspace(1e-3, 1e-1, 3)"
                      initialization.seed = "range(0, 3)"
                      data.seed = [1, 2, 3]
                      zip = [["initialization.scale", "data.seed"]]
                    }
                    """));
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aChangedExperimentIsReadOrRefusedWithAMessage(String text) {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            String changed = new Mutations(seed).of(text);
            try {
                for (RunSpec run : read(changed).stream().limit(3).toList()) {
                    assertThat(read(run.specification()).get(0).id())
                            .as("the run of its own specification")
                            .isEqualTo(run.id());
                }
            } catch (ExperimentException e) {
                assertThat(e.getMessage()).as(changed).isNotBlank().doesNotContain("Exception", "\tat ");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation %d of%n%s%nwhich is%n%s".formatted(seed, text, changed), e);
            }
        }
    }

    /** From the command line, where each value is a text of its own. */
    @ParameterizedTest
    @MethodSource("overrides")
    void aChangedOverrideIsReadOrRefusedWithAMessage(String override) {
        String text = read(Path.of("config/first-light.conf"));
        for (int seed = 0; seed < MUTATIONS; seed++) {
            String changed = new Mutations(seed).of(override);
            try {
                Experiment.parse(text, "x.conf", InputFiles.within(empty), List.of(changed));
            } catch (ExperimentException e) {
                assertThat(e.getMessage()).as(changed).isNotBlank().doesNotContain("Exception", "\tat ");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation %d of %s, which is %s".formatted(seed, override, changed), e);
            }
        }
    }

    static Stream<String> overrides() {
        return Stream.of(
                "initialization.scale=0.1",
                "network.widths=[64, 5, 10]",
                "sweep.initialization.seed=range(0, 3)",
                "data.source=files",
                "descent.learning-rate=0.1");
    }

    private List<RunSpec> read(String text) {
        return Experiment.parse(text, "x.conf", InputFiles.within(empty), List.of())
                .runs();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
