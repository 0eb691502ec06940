package saddlefarm.grafana;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.Program;

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
    void promtoolIsContent(String arguments) throws Exception {
        Program.output(Path.of("grafana", "prometheus"), "promtool", List.of(arguments.split(" ", -1)));
    }
}
