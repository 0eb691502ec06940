package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.cluster.ClusterSettings;

/** Settings of a node of a farm of many. */
class ClusterSettingsTest {

    private static final Map<String, String> NODE = Map.of(
            "SADDLEFARM_FARM_MODE", "cluster",
            "SADDLEFARM_STORE_URL", "jdbc:postgresql://host/farm",
            "SADDLEFARM_CLUSTER_SEEDS", "one:25520, two:25521");

    @Test
    void aFarmIsOfOneNodeUnlessItIsToldOtherwise() {
        assertThat(ProcessSettings.read(null, Map.of()).cluster()).isNull();
    }

    @Test
    void aNodeFindsTheOthersBySeeds() {
        assertThat(ProcessSettings.read(null, NODE).cluster())
                .isEqualTo(new ClusterSettings("127.0.0.1", 25520, 7626, List.of("one:25520", "two:25521"), 3, null));
    }

    @Test
    void aNodeFindsTheOthersByKubernetes() {
        var environment = new HashMap<>(NODE);
        environment.remove("SADDLEFARM_CLUSTER_SEEDS");
        environment.put("SADDLEFARM_CLUSTER_DISCOVERY", "kubernetes");
        environment.put("SADDLEFARM_CLUSTER_HOST", "10.1.2.3");
        assertThat(ProcessSettings.read(null, environment).cluster())
                .isEqualTo(new ClusterSettings("10.1.2.3", 25520, 7626, List.of(), 3, null))
                .matches(ClusterSettings::looksForPods);
    }

    /** While a cluster works on the store, no second one begins. */
    @Test
    void theFirstSeedBeginsAClusterOnlyWhereThereIsNone() {
        var first = new ClusterSettings("one", 25520, 0, List.of("one:25520", "two:25521"), 3, null);
        assertThat(seedNodes(first, false))
                .containsExactly("akka://saddlefarm@one:25520", "akka://saddlefarm@two:25521");
        assertThat(seedNodes(first, true))
                .containsExactly("akka://saddlefarm@two:25521", "akka://saddlefarm@one:25520");
        var other = new ClusterSettings("three", 25520, 0, first.seeds(), 3, null);
        assertThat(seedNodes(other, true)).isEqualTo(seedNodes(first, false));
    }

    private static List<String> seedNodes(ClusterSettings settings, boolean founded) {
        return settings.config(ProcessSettings.read(null, Map.of()).farm(), () -> founded)
                .getStringList("akka.cluster.seed-nodes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SADDLEFARM_FARM_MODE                | clustered    | farm.mode must be single or cluster but was clustered
            SADDLEFARM_STORE_URL                | ''           | farm.mode = cluster needs a database that all nodes share: store.url
            SADDLEFARM_CLUSTER_SEEDS            | ''           | cluster.discovery = seeds needs cluster.seeds
            SADDLEFARM_CLUSTER_SEEDS            | one          | cluster.seeds must be host:port, separated by commas, but has one
            SADDLEFARM_CLUSTER_DISCOVERY        | kubernetes   | cluster.seeds is not used with cluster.discovery = kubernetes
            SADDLEFARM_CLUSTER_DISCOVERY        | dns          | cluster.discovery must be seeds or kubernetes but was dns
            SADDLEFARM_CLUSTER_PORT             | 65536        | cluster.port must be from 1 to 65535 but was 65536
            SADDLEFARM_CLUSTER_NODES            | 0            | cluster.nodes must be from 1 to 1000 but was 0
            SADDLEFARM_CLUSTER_TLS_DIRECTORY    | /no/such     | cluster.tls-directory: no such directory: /no/such
            SADDLEFARM_CLUSTER_SEED             | one:1        | SADDLEFARM_CLUSTER_SEED in the environment is no setting; did you mean SADDLEFARM_CLUSTER_SEEDS?
            """)
    void whatCannotBeIsToldBeforeAnythingBegins(String variable, String value, String message) {
        var environment = new HashMap<>(NODE);
        environment.put(variable, value);
        assertThatExceptionOfType(Misuse.class)
                .isThrownBy(() -> ProcessSettings.read(null, environment))
                .withMessageContaining(message);
    }
}
