package saddlefarm.k8s;

import static saddlefarm.k8s.Manifests.list;
import static saddlefarm.k8s.Manifests.name;
import static saddlefarm.k8s.Manifests.title;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Whether objects fit together. What does not, Kubernetes takes all the same, and it does not work. */
final class Consistency {

    private static final Set<String> TLS = Set.of("tls.crt", "tls.key", "ca.crt");

    /** Ports of the Kubernetes API, which alone may be reached at any address. */
    private static final Set<Integer> API = Set.of(443, 6443, 8443);

    private final Manifests manifests;
    private final List<Workload> workloads;
    /** The keys of each Secret and ConfigMap, by kind and name. */
    private final Map<String, Set<String>> keys = new HashMap<>();

    private final Set<String> settings;
    private final List<String> problems = new ArrayList<>();

    private Consistency(Manifests manifests, Manifests provided, Set<String> settings) {
        this.manifests = manifests;
        this.settings = settings;
        workloads = Workload.all(manifests);
        Stream.of(manifests, provided).flatMap(each -> each.objects().stream()).forEach(object -> {
            var of = keys.computeIfAbsent(title(object), title -> new TreeSet<>());
            Stream.of("data", "stringData")
                    .forEach(data -> object.path(data).fieldNames().forEachRemaining(of::add));
        });
        manifests
                .all("Certificate")
                .forEach(certificate ->
                        keys.put("Secret " + certificate.at("/spec/secretName").asText(), TLS));
    }

    /**
     * All that does not fit.
     *
     * @param provided Secrets that are no part of the objects, but will be there
     * @param settings variables of the environment that the farm knows
     */
    static List<String> problems(Manifests manifests, Manifests provided, Set<String> settings) {
        var consistency = new Consistency(manifests, provided, settings);
        consistency.check();
        return consistency.problems;
    }

    private void check() {
        manifests.objects().forEach(this::isInTheNamespace);
        workloads.forEach(workload -> {
            selectsItself(workload);
            probesItsPorts(workload);
            refersToWhatIsThere(workload);
            mountsWhatItHas(workload);
            isSetAsItCanBe(workload);
            isConfined(workload);
            isIsolated(workload);
            reachesWhatItAsks(workload);
            isSized(workload);
            hasAnImageOfOneVersion(workload);
        });
        manifests.all("Service").forEach(service -> {
            List<Workload> behind = selected(service, service.at("/spec/selector"));
            list(service.at("/spec/ports")).forEach(port -> listen(service, behind, port.path("targetPort")));
        });
        manifests
                .all("PodDisruptionBudget")
                .forEach(budget -> selected(budget, budget.at("/spec/selector/matchLabels")));
        manifests.all("PodMonitor").forEach(monitor -> {
            List<Workload> scraped = selected(monitor, monitor.at("/spec/selector/matchLabels"));
            list(monitor.at("/spec/podMetricsEndpoints"))
                    .forEach(endpoint -> listen(monitor, scraped, endpoint.path("port")));
        });
        manifests.all("NetworkPolicy").forEach(policy -> {
            concernsPodsAndTheirPorts(policy);
            namesWhomItLetsThrough(policy);
        });
        manifests.all("Namespace").forEach(this::isRestricted);
        manifests.all("RoleBinding").forEach(this::bindsWhatIsThere);
        manifests
                .all("Certificate")
                .forEach(certificate -> require(
                        certificate,
                        "Issuer " + certificate.at("/spec/issuerRef/name").asText()));
        manifests.all("Issuer").forEach(issuer -> {
            if (issuer.at("/spec").has("ca")) {
                require(issuer, "Secret " + issuer.at("/spec/ca/secretName").asText());
            }
        });
    }

    private void problem(String where, String what) {
        problems.add(where + " " + what);
    }

    private void require(JsonNode object, String title) {
        if (!keys.containsKey(title)) {
            problem(title(object), "needs %s, which is not there".formatted(title));
        }
    }

    private void isInTheNamespace(JsonNode object) {
        if (!Manifests.is(object, "Namespace")) {
            require(object, "Namespace " + object.at("/metadata/namespace").asText());
        }
    }

    // --- selectors and ports ---

