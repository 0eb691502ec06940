package saddlefarm.cluster;

import akka.actor.Address;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import saddlefarm.experiment.Arithmetic;
import saddlefarm.farm.FarmSettings;

/**
 * What a node carries. The others know it from the roles of the cluster's members, for it never changes while a node
 * lives.
 *
 * @param parallel trainings that compute at the same moment
 * @param runs that train by turns, at most
 * @param bytes that these may need together
 */
record NodeCapacity(int parallel, int runs, long bytes) {

    private static final String PARALLEL = "parallel-";
    private static final String RUNS = "runs-";
    private static final String BYTES = "bytes-";

    /** Nodes of another version compute otherwise, and cannot go on with the same runs. */
    private static final String ARITHMETIC = "arithmetic-" + Arithmetic.VERSION;

    static NodeCapacity of(FarmSettings settings) {
        return new NodeCapacity(settings.parallel(), settings.maxActiveRuns(), settings.maxMemory());
    }

    static NodeCapacity of(Member member) {
        return new NodeCapacity(
                Math.toIntExact(value(member, PARALLEL)), Math.toIntExact(value(member, RUNS)), value(member, BYTES));
    }

    /** Of each node that takes runs: shards are on members that are up, and runs on those that compute as this one. */
    static Map<Address, NodeCapacity> ofEach(Cluster cluster) {
        Map<Address, NodeCapacity> capacities = new HashMap<>();
        for (Member member : cluster.state().getMembers()) {
            if (member.status() == MemberStatus.up() && member.hasRole(ARITHMETIC)) {
                capacities.put(member.address(), of(member));
            }
        }
        return capacities;
    }

    /** Of all of them together; 0 of each where there is none. */
    static NodeCapacity ofAll(Cluster cluster) {
        return ofEach(cluster).values().stream().reduce(new NodeCapacity(0, 0, 0), NodeCapacity::plus);
    }

    List<String> roles() {
        return List.of(PARALLEL + parallel, RUNS + runs, BYTES + bytes, ARITHMETIC);
    }

    private NodeCapacity plus(NodeCapacity other) {
        return new NodeCapacity(parallel + other.parallel, runs + other.runs, bytes + other.bytes);
    }

    private static long value(Member member, String role) {
        return member.getRoles().stream()
                .filter(each -> each.startsWith(role))
                .mapToLong(each -> Long.parseLong(each.substring(role.length())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "node %s does not tell its capacity: %s".formatted(member.address(), member.getRoles())));
    }
}
