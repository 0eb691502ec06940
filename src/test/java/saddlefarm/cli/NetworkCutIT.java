package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import saddlefarm.PostgresServer;

/** Nodes on a network of their own, which is cut: each still reaches the database. */
class NetworkCutIT extends ClusterRuns {

    @Test
    @DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*\\bnetns\\b.*")
    void aNodeThatIsCutOffEndsAndItsRunsGoOnElsewhere() throws Exception {
        var server = PostgresServer.shared();
        try (var network = new Namespaces(3);
                var forwarder = new Forwarder(network.here(), server.port());
                var nodes = new ClusterNodes(directory, server, forwarder.host(), places(network))) {
            nodes.startAll();
            // the first seed, which leads and holds the head's lock in the database, then one that does not lead
            cutOff(0, nodes, network);
            nodes.start(0);
            // It would begin a cluster, if it did not see in the database that there is one.
            await().atMost(ClusterNodes.PATIENCE)
                    .until(() -> nodes.lastOutput(0).contains("Couldn't join seed nodes"));
            assertThat(nodes.isMember(0)).isFalse();
            nodes.awaitProgressOfAll();
            network.mend(0);
            nodes.awaitMembers(3);

            int other = (nodes.head() + 1) % 3;
            cutOff(other, nodes, network);
            network.mend(other);
            nodes.start(other);
            nodes.awaitMembers(3);
            assertThatAllCompleteAsOnOneNode(nodes);
            assertThat(nodes.output()).doesNotContain("the store is away");
        }
    }

    private static List<NodePlace> places(Namespaces network) throws Exception {
        List<NodePlace> places =
                NodePlace.at(IntStream.range(0, 3).mapToObj(network::address).toArray(String[]::new));
        return IntStream.range(0, 3)
                .mapToObj(node -> places.get(node).within(network.within(node)))
                .toList();
    }

    /** Until it has ended. */
    private void cutOff(int node, ClusterNodes nodes, Namespaces network) throws Exception {
        // More than are trained until it ends: so long all three go on.
        submit(nodes, node);
        submit(nodes, node);
        nodes.awaitProgressOfAll();
        assertThat(nodes.committed(node)).isTrue();
        network.cut(node);
        assertThat(nodes.awaitEnd(node)).isEqualTo(1);
        assertThat(nodes.output(node)).contains("the other nodes could not reach this one");
        assertThat(nodes.runs("running")).isPositive();
        nodes.awaitMembers(2);
        nodes.awaitProgressOfAll();
    }
}
