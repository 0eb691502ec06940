package saddlefarm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What nodes ask of Kubernetes: a server that lists the pods of a farm to whom shows the token of its account. */
final class KubernetesApi implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "farms";
    private static final String TOKEN = "token-of-the-service-account";

    private final Path account;
    private final HttpsServer server;
    private final Map<String, Pod> pods = new ConcurrentHashMap<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    /** @param account directory for what Kubernetes would mount into a pod; must not exist */
    KubernetesApi(Path account) throws Exception {
        this.account = account;
        var authority = new Authority(account);
        Files.writeString(account.resolve("token"), TOKEN);
        Files.writeString(account.resolve("namespace"), NAMESPACE);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.server("ip:127.0.0.1")));
        server.createContext("/", this::answer);
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** What a pod finds in its environment, and where this account is instead of in {@code /var/run/secrets}. */
    Map<String, String> environment() {
        String keys = "-Dakka.discovery.kubernetes-api.";
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                server.getAddress().getAddress().getHostAddress(),
                "KUBERNETES_SERVICE_PORT",
                String.valueOf(server.getAddress().getPort()),
                "JAVA_TOOL_OPTIONS",
                String.join(
                        " ",
                        keys + "api-ca-path=" + account.resolve("ca.crt"),
                        keys + "api-token-path=" + account.resolve("token"),
                        keys + "pod-namespace-path=" + account.resolve("namespace")));
    }

    /** @param phase such as {@code Running} */
    void setPod(NodePlace place, String phase) {
        pods.put(
                place.host(),
                new PodBuilder()
                        .withNewMetadata()
                        .withName("saddlefarm-" + place.host())
                        .withNamespace(NAMESPACE)
                        .addToLabels("app", "saddlefarm")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("saddlefarm")
                        .addToPorts(port("http", place.apiPort()))
                        .addToPorts(port("management", place.managementPort()))
                        .addToPorts(port("artery", place.port()))
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPhase(phase)
                        .withPodIP(place.host())
                        .endStatus()
                        .build());
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    /** How often the pods were listed. */
    int answers() {
        return answers.get();
    }

    /** What was asked for that a farm has no right to, or no need of. */
    List<String> refusals() {
        return refusals;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            if (!("Bearer " + TOKEN).equals(token)) {
                refusals.add(asked + " by " + token);
                exchange.sendResponseHeaders(401, -1);
            } else if (!asked.equals(
                    "GET /api/v1/namespaces/%s/pods?labelSelector=app%%3Dsaddlefarm".formatted(NAMESPACE))) {
                refusals.add(asked);
                exchange.sendResponseHeaders(403, -1);
            } else {
                byte[] body = JSON.writeValueAsBytes(new PodListBuilder()
                        .withItems(List.copyOf(pods.values()))
                        .build());
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                answers.incrementAndGet();
            }
        }
    }
}
