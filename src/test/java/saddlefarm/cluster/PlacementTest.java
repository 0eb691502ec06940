package saddlefarm.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.actor.Address;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Adapter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import saddlefarm.cluster.Placement.Node;
import scala.collection.immutable.IndexedSeq;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** Which node a run goes to, and which runs move. */
class PlacementTest {

    @Test
    void aRunGoesToTheNodeWithTheFewestForItsProcessors() {
        var small = node("small", 2, 1, 1, 1);
        var large = node("large", 8, 1, 1, 1, 1, 1, 1);
        assertThat(Placement.leastLoaded(List.of(small, large)).region()).isEqualTo("large");
        large.runs().put("large-more", 6);
        assertThat(Placement.leastLoaded(List.of(small, large)).region()).isEqualTo("large");
        large.runs().put("large-most", 4);
        assertThat(Placement.leastLoaded(List.of(small, large)).region()).isEqualTo("small");
    }

    @Test
    void aFewRunsAreSpreadOneByOne() {
        List<Node<String>> nodes = List.of(node("a", 1), node("b", 1), node("c", 1));
        for (int run = 0; run < 6; run++) {
            Placement.leastLoaded(nodes).runs().put("run " + run, 1);
        }
        assertThat(nodes).allSatisfy(node -> assertThat(node.runs()).hasSize(2));
    }

    @Test
    void shardsMoveToANodeThatIsNewUntilNoneHasClearlyMore() {
        var nodes = new ArrayList<>(List.of(node("a", 1, ones(9)), node("b", 1, ones(9)), node("new", 1)));
        Set<String> moves = Placement.moves(nodes);
        assertThat(moves).hasSize(6).allMatch(shard -> !shard.startsWith("new"));
        assertThat(nodes).allSatisfy(node -> assertThat(node.runs()).hasSize(6));
        assertThat(Placement.moves(nodes)).isEmpty();
    }

    @Test
    void nodesGetRunsByTheirProcessors() {
        List<Node<String>> nodes = List.of(node("small", 1, ones(12)), node("large", 3));
        Placement.moves(nodes);
        assertThat(nodes.get(0).runs()).hasSize(3);
        assertThat(nodes.get(1).runs()).hasSize(9);
    }

    /** Of another version, or about to leave. */
    @Test
    void aNodeThatTakesNoRunsKeepsNone() {
        List<Node<String>> nodes = List.of(node("old", 0, 1, 2), node("new", 1, ones(9)), node("idle", 0));
        assertThat(Placement.leastLoaded(nodes).region()).isEqualTo("new");
        assertThat(Placement.moves(nodes)).hasSize(2).allMatch(shard -> shard.startsWith("old"));
        assertThat(Placement.moves(List.of(node("old", 0, 1, 2), node("idle", 0))))
                .isEmpty();
    }

    /** A move costs a commit and a beginning: not to gain nothing, and not back and forth. */
    @Test
    void nothingMovesThatWouldOnlyChangePlaces() {
        assertThat(Placement.moves(List.of(node("a", 1, 1, 1), node("b", 1, 1))))
                .isEmpty();
        assertThat(Placement.moves(List.of(node("a", 1, 7), node("b", 1)))).isEmpty();
        assertThat(Placement.moves(List.of(node("a", 1, ones(21)), node("b", 1, ones(20)))))
                .isEmpty();
        assertThat(Placement.moves(List.of(node("a", 1, ones(5))))).isEmpty();
    }

    @Test
    void shardsWithoutRunsStay() {
        assertThat(Placement.moves(List.of(node("a", 1, 0, 0, 0, 0), node("b", 1))))
                .isEmpty();
    }

    @Test
    void onlySomeMoveAtOnce() {
        assertThat(Placement.moves(List.of(node("a", 1, ones(400)), node("b", 1))))
                .hasSize(20);
    }

    /** One that is lost hands nothing over, and who waits for it trains nothing. */
    @Test
    void nothingMovesWhileSomethingMovesOrANodeIsNotReached() throws Exception {
        var kit = ActorTestKit.create();
        try {
            Address here = new Address("akka", "saddlefarm", "127.0.0.1", 2551);
            var allReached = new AtomicBoolean(true);
            var placement = new Placement(here, () -> Map.of(here, new NodeCapacity(1, 100, 1 << 30)), allReached::get);
            var allocations = new HashMap<ActorRef, IndexedSeq<String>>();
            allocations.put(region(kit), shards("1", "2", "3", "4"));
            allocations.put(region(kit), shards());
            assertThat(moves(placement, allocations, Set.of())).hasSize(2);
            assertThat(moves(placement, allocations, Set.of("4"))).isEmpty();
            allReached.set(false);
            assertThat(moves(placement, allocations, Set.of())).isEmpty();
            allReached.set(true);
            assertThat(moves(placement, allocations, Set.of())).hasSize(2);
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static Set<String> moves(
            Placement placement, Map<ActorRef, IndexedSeq<String>> allocations, Set<String> moving) throws Exception {
        return FutureConverters.asJava(placement.rebalance(allocations, moving))
                .toCompletableFuture()
                .get(10, SECONDS);
    }

    private static ActorRef region(ActorTestKit kit) {
        return Adapter.toClassic(kit.createTestProbe().getRef());
    }

    private static IndexedSeq<String> shards(String... ids) {
        return CollectionConverters.asScala(List.of(ids)).toIndexedSeq();
    }

    private static int[] ones(int count) {
        return IntStream.generate(() -> 1).limit(count).toArray();
    }

    /** @param runs of each of its shards */
    private static Node<String> node(String name, int parallel, int... runs) {
        Map<String, Integer> shards = new HashMap<>();
        for (int i = 0; i < runs.length; i++) {
            shards.put("%s-%03d".formatted(name, i), runs[i]);
        }
        return new Node<>(name, parallel, shards);
    }
}
