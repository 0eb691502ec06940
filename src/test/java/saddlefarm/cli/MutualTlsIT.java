package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import saddlefarm.PostgresServer;

/** Nodes that show each other certificates. */
class MutualTlsIT extends ClusterRuns {

    /** The one of all nodes, as in {@code k8s/overlays/production}. */
    private static final String NAME = "dns:node.saddlefarm.internal";

    @Test
    void onlyNodesWithTheNameAndTheAuthorityBecomeMembers() throws Exception {
        var authority = new Authority(directory.resolve("authority"));
        var other = new Authority(directory.resolve("other"));
        List<NodePlace> free = NodePlace.onLoopback(5);
        var places = List.of(
                with(authority.issuePkcs1(NAME), free.get(0)),
                with(authority.issuePkcs8(NAME), free.get(1)),
                with(other.issuePkcs1(NAME), free.get(2)),
                with(authority.issuePkcs1("dns:other.saddlefarm.internal"), free.get(3)),
                free.get(4)); // without encryption
        try (var nodes = new ClusterNodes(directory, PostgresServer.shared(), places)) {
            nodes.start(0);
            nodes.start(1);
            nodes.awaitMembers(2);
            submit(nodes, 1);
            nodes.awaitProgressOfAll();
            for (int stranger = 2; stranger < 5; stranger++) {
                nodes.start(stranger);
            }
            for (int stranger = 2; stranger < 5; stranger++) {
                // A node that finds nobody to join ends.
                assertThat(nodes.awaitEnd(stranger)).isEqualTo(1);
                assertThat(nodes.output(stranger)).contains("no node has let this one into its cluster");
                assertThat(nodes.committed(stranger)).isFalse();
            }
            nodes.awaitMembers(2);
            assertThatAllCompleteAsOnOneNode(nodes);
            assertThat(nodes.committed(0)).isTrue();
            assertThat(nodes.committed(1)).isTrue();
        }
    }

    private static NodePlace with(Path certificate, NodePlace place) {
        return place.with(Map.of("SADDLEFARM_CLUSTER_TLS_DIRECTORY", certificate.toString()));
    }
}
