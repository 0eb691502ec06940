package saddlefarm.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import saddlefarm.farm.FarmSettings;

/**
 * Where a node is and how it finds the others.
 *
 * @param host address that the others reach it at
 * @param port of that
 * @param managementPort of Akka Management, where nodes that look for each other ask, and its health
 * @param seeds the nodes that are asked for the way into the cluster, as {@code host:port}; empty to look for pods
 * @param nodes that have to be seen before a new cluster begins, where pods are looked for
 * @param tls directory with {@code tls.crt}, {@code tls.key} and {@code ca.crt}; null for no encryption
 */
public record ClusterSettings(
        String host,
        int port,
        int managementPort,
        List<String> seeds,
        int nodes,
        @Nullable Path tls) {

    /** Name of the actor system, which all nodes share; the label of pods that are looked for. */
    public static final String SYSTEM = "saddlefarm";

    /**
     * How Akka is set up for it, on top of what a farm of one node has.
     *
     * @param founded whether there is a cluster on the store, asked where seeds are: this node joins it then, and
     *     begins none, even if it cannot reach the others now
     */
    public Config config(FarmSettings farm, BooleanSupplier founded) {
        Map<String, Object> values = new HashMap<>();
        values.put("akka.cluster.roles", NodeCapacity.of(farm).roles());
        values.put("akka.remote.artery.canonical.hostname", host);
        values.put("akka.remote.artery.canonical.port", port);
        values.put("akka.management.http.hostname", host);
        values.put("akka.management.http.port", managementPort);
        if (looksForPods()) {
            values.put("akka.management.cluster.bootstrap.contact-point-discovery.service-name", SYSTEM);
            values.put("akka.management.cluster.bootstrap.contact-point-discovery.required-contact-point-nr", nodes);
        } else {
            values.put("akka.cluster.seed-nodes", seedNodes(founded.getAsBoolean()));
        }
        if (tls != null) {
            values.put("akka.remote.artery.transport", "tls-tcp");
            String engine = "akka.remote.artery.ssl.rotating-keys-engine.";
            values.put(engine + "key-file", tls.resolve("tls.key").toString());
            values.put(engine + "cert-file", tls.resolve("tls.crt").toString());
            values.put(engine + "ca-cert-file", tls.resolve("ca.crt").toString());
        }
        return ConfigFactory.parseMap(values, "settings of the cluster")
                .withFallback(ConfigFactory.parseResources(ClusterSettings.class, "cluster.conf"));
    }

    /** Of a node that is the first of them, and of no other, Akka begins a cluster where it finds none. */
    private List<String> seedNodes(boolean founded) {
        List<String> ordered = new ArrayList<>(seeds);
        String own = host + ":" + port;
        if (founded && ordered.remove(own)) {
            ordered.add(own);
        }
        return ordered.stream()
                .map(seed -> "akka://%s@%s".formatted(SYSTEM, seed))
                .toList();
    }

    /** Whether the other nodes are pods that Kubernetes knows. */
    public boolean looksForPods() {
        return seeds.isEmpty();
    }
}