    private void selectsItself(Workload workload) {
        var selectors = new ArrayList<JsonNode>(List.of(workload.object().at("/spec/selector/matchLabels")));
        list(workload.pod().path("topologySpreadConstraints"))
                .forEach(spread -> selectors.add(spread.at("/labelSelector/matchLabels")));
        selectors.stream()
                .filter(labels -> !workload.isSelected(labels))
                .forEach(labels -> problem(workload.title(), "selects other pods than its own: %s".formatted(labels)));
    }

    private void probesItsPorts(Workload workload) {
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            JsonNode request = workload.container().path(probe).path("httpGet");
            if (!request.isMissingNode()) {
                listen(workload.object(), List.of(workload), request.path("port"));
            }
        }
    }

    private List<Workload> selected(JsonNode object, JsonNode labels) {
        List<Workload> selected =
                workloads.stream().filter(each -> each.isSelected(labels)).toList();
        if (selected.isEmpty()) {
            problem(title(object), "selects no pods: %s".formatted(labels));
        }
        return selected;
    }

    private void listen(JsonNode object, List<Workload> workloads, JsonNode port) {
        workloads.stream()
                .filter(each -> !each.listens(port))
                .forEach(each -> problem(
                        title(object), "asks for port %s, which %s does not have".formatted(port, each.title())));
    }

    private void concernsPodsAndTheirPorts(JsonNode policy) {
        List<Workload> concerned = selected(policy, policy.at("/spec/podSelector/matchLabels"));
        for (JsonNode rule : list(policy.at("/spec/ingress"))) {
            list(rule.path("ports")).forEach(port -> listen(policy, concerned, port.path("port")));
            list(rule.path("from")).forEach(peer -> peers(policy, peer));
        }
        for (JsonNode rule : list(policy.at("/spec/egress"))) {
            for (JsonNode peer : list(rule.path("to"))) {
                List<Workload> there = peers(policy, peer);
                list(rule.path("ports")).forEach(port -> listen(policy, there, port.path("port")));
            }
        }
    }

    /** The workloads that a peer of a policy names; none where it names pods of another namespace, or addresses. */
    private List<Workload> peers(JsonNode policy, JsonNode peer) {
        return peer.has("podSelector") && !peer.has("namespaceSelector")
                ? selected(policy, peer.at("/podSelector/matchLabels"))
                : List.of();
    }

    /** A rule without peers, or with one that is everybody, lets through whoever there is. */
    private void namesWhomItLetsThrough(JsonNode policy) {
        list(policy.at("/spec/ingress")).stream()
                .filter(rule -> isForEverybody(rule.path("from")))
                .forEach(rule -> problem(title(policy), "lets anybody in: %s".formatted(rule)));
        list(policy.at("/spec/egress")).stream()
                .filter(rule -> isForEverybody(rule.path("to")) && !isForTheApi(rule.path("ports")))
                .forEach(rule -> problem(title(policy), "lets out to anybody: %s".formatted(rule)));
    }

    private static boolean isForEverybody(JsonNode peers) {
        return peers.isEmpty() || list(peers).stream().anyMatch(Consistency::isEverybody);
    }

    private static boolean isEverybody(JsonNode peer) {
        return peer.has("ipBlock")
                ? peer.at("/ipBlock/cidr").asText().endsWith("/0")
                : peer.has("namespaceSelector")
                        && peer.at("/namespaceSelector/matchLabels").isEmpty();
    }

    private static boolean isForTheApi(JsonNode ports) {
        return !ports.isEmpty()
                && list(ports).stream()
                        .allMatch(port -> API.contains(port.path("port").asInt()));
    }

    private void isIsolated(Workload workload) {
        for (String direction : List.of("Ingress", "Egress")) {
            if (policies(workload, direction).isEmpty()) {
                problem(workload.title(), "has no policy for %s".formatted(direction));
            }
        }
    }

    /** Who has an account asks the Kubernetes API, and the DNS for other names. */
    private void reachesWhatItAsks(Workload workload) {
        if (workload.pod().has("serviceAccountName")) {
            reaches(workload, 53, "UDP");
            reaches(workload, 53, "TCP");
            API.forEach(port -> reaches(workload, port, "TCP"));
        }
    }

    private void reaches(Workload workload, int port, String protocol) {
        boolean reached = policies(workload, "Egress").stream()
                .flatMap(policy -> list(policy.at("/spec/egress")).stream())
                .flatMap(rule -> list(rule.path("ports")).stream())
                .anyMatch(each -> each.path("port").asInt() == port
                        && each.path("protocol").asText("TCP").equals(protocol));
        if (!reached) {
            problem(workload.title(), "does not reach port %d by %s".formatted(port, protocol));
        }
    }

    private List<JsonNode> policies(Workload workload, String direction) {
        return manifests.all("NetworkPolicy").stream()
                .filter(policy -> workload.isSelected(policy.at("/spec/podSelector/matchLabels")))
                .filter(policy -> list(policy.at("/spec/policyTypes")).contains(new TextNode(direction)))
                .toList();
    }

    // --- what is referred to ---

    private void refersToWhatIsThere(Workload workload) {
        for (JsonNode variable : list(workload.container().path("env"))) {
            JsonNode from = variable.path("valueFrom");
            refers(workload, "Secret", from.at("/secretKeyRef/name"), List.of(from.at("/secretKeyRef/key")));
            refers(workload, "ConfigMap", from.at("/configMapKeyRef/name"), List.of(from.at("/configMapKeyRef/key")));
        }
        for (JsonNode source : list(workload.container().path("envFrom"))) {
            refers(workload, "Secret", source.at("/secretRef/name"), List.of());
            refers(workload, "ConfigMap", source.at("/configMapRef/name"), List.of());
        }
        for (JsonNode volume : list(workload.pod().path("volumes"))) {
            refers(workload, "Secret", volume.at("/secret/secretName"), itemKeys(volume.path("secret")));
            refers(workload, "ConfigMap", volume.at("/configMap/name"), itemKeys(volume.path("configMap")));
        }
        JsonNode account = workload.pod().path("serviceAccountName");
        if (!account.isMissingNode()) {
            require(workload.object(), "ServiceAccount " + account.asText());
        }
    }

    private static List<JsonNode> itemKeys(JsonNode source) {
        return list(source.path("items")).stream().map(item -> item.path("key")).toList();
    }

    private void refers(Workload workload, String kind, JsonNode name, List<JsonNode> wanted) {
        if (name.isMissingNode()) {
            return;
        }
        String title = kind + " " + name.asText();
        require(workload.object(), title);
        wanted.stream()
                .map(JsonNode::asText)
                .filter(key -> !keys.getOrDefault(title, Set.of(key)).contains(key))
                .forEach(key ->
                        problem(workload.title(), "needs the key %s of %s, which is not there".formatted(key, title)));
    }

    private void mountsWhatItHas(Workload workload) {
        var volumes = new TreeSet<String>();
        list(workload.pod().path("volumes"))
                .forEach(volume -> volumes.add(volume.path("name").asText()));
        list(workload.object().at("/spec/volumeClaimTemplates")).forEach(claim -> volumes.add(name(claim)));
        var mounted = new TreeSet<String>();
        list(workload.container().path("volumeMounts"))
                .forEach(mount -> mounted.add(mount.path("name").asText()));
        if (!mounted.equals(volumes)) {
            problem(workload.title(), "mounts %s and has the volumes %s".formatted(mounted, volumes));
        }
    }

    private void bindsWhatIsThere(JsonNode binding) {
        require(
                binding,
                "%s %s"
                        .formatted(
                                binding.at("/roleRef/kind").asText(),
                                binding.at("/roleRef/name").asText()));
        for (JsonNode subject : list(binding.path("subjects"))) {
            require(
                    binding,
                    "%s %s"
                            .formatted(
                                    subject.path("kind").asText(),
                                    subject.path("name").asText()));
        }
    }

    // --- settings ---

    private void isSetAsItCanBe(Workload workload) {
        environment(workload).forEach((name, value) -> {
            if (name.startsWith("SADDLEFARM_") && !settings.contains(name)) {
                problem(workload.title(), "sets %s, which is no setting".formatted(name));
            }
            if (name.matches(".*_(FILE|DIRECTORY)")
                    && !value.isEmpty()
                    && !files(workload).contains(value)) {
                problem(workload.title(), "sets %s to %s, which is nowhere mounted".formatted(name, value));
            }
        });
        if (workload.pod().path("enableServiceLinks").asBoolean(true)) {
            problem(workload.title(), "lets Kubernetes add variables for Services to its own");
        }
    }

    /** Variables with their values; those that come from elsewhere are empty. */
    private Map<String, String> environment(Workload workload) {
        var environment = new HashMap<String, String>();
        for (JsonNode source : list(workload.container().path("envFrom"))) {
            manifests.all("ConfigMap").stream()
                    .filter(map ->
                            name(map).equals(source.at("/configMapRef/name").asText()))
                    .forEach(map -> map.path("data")
                            .properties()
                            .forEach(entry -> environment.put(
                                    entry.getKey(), entry.getValue().asText())));
        }
        list(workload.container().path("env"))
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        return environment;
    }

    /** Directories that are mounted, and the files in those of Secrets: the chosen keys, or all. */
    private Set<String> files(Workload workload) {
        var files = new TreeSet<String>();
        for (JsonNode mount : list(workload.container().path("volumeMounts"))) {
            String path = mount.path("mountPath").asText();
            files.add(path);
            list(workload.pod().path("volumes")).stream()
                    .filter(volume -> volume.path("name").equals(mount.path("name")))
                    .flatMap(volume -> fileNames(volume.path("secret")))
                    .forEach(file -> files.add(path + "/" + file));
        }
        return files;
    }

    private Stream<String> fileNames(JsonNode secret) {
        return secret.has("items")
                ? list(secret.path("items")).stream()
                        .map(item -> item.path("path").asText())
                : keys.getOrDefault("Secret " + secret.path("secretName").asText(), Set.of()).stream();
    }

    // --- security and size ---

    /** As the Pod Security Standard "restricted" asks, and with a root file system that nobody writes to. */
    private void isConfined(Workload workload) {
        expect(workload, workload.pod().at("/securityContext/runAsNonRoot").asBoolean(), "runAsNonRoot");
        expect(workload, workload.pod().at("/securityContext/runAsUser").asInt() > 0, "runAsUser");
        expect(
                workload,
                workload.pod()
                        .at("/securityContext/seccompProfile/type")
                        .asText()
                        .equals("RuntimeDefault"),
                "seccompProfile");
        JsonNode context = workload.container().path("securityContext");
        expect(workload, !context.path("allowPrivilegeEscalation").asBoolean(true), "allowPrivilegeEscalation");
        expect(workload, context.path("readOnlyRootFilesystem").asBoolean(), "readOnlyRootFilesystem");
        expect(workload, context.at("/capabilities/drop/0").asText().equals("ALL"), "capabilities");
        list(workload.pod().path("volumes")).stream()
                .filter(volume -> !volume.has("emptyDir"))
                .forEach(volume -> expect(
                        workload,
                        workload.writableMounts().stream()
                                .noneMatch(mount -> mount.path("name").equals(volume.path("name"))),
                        "volume %s".formatted(volume.path("name"))));
    }

    private void expect(Workload workload, boolean confined, String field) {
        if (!confined) {
            problem(workload.title(), "is not confined: %s".formatted(field));
        }
    }

    private void isRestricted(JsonNode namespace) {
        if (!namespace
                .path("metadata")
                .path("labels")
                .path("pod-security.kubernetes.io/enforce")
                .asText()
                .equals("restricted")) {
            problem(title(namespace), "does not enforce the Pod Security Standard \"restricted\"");
        }
    }

    private void isSized(Workload workload) {
        JsonNode resources = workload.container().path("resources");
        JsonNode memory = resources.at("/requests/memory");
        if (memory.isMissingNode() || !memory.equals(resources.at("/limits/memory"))) {
            problem(workload.title(), "requests other memory than its limit");
        }
        if (!resources.path("requests").has("cpu") || resources.path("limits").has("cpu")) {
            problem(workload.title(), "requests no processors, or limits them");
        }
    }

    private void hasAnImageOfOneVersion(Workload workload) {
        String image = workload.container().path("image").asText();
        if (!image.matches(".+:(?!latest$)[a-z0-9.-]+")) {
            problem(workload.title(), "has the image %s of no certain version".formatted(image));
        }
    }
}
