package saddlefarm.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import saddlefarm.farm.FarmSettings;

/** Akka Management's port, which is plain HTTP without a token, on a node that is a cluster by itself. */
class ManagementTest {

    private static final FarmSettings FARM = new FarmSettings(
            1,
            1,
            1_000_000,
            Duration.ofMillis(2),
            0,
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMinutes(1));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private ClusterSettings settings;
    private ActorSystem<Void> system;

    @BeforeEach
    void start() throws IOException {
        int port = freePort();
        settings = new ClusterSettings("127.0.0.1", port, freePort(), List.of("127.0.0.1:" + port), 1, null);
        system = ActorSystem.create(
                Behaviors.empty(),
                ClusterSettings.SYSTEM,
                settings.config(FARM, () -> false).withFallback(ConfigFactory.load()));
        ClusterNode.join(system, settings);
        await().until(this::isUp);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Test
    void tellsWhoIsAMember() throws Exception {
        assertThat(status("GET", "/cluster/members", "")).isEqualTo(200);
        assertThat(status("GET", "/cluster/members/" + address(), "")).isEqualTo(200);
        assertThat(status("GET", "/ready", "")).isEqualTo(200);
        assertThat(status("GET", "/alive", "")).isEqualTo(200);
    }

    /** The orders that Akka Management knows. */
    @Test
    void takesNoOrders() throws Exception {
        assertThat(status("POST", "/cluster/members", "address=akka://saddlefarm@127.0.0.1:1"))
                .isEqualTo(405);
        assertThat(status("PUT", "/cluster/members/" + address(), "operation=down"))
                .isEqualTo(405);
        assertThat(status("PUT", "/cluster/members/" + address(), "operation=leave"))
                .isEqualTo(405);
        assertThat(status("DELETE", "/cluster/members/" + address(), "")).isEqualTo(405);
        assertThat(status("PUT", "/cluster", "operation=prepare-for-full-shutdown"))
                .isEqualTo(404);
        assertThat(isUp()).isTrue();
    }

    private boolean isUp() {
        return Cluster.get(system).selfMember().status() == MemberStatus.up();
    }

    private String address() {
        return "saddlefarm@127.0.0.1:" + settings.port();
    }

    private int status(String method, String path, String form) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(settings.managementPort(), path)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, BodyPublishers.ofString(form))
                .build();
        return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    }
}
