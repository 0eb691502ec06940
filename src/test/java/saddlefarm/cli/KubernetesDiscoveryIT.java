package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import saddlefarm.PostgresServer;

/** Nodes that ask Kubernetes for one another. */
class KubernetesDiscoveryIT extends ClusterRuns {

    /** More than a node needs to begin a cluster, which is a few seconds of one each. */
    private static final int ENOUGH = 15;

    @Test
    void aClusterBeginsWhenAsManyPodsRunAsItWants() throws Exception {
        try (var kubernetes = new KubernetesApi(directory.resolve("account"))) {
            var variables = new HashMap<>(kubernetes.environment());
            variables.putAll(Map.of(
                    "SADDLEFARM_CLUSTER_DISCOVERY", "kubernetes",
                    "SADDLEFARM_CLUSTER_SEEDS", "",
                    "SADDLEFARM_CLUSTER_NODES", "2"));
            List<NodePlace> places = NodePlace.at("127.0.0.2", "127.0.0.3").stream()
                    .map(place -> place.with(variables))
                    .toList();
            try (var nodes = new ClusterNodes(directory, PostgresServer.shared(), places)) {
                kubernetes.setPod(places.get(0), "Running");
                kubernetes.setPod(places.get(1), "Pending");
                nodes.start(0);
                await().atMost(ClusterNodes.PATIENCE).until(() -> kubernetes.answers() >= ENOUGH);
                assertThat(nodes.managementStatus(0, "/alive")).isEqualTo(200);
                assertThat(nodes.managementStatus(0, "/ready")).isEqualTo(500);

                kubernetes.setPod(places.get(1), "Running");
                nodes.start(1);
                nodes.awaitMembers(2);
                assertThat(nodes.managementStatus(0, "/ready")).isEqualTo(200);
                assertThat(nodes.managementStatus(1, "/ready")).isEqualTo(200);
                submit(nodes, 0);
                assertThatAllCompleteAsOnOneNode(nodes);
                assertThat(nodes.committed(0)).isTrue();
                assertThat(nodes.committed(1)).isTrue();
            }
            assertThat(kubernetes.refusals()).isEmpty();
        }
    }
}
