package saddlefarm.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.http.ServedFarm;

/** That the parts of the folder grafana fit together: containers, provisioning, alerts, and what is written of them. */
class FolderTest {

    private static final Path FOLDER = Path.of("grafana");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    // --- containers ---

    @Test
    void whatIsBuiltAndMountedIsThere() throws IOException {
        JsonNode services = read("compose.yaml").path("services");
        Path context = FOLDER.resolve(services.at("/farm/build").asText());
        assertThat(context.resolve("Dockerfile")).isRegularFile();
        assertThat(mounts(services))
                .hasSize(4)
                .allSatisfy(mount -> assertThat(FOLDER.resolve(mount.from())).isDirectory());
        assertThat(Stream.of("prometheus", "grafana")
                        .map(name -> services.path(name).path("image").asText()))
                .allMatch(image -> image.matches("[a-z/]+:v?[0-9]+\\.[0-9]+\\.[0-9]+"));
    }

    @Test
    void allListenOnThisMachineAlone() throws IOException {
        assertThat(read("compose.yaml").path("services"))
                .flatExtracting(service -> DashboardFile.list(service.path("ports")))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("127.0.0.1:8080:8080", "127.0.0.1:9090:9090", "127.0.0.1:3000:3000");
    }

    /**
     * The farm is at one port for Prometheus, for browsers, for its health check, and for those who build the image.
     */
    @Test
    void theFarmIsWhereOthersLookForIt() throws IOException {
        JsonNode farm = read("compose.yaml").at("/services/farm");
        assertThat(farm.at("/command/0").asText()).contains("--host 0.0.0.0 --port 8080 ");
        assertThat(farm.path("healthcheck").path("test").toString()).contains("/dev/tcp/127.0.0.1/8080;");
        assertThat(read("prometheus/prometheus.yml")
                        .at("/scrape_configs/0/static_configs/0/targets/0")
                        .asText())
                .isEqualTo("farm:8080");
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("\nEXPOSE 8080 ");
        assertThat(DashboardFile.all())
                .extracting(dashboard ->
                        dashboard.variables().get(1).at("/current/value").asText())
                .containsOnly("http://127.0.0.1:8080");
    }

    @Test
    void aFarmIsHealthyWhileItAnswers(@TempDir Path directory) throws Exception {
        String check =
                read("compose.yaml").at("/services/farm/healthcheck/test/3").asText();
        int port;
        try (var farm = new ServedFarm(directory, ServedFarm.OPEN, true)) {
            port = farm.port();
            assertThat(exitCode(check.replace("8080", Integer.toString(port)))).isZero();
        }
        assertThat(exitCode(check.replace("8080", Integer.toString(port)))).isNotZero();
    }

    private static int exitCode(String script) throws Exception {
        return new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void grafanaFindsItsDashboards() throws IOException {
        JsonNode services = read("compose.yaml").path("services");
        String inside = read("provisioning/dashboards/saddlefarm.yaml")
                .at("/providers/0/options/path")
                .asText();
        assertThat(mounts(services))
                .contains(
                        new Mount("./dashboards", inside),
                        new Mount("./provisioning/datasources", "/etc/grafana/provisioning/datasources"),
                        new Mount("./provisioning/dashboards", "/etc/grafana/provisioning/dashboards"));
        String home = services.at("/grafana/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                .asText();
        assertThat(home).startsWith(inside + "/");
        assertThat(FOLDER.resolve("dashboards").resolve(home.substring(inside.length() + 1)))
                .isRegularFile();
    }

    @Test
    void dashboardsFindTheirDataSource() throws IOException {
        JsonNode source = read("provisioning/datasources/prometheus.yaml")
                .path("datasources")
                .path(0);
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(DashboardFile.all())
                .allSatisfy(dashboard -> assertThat(dashboard.variables().get(0).at("/current/value"))
                        .isEqualTo(source.path("uid")));
        assertThat(source.at("/jsonData/timeInterval"))
                .isEqualTo(read("prometheus/prometheus.yml").at("/global/scrape_interval"));
    }

    @Test
    void prometheusFindsItsConfigurationAndRules() throws IOException {
        assertThat(mounts(read("compose.yaml").path("services")))
                .contains(new Mount("./prometheus", "/etc/prometheus"));
        assertThat(read("compose.yaml").at("/services/prometheus/command"))
                .extracting(JsonNode::asText)
                .contains("--config.file=/etc/prometheus/prometheus.yml");
        assertThat(read("prometheus/prometheus.yml").path("rule_files"))
                .extracting(JsonNode::asText)
                .containsExactly("rules.yml", "alerts.yml");
    }

    private record Mount(String from, String to) {}

    /** Those of the tree's directories. */
    private static List<Mount> mounts(JsonNode services) {
        var mounts = new ArrayList<Mount>();
        for (JsonNode service : services) {
            for (JsonNode volume : service.path("volumes")) {
                String[] parts = volume.asText().split(":", -1);
                if (parts[0].startsWith(".")) {
                    mounts.add(new Mount(parts[0], parts[1]));
                }
            }
        }
        return mounts;
    }

    // --- alerts ---

    static List<JsonNode> alerts() throws IOException {
        return DashboardFile.list(read("prometheus/alerts.yml").at("/groups/0/rules"));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertLeadsToItsEntryInTheRunbook(JsonNode alert) throws IOException {
        String name = alert.path("alert").asText();
        assertThat(alert.at("/annotations/runbook").asText())
                .isEqualTo("grafana/RUNBOOK.md#" + name.toLowerCase(Locale.ROOT));
        assertThat(headings()).contains(name);
        assertThat(alert.at("/annotations/summary").asText()).endsWith(".");
        assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning", "info");
    }

    @Test
    void theRunbookHasNoOtherEntries() throws IOException {
        assertThat(headings())
                .containsExactlyElementsOf(alerts().stream()
                        .map(alert -> alert.path("alert").asText())
                        .toList());
    }

    /** A moment at which it is raised, and one at which it is not. */
    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertIsTested(JsonNode alert) throws IOException {
        assertThat(read("prometheus/tests/alerts_test.yml").path("tests"))
                .flatExtracting(test -> DashboardFile.list(test.path("alert_rule_test")))
                .filteredOn(test -> test.path("alertname").equals(alert.path("alert")))
                .extracting(test -> test.path("exp_alerts").isEmpty())
                .contains(true, false);
    }

    private static List<String> headings() throws IOException {
        return Files.readAllLines(FOLDER.resolve("RUNBOOK.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
    }

    // --- pages ---

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "RUNBOOK.md"})
    void linksOfAPageLeadSomewhere(String page) throws IOException {
        assertThat(LINK.matcher(Files.readString(FOLDER.resolve(page))).results())
                .isNotEmpty()
                .allSatisfy(link ->
                        assertThat(FOLDER.resolve(link.group(1)).normalize()).exists());
    }

    private static JsonNode read(String file) throws IOException {
        return YAML.readTree(FOLDER.resolve(file).toFile());
    }
}
