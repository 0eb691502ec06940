package saddlefarm.cluster;

import akka.actor.ActorRef;
import akka.actor.Address;
import akka.cluster.sharding.ShardCoordinator;
import akka.cluster.sharding.typed.HashCodeMessageExtractor;
import akka.cluster.typed.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which node a run lives on. Runs are spread over many shards by their ids; a shard goes to the node that has the
 * fewest active runs for its processors, and moves when another one has clearly fewer.
 *
 * <p>The head tells which runs are active. The coordinator of the shards lives beside it, for both are where the oldest
 * node is; while one of them moves, shards are counted instead.
 */
final class Placement extends ShardCoordinator.AbstractShardAllocationStrategy {

    /** Many more than nodes, so that a few runs are in shards of their own. The same in every version. */
    private static final int SHARDS = 1000;

    /** Shards that move at once, at most: each commits and begins again. */
    private static final int MOST_MOVES = 20;

    /** A node may have so many more runs for each of its processors than another, in parts of the other's. */
    private static final double TOLERANCE = 0.1;

    /** Tells the shard of a run. */
    static final HashCodeMessageExtractor<RunEntity.Command> EXTRACTOR = new HashCodeMessageExtractor<>(SHARDS);

    private final Address here;
    private final Supplier<Map<Address, NodeCapacity>> capacities;
    private final BooleanSupplier allReached;
    private final Map<String, Integer> activeRuns = new ConcurrentHashMap<>();

    Placement(Cluster cluster) {
        this(
                cluster.selfMember().address(),
                () -> NodeCapacity.ofEach(cluster),
                () -> cluster.state().getUnreachable().isEmpty());
    }

    /**
     * Of nodes that are known otherwise than by a cluster.
     *
     * @param here this node's address
     * @param capacities of each node that takes runs
     * @param allReached whether no node has lost another
     */
    Placement(Address here, Supplier<Map<Address, NodeCapacity>> capacities, BooleanSupplier allReached) {
        this.here = here;
        this.capacities = capacities;
        this.allReached = allReached;
    }

    // --- what the head tells ---

    void begun(String run) {
        activeRuns.merge(shard(run), 1, Integer::sum);
    }

    void ended(String run) {
        activeRuns.computeIfPresent(shard(run), (shard, runs) -> runs == 1 ? null : runs - 1);
    }

    private static String shard(String run) {
        return EXTRACTOR.shardId(run);
    }

    // --- what the coordinator asks ---

    @Override
    public Future<ActorRef> allocateShard(
            ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> allocations) {
        return Future.successful(leastLoaded(nodes(allocations)).region);
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> allocations, Set<String> moving) {
        // While some move nothing is known of where they will be, and a node that may be lost hands nothing over.
        boolean still = moving.isEmpty() && allReached.getAsBoolean();
        return Future.successful(still ? moves(nodes(allocations)) : Set.of());
    }

    /**
     * A node, and the runs that it has.
     *
     * @param parallel trainings that compute there at the same moment; 0 of a node that takes no runs any more
     * @param runs active ones of each shard that it has; may be changed
     */
    record Node<R>(R region, int parallel, Map<String, Integer> runs) {

        /** Runs for each training that computes at the same moment, if there were more. */
        private double load(int more) {
            int all = runs.values().stream().mapToInt(Integer::intValue).sum() + more;
            return all == 0 ? 0 : all / (double) parallel;
        }
    }

    /** The node that would be the least loaded with one more run. */
    static <R> Node<R> leastLoaded(List<Node<R>> nodes) {
        return nodes.stream()
                .min(Comparator.comparingDouble(node -> node.load(1)))
                .orElseThrow();
    }

    /** The shards that should move so that no node has clearly more to do than another. */
    static <R> Set<String> moves(List<Node<R>> nodes) {
        var moves = new HashSet<String>();
        while (nodes.size() > 1 && moves.size() < MOST_MOVES) {
            Node<R> most = nodes.stream()
                    .max(Comparator.comparingDouble(node -> node.load(0)))
                    .orElseThrow();
            Node<R> least = leastLoaded(nodes);
            var shard = most.runs.entrySet().stream()
                    .filter(each -> each.getValue() > 0)
                    .min(Comparator.<Map.Entry<String, Integer>>comparingInt(Map.Entry::getValue)
                            .thenComparing(Map.Entry::getKey));
            if (shard.isEmpty() || most.load(0) <= least.load(0) * (1 + TOLERANCE)) {
                break;
            }
            int runs = shard.get().getValue();
            if (least.load(runs) >= most.load(0)) {
                break;
            }
            moves.add(shard.get().getKey());
            most.runs.remove(shard.get().getKey());
            least.runs.put(shard.get().getKey(), runs);
        }
        return moves;
    }

    /** The nodes of all regions. Those that take no runs, such as of another version, keep none. */
    private List<Node<ActorRef>> nodes(Map<ActorRef, IndexedSeq<String>> allocations) {
        Map<Address, NodeCapacity> known = capacities.get();
        var nodes = new ArrayList<Node<ActorRef>>();
        allocations.forEach((region, shards) -> {
            @Nullable NodeCapacity capacity = known.get(address(region));
            nodes.add(new Node<>(region, capacity == null ? 0 : capacity.parallel(), runs(shards)));
        });
        return nodes;
    }

    private Map<String, Integer> runs(IndexedSeq<String> shards) {
        var runs = new HashMap<String, Integer>();
        boolean known = !activeRuns.isEmpty();
        CollectionConverters.asJava(shards)
                .forEach(shard -> runs.put(shard, known ? activeRuns.getOrDefault(shard, 0) : 1));
        return runs;
    }

    private Address address(ActorRef region) {
        Address address = region.path().address();
        return address.hasLocalScope() ? here : address;
    }
}
