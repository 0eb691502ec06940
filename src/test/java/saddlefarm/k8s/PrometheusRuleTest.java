package saddlefarm.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The rules of the tree's Prometheus as an object of the Prometheus Operator, whose format is that of the files,
 * indented.
 */
class PrometheusRuleTest {

    private static final Path FILE = Path.of("k8s", "base", "41-prometheus-rule.yaml");

    private static final String HEAD = """
            # The rules and alerts of grafana/prometheus, for the Prometheus Operator. Written by
            #   mvn test -Dtest=PrometheusRuleTest -Dsaddlefarm.write=true
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: saddlefarm
            spec:
              groups:
            """;

    /** With {@code -Dsaddlefarm.write=true} it is written. */
    @Test
    void isMadeOfTheFilesThatPrometheusReads() throws IOException {
        String content = HEAD + groups("rules.yml") + groups("alerts.yml");
        if (Boolean.getBoolean("saddlefarm.write")) {
            Files.writeString(FILE, content);
        }
        assertThat(FILE).hasContent(content);
    }

    private static String groups(String file) throws IOException {
        String text = Files.readString(Path.of("grafana", "prometheus", file));
        return text.substring(text.indexOf("\ngroups:\n") + "\ngroups:\n".length())
                .indent(2)
                .replaceAll("(?m)^ +$", "");
    }
}
