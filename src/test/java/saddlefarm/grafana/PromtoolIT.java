package saddlefarm.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.http.PrometheusProcess;

/** What Prometheus' own tool says of the configuration, the rules and the alerts, whose tests it runs. */
@DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*prometheus.*")
class PromtoolIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check config prometheus.yml",
                "check rules --lint=all --lint-fatal rules.yml alerts.yml",
                "test rules tests/alerts_test.yml"
            })
    void promtoolIsContent(String arguments, @TempDir Path directory) throws Exception {
        Path said = directory.resolve("said.txt");
        var command = new ArrayList<String>(List.of(PrometheusProcess.program("promtool")));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process promtool = new ProcessBuilder(command)
                .directory(Path.of("grafana", "prometheus").toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(promtool.waitFor()).as(Files.readString(said)).isZero();
    }
}
