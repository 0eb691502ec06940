package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFilesTest {

    @ParameterizedTest
    @MethodSource
    void everyExperimentOfTheProductLoads(Path file) throws IOException {
        Experiment experiment = Experiment.load(file, List.of());
        assertThat(experiment.name() + ".conf").isEqualTo(String.valueOf(file.getFileName()));
        assertThat(Files.readString(file)).startsWith("# Claim: ");
    }

    static List<Path> everyExperimentOfTheProductLoads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("config"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void firstLightHasFourSeeds() {
        assertThat(Experiment.load(Path.of("config/first-light.conf"), List.of())
                        .runs())
                .extracting(run -> run.swept().toString())
                .containsExactly(
                        "{initialization.seed=0}",
                        "{initialization.seed=1}",
                        "{initialization.seed=2}",
                        "{initialization.seed=3}");
    }
}
