package saddlefarm.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.typesafe.config.ConfigFactory;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl makes of the overlays: each object by itself, all of them together, and what a farm asks for. */
@DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*kubectl.*")
class ManifestsIT {

    private static final String PRODUCTION = "production";
    private static final String LOCAL = "local";

    private static Manifests production;
    private static Manifests local;
    private static Manifests secrets;

    @BeforeAll
    static void render() throws Exception {
        production = Manifests.rendered(PRODUCTION);
        local = Manifests.rendered(LOCAL);
        secrets = Manifests.file("overlays/production/secrets.example.yaml");
    }

    private static Manifests overlay(String name) {
        return name.equals(PRODUCTION) ? production : local;
    }

    // --- validation ---

    @Test
    void productionIsValid() {
        assertThat(problems(production, secrets)).isEmpty();
    }

    @Test
    void localIsValid() {
        assertThat(problems(local, new Manifests(List.of()))).isEmpty();
    }

    private static List<String> problems(Manifests manifests, Manifests provided) {
        var problems = new ArrayList<String>();
        Stream.of(manifests, provided)
                .flatMap(each -> each.objects().stream())
                .flatMap(object -> Stream.ofNullable(Models.problem(object)))
                .forEach(problems::add);
        problems.addAll(Consistency.problems(manifests, provided, settings()));
        return problems;
    }

    /** The variables of the environment that a farm and its launcher know. */
    private static Set<String> settings() {
        var settings = new TreeSet<String>(Set.of("SADDLEFARM_JAVA_OPTIONS"));
        var defaults = ConfigFactory.parseResources("reference.conf").getConfig("saddlefarm");
        for (String part : List.of("farm", "cluster", "store", "http")) {
            defaults.withOnlyPath(part)
                    .entrySet()
                    .forEach(entry -> settings.add("SADDLEFARM_"
                            + entry.getKey().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")));
        }
        return settings;
    }

    private static final String CONTAINER = "/spec/template/spec/containers/0";

    /** Where a mistake is made, its place and value in JSON, and a part of what is said of it. */
    static List<Arguments> mistakes() {
        return List.of(
                arguments("wrong type", "Deployment saddlefarm", "/spec/replicas", "'three'", "Cannot coerce String"),
                arguments(
                        "number for a text",
                        "Deployment saddlefarm",
                        CONTAINER + "/args/4",
                        "8080",
                        "Cannot coerce Integer"),
                arguments("unknown field", "Deployment saddlefarm", CONTAINER + "/livenesProbe", "{}", "livenesProbe"),
                arguments(
                        "unknown field of a monitor",
                        "PodMonitor saddlefarm",
                        "/spec/podMetricsEndpoints/0/intervall",
                        "'5s'",
                        "intervall"),
                arguments(
                        "unknown field of a certificate",
                        "Certificate saddlefarm-node",
                        "/spec/dnsName",
                        "'a'",
                        "dnsName"),
                arguments(
                        "unknown kind", "PodDisruptionBudget saddlefarm", "/apiVersion", "'policy/v2'", "nobody knows"),
                arguments(
                        "missing key",
                        "Deployment saddlefarm",
                        CONTAINER + "/env/1/valueFrom/secretKeyRef/key",
                        "'uri'",
                        "the key uri of Secret saddlefarm-database"),
                arguments(
                        "missing Secret",
                        "Deployment saddlefarm",
                        "/spec/template/spec/volumes/0/secret/secretName",
                        "'tls'",
                        "needs Secret tls"),
                arguments(
                        "missing settings",
                        "Deployment saddlefarm",
                        CONTAINER + "/envFrom/0/configMapRef/name",
                        "'saddlefarm'",
                        "needs ConfigMap saddlefarm"),
                arguments(
                        "setting that is none",
                        "ConfigMap saddlefarm",
                        "/data/SADDLEFARM_CLUSTER_NODE",
                        "'3'",
                        "SADDLEFARM_CLUSTER_NODE, which is no setting"),
                arguments(
                        "file that is not mounted",
                        "Deployment saddlefarm",
                        CONTAINER + "/env/4/value",
                        "'/etc/token'",
                        "/etc/token, which is nowhere mounted"),
                arguments(
                        "key that is not mounted",
                        "Deployment saddlefarm",
                        CONTAINER + "/env/3/value",
                        "'/etc/saddlefarm/database/passwort'",
                        "/etc/saddlefarm/database/passwort, which is nowhere mounted"),
                arguments(
                        "selector of other pods",
                        "Deployment saddlefarm",
                        "/spec/selector/matchLabels/app",
                        "'farm'",
                        "selects other pods than its own"),
                arguments(
                        "service of no pods",
                        "Service saddlefarm",
                        "/spec/selector/app",
                        "'farm'",
                        "Service saddlefarm selects no pods"),
                arguments(
                        "budget for no pods",
                        "PodDisruptionBudget saddlefarm",
                        "/spec/selector/matchLabels/app",
                        "'farm'",
                        "PodDisruptionBudget saddlefarm selects no pods"),
                arguments(
                        "monitor of no pods",
                        "PodMonitor saddlefarm",
                        "/spec/selector/matchLabels/app",
                        "'farm'",
                        "PodMonitor saddlefarm selects no pods"),
                arguments(
                        "policy for no pods",
                        "NetworkPolicy saddlefarm-database",
                        "/spec/podSelector/matchLabels/app",
                        "'farm'",
                        "NetworkPolicy saddlefarm-database selects no pods"),
                arguments(
                        "name of a probe's port",
                        "Deployment saddlefarm",
                        CONTAINER + "/readinessProbe/httpGet/port",
                        "'managment'",
                        "port \"managment\""),
                arguments(
                        "name of a service's port",
                        "Service saddlefarm",
                        "/spec/ports/0/targetPort",
                        "'web'",
                        "port \"web\""),
                arguments(
                        "name of a monitor's port",
                        "PodMonitor saddlefarm",
                        "/spec/podMetricsEndpoints/0/port",
                        "'metrics'",
                        "port \"metrics\""),
                arguments(
                        "number of a policy's port",
                        "NetworkPolicy saddlefarm",
                        "/spec/ingress/1/ports/1/port",
                        "25521",
                        "port 25521"),
                arguments(
                        "mount without a volume",
                        "Deployment saddlefarm",
                        CONTAINER + "/volumeMounts/1/name",
                        "'temp'",
                        "mounts [api, database, temp, tls]"),
                arguments(
                        "role that is not there",
                        "RoleBinding saddlefarm",
                        "/roleRef/name",
                        "'pods'",
                        "needs Role pods"),
                arguments(
                        "account that is not there",
                        "Deployment saddlefarm",
                        "/spec/template/spec/serviceAccountName",
                        "'farm'",
                        "needs ServiceAccount farm"),
                arguments(
                        "issuer that is not there",
                        "Certificate saddlefarm-node",
                        "/spec/issuerRef/name",
                        "'ca'",
                        "needs Issuer ca"),
                arguments(
                        "authority that nobody makes",
                        "Issuer saddlefarm-authority",
                        "/spec/ca/secretName",
                        "'ca'",
                        "needs Secret ca"),
                arguments(
                        "other namespace",
                        "Service saddlefarm",
                        "/metadata/namespace",
                        "'default'",
                        "needs Namespace default"),
                arguments(
                        "root",
                        "Deployment saddlefarm",
                        "/spec/template/spec/securityContext/runAsNonRoot",
                        "false",
                        "runAsNonRoot"),
                arguments(
                        "root file system",
                        "Deployment saddlefarm",
                        CONTAINER + "/securityContext/readOnlyRootFilesystem",
                        "false",
                        "readOnlyRootFilesystem"),
                arguments(
                        "capabilities",
                        "Deployment saddlefarm",
                        CONTAINER + "/securityContext/capabilities/drop",
                        "[]",
                        "capabilities"),
                arguments(
                        "Secret that is written to",
                        "Deployment saddlefarm",
                        CONTAINER + "/volumeMounts/2/readOnly",
                        "false",
                        "volume \"database\""),
                arguments("pods of any kind", "Namespace saddlefarm", "/metadata/labels", "{}", "does not enforce"),
                arguments(
                        "anybody let in",
                        "NetworkPolicy saddlefarm",
                        "/spec/ingress/1/from",
                        "[]",
                        "NetworkPolicy saddlefarm lets anybody in"),
                arguments(
                        "any namespace let in",
                        "NetworkPolicy saddlefarm",
                        "/spec/ingress/0/from/0/namespaceSelector",
                        "{}",
                        "NetworkPolicy saddlefarm lets anybody in"),
                arguments(
                        "any address let in",
                        "NetworkPolicy saddlefarm",
                        "/spec/ingress/0/from/0",
                        "{'ipBlock': {'cidr': '0.0.0.0/0'}}",
                        "NetworkPolicy saddlefarm lets anybody in"),
                arguments(
                        "way to anybody",
                        "NetworkPolicy saddlefarm-database",
                        "/spec/egress/0/to",
                        "[]",
                        "NetworkPolicy saddlefarm-database lets out to anybody"),
                arguments(
                        "ways in without a policy",
                        "NetworkPolicy saddlefarm",
                        "/spec/policyTypes",
                        "['Egress']",
                        "has no policy for Ingress"),
                arguments(
                        "policy of one way",
                        "NetworkPolicy saddlefarm",
                        "/spec/policyTypes",
                        "['Ingress']",
                        "does not reach port 443"),
                arguments(
                        "no way to the DNS",
                        "NetworkPolicy saddlefarm",
                        "/spec/egress/1/ports/0/protocol",
                        "'TCP'",
                        "does not reach port 53 by UDP"),
                arguments(
                        "no way to the Kubernetes API",
                        "NetworkPolicy saddlefarm",
                        "/spec/egress/2/ports/1/port",
                        "443",
                        "does not reach port 6443"),
                arguments(
                        "limit of processors",
                        "Deployment saddlefarm",
                        CONTAINER + "/resources/limits/cpu",
                        "'4'",
                        "limits them"),
                arguments(
                        "memory beyond the request",
                        "Deployment saddlefarm",
                        CONTAINER + "/resources/limits/memory",
                        "'16Gi'",
                        "other memory"),
                arguments(
                        "image of any version",
                        "Deployment saddlefarm",
                        CONTAINER + "/image",
                        "'saddlefarm:latest'",
                        "no certain version"),
                arguments(
                        "variables of services",
                        "Deployment saddlefarm",
                        "/spec/template/spec/enableServiceLinks",
                        "true",
                        "variables for Services"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void everyMistakeIsFound(String mistake, String object, String place, String value, String said)
            throws IOException {
        Manifests changed = production.copy();
        String[] title = object.split(" ", -1);
        set(changed.one(title[0], title[1]), place, new ObjectMapper().readTree(value.replace('\'', '"')));
        assertThat(problems(changed, secrets))
                .anySatisfy(problem -> assertThat(problem).contains(said));
    }

    /** Sets a value, or adds a field to what is there. */
    private static void set(JsonNode object, String place, JsonNode value) {
        int last = place.lastIndexOf('/');
        JsonNode parent = object.at(place.substring(0, last));
        String field = place.substring(last + 1);
        if (parent instanceof ObjectNode node) {
            node.set(field, value);
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(field), value);
        } else {
            throw new AssertionError("there is no " + place);
        }
    }

    // --- what a farm asks for ---

    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void nodesFindOneAnother(String overlay) {
        Workload farm = farm(overlay);
        assertThat(farm.object().at("/spec/template/metadata/labels/app").asText())
                .isEqualTo("saddlefarm");
        assertThat(farm.listens(new TextNode("management"))).isTrue();
        assertThat(overlay(overlay).one("Role", "saddlefarm").path("rules").toString())
                .isEqualTo("[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\",\"list\",\"watch\"]}]");
        assertThat(overlay(overlay).all("ClusterRoleBinding")).isEmpty();
        assertThat(setting(overlay, "SADDLEFARM_FARM_MODE")).isEqualTo("cluster");
        assertThat(setting(overlay, "SADDLEFARM_CLUSTER_DISCOVERY")).isEqualTo("kubernetes");
    }

    /** Else no cluster is ever formed. */
    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void noMoreNodesAreWaitedForThanThereAre(String overlay) {
        assertThat(Integer.parseInt(setting(overlay, "SADDLEFARM_CLUSTER_NODES")))
                .isBetween(1, farm(overlay).object().at("/spec/replicas").asInt());
    }

    @Test
    void inProductionOneProcessorIsLeftToWhatDoesNotTrain() {
        var requested = Quantity.parse(
                farm(PRODUCTION).container().at("/resources/requests/cpu").asText());
        assertThat(Integer.parseInt(setting(PRODUCTION, "SADDLEFARM_FARM_PARALLEL")))
                .isEqualTo(requested
                                .getNumericalAmount()
                                .setScale(0, RoundingMode.CEILING)
                                .intValueExact()
                        - 1);
    }

    @Test
    void inProductionNodesSpeakTlsToOneAnother() {
        Workload farm = farm(PRODUCTION);
        String directory = setting(PRODUCTION, "SADDLEFARM_CLUSTER_TLS_DIRECTORY");
        assertThat(secret(farm, directory).path("secretName"))
                .isEqualTo(production.one("Certificate", "saddlefarm-node").at("/spec/secretName"));
        assertThat(production
                        .one("Certificate", "saddlefarm-node")
                        .at("/spec/usages")
                        .toString())
                .contains("server auth", "client auth");
    }

    /** What {@code store.url} says in the Secret is a file that the farm has. */
    @Test
    void inProductionTheDatabaseHasToShowItsCertificate() {
        JsonNode database = secrets.one("Secret", "saddlefarm-database").path("stringData");
        Matcher url = Pattern.compile("[^?]+\\?sslmode=verify-full&sslrootcert=(.+)/(.+)")
                .matcher(database.path("url").asText());
        assertThat(url).matches(Matcher::matches);
        assertThat(database.fieldNames()).toIterable().contains(url.group(2));
        JsonNode mounted = secret(farm(PRODUCTION), url.group(1));
        assertThat(mounted.path("secretName").asText()).isEqualTo("saddlefarm-database");
        assertThat(mounted.has("items")).as("only some keys are mounted").isFalse();
    }

    /** The Secret whose keys are the files of a directory. */
    private static JsonNode secret(Workload workload, String directory) {
        JsonNode mount = Manifests.list(workload.container().path("volumeMounts")).stream()
                .filter(each -> each.path("mountPath").asText().equals(directory))
                .findFirst()
                .orElseThrow();
        return Manifests.list(workload.pod().path("volumes")).stream()
                .filter(volume -> volume.path("name").equals(mount.path("name")))
                .findFirst()
                .orElseThrow()
                .path("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void aNodeWritesToNothingButTmp(String overlay) {
        assertThat(farm(overlay).writableMounts())
                .extracting(mount -> mount.path("mountPath").asText())
                .containsExactly("/tmp");
    }

    @Test
    void productionHasNoSecrets() {
        assertThat(production.all("Secret")).isEmpty();
    }

    /**
     * After the wait before it is told to, a node commits and hands over within 70 s, waits for who is notified for 5
     * s, and exits.
     */
    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void aNodeHasTheTimeToHandOver(String overlay) {
        Workload farm = farm(overlay);
        JsonNode wait = farm.container().at("/lifecycle/preStop/exec/command");
        assertThat(wait.get(0).asText()).isEqualTo("sleep");
        assertThat(farm.pod().path("terminationGracePeriodSeconds").asInt())
                .isGreaterThan(wait.get(1).asInt() + 70 + 5);
        assertThat(farm.object().at("/spec/strategy/rollingUpdate").toString())
                .isEqualTo("{\"maxSurge\":1,\"maxUnavailable\":0}");
        assertThat(overlay(overlay).one("PodDisruptionBudget", "saddlefarm").at("/spec/maxUnavailable"))
                .isEqualTo(new IntNode(1));
    }

    /** Nothing answers a probe while a new version brings the tables up to date. */
    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void aNodeHasHalfAnHourToBringTheTablesUpToDate(String overlay) {
        Workload farm = farm(overlay);
        JsonNode probe = farm.container().path("startupProbe");
        int seconds = probe.path("periodSeconds").asInt()
                * probe.path("failureThreshold").asInt();
        assertThat(seconds).isGreaterThanOrEqualTo(30 * 60);
        // Otherwise "kubectl rollout status" would call it failed.
        assertThat(farm.object().at("/spec/progressDeadlineSeconds").asInt())
                .isGreaterThan(
                        seconds + farm.object().at("/spec/minReadySeconds").asInt());
    }

    /** The image is for the same user, and says the same ports. */
    @Test
    void theImageFits() throws IOException {
        Workload farm = farm(PRODUCTION);
        String ports = String.join(
                " ",
                Manifests.list(farm.container().path("ports")).stream()
                        .map(port -> port.path("containerPort").asText())
                        .toList());
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains(
                        "\nUSER " + farm.pod().at("/securityContext/runAsUser").asText() + "\n")
                .contains("\nEXPOSE " + ports + "\n");
    }

    @Test
    void grafanaGetsTheDashboardsOfTheTree() throws IOException {
        JsonNode map = production.one("ConfigMap", "saddlefarm-dashboards");
        assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
        try (Stream<Path> files = Files.list(Path.of("grafana", "dashboards"))) {
            List<Path> dashboards = files.sorted().toList();
            assertThat(map.path("data").fieldNames()).toIterable().hasSameSizeAs(dashboards);
            for (Path dashboard : dashboards) {
                assertThat(map.path("data")
                                .path(String.valueOf(dashboard.getFileName()))
                                .asText())
                        .isEqualTo(Files.readString(dashboard));
            }
        }
    }

    /** The rules tell by the name of the job, and windows of rates are for the interval of the tree's Prometheus. */
    @Test
    void prometheusScrapesAsTheRulesExpect() throws IOException {
        JsonNode monitor = production.one("PodMonitor", "saddlefarm");
        JsonNode alone =
                Manifests.file("../grafana/prometheus/prometheus.yml").objects().get(0);
        assertThat(farm(PRODUCTION)
                        .object()
                        .at("/spec/template/metadata/labels")
                        .path(monitor.at("/spec/jobLabel").asText()))
                .isEqualTo(alone.at("/scrape_configs/0/job_name"));
        assertThat(monitor.at("/spec/podMetricsEndpoints/0/interval")).isEqualTo(alone.at("/global/scrape_interval"));
    }

    private static Workload farm(String overlay) {
        return new Workload(overlay(overlay).one("Deployment", "saddlefarm"));
    }

    private static String setting(String overlay, String name) {
        return overlay(overlay).objects().stream()
                .filter(object -> Manifests.is(object, "ConfigMap"))
                .flatMap(map -> Stream.ofNullable(map.path("data").get(name)))
                .map(JsonNode::asText)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not set"));
    }
}
