package saddlefarm.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a node of a cluster is.
 *
 * @param host address of all three ports: that for the other nodes, Akka Management's, and the API's
 * @param environment variables besides those of every node, which win over them
 * @param within words that start its process somewhere else on this machine
 */
record NodePlace(
        String host, int port, int managementPort, int apiPort, Map<String, String> environment, List<String> within) {

    /** On the loopback address, with ports of their own. */
    static List<NodePlace> onLoopback(int nodes) throws IOException {
        List<Integer> ports = freePorts(3 * nodes);
        var places = new ArrayList<NodePlace>();
        for (int node = 0; node < nodes; node++) {
            places.add(at("127.0.0.1", ports.subList(3 * node, 3 * node + 3)));
        }
        return places;
    }

    /** On addresses of their own, with the same ports, as pods are. */
    static List<NodePlace> at(String... hosts) throws IOException {
        List<Integer> ports = freePorts(3);
        return List.of(hosts).stream().map(host -> at(host, ports)).toList();
    }

    private static NodePlace at(String host, List<Integer> ports) {
        return new NodePlace(host, ports.get(0), ports.get(1), ports.get(2), Map.of(), List.of());
    }

    /** On any address. */
    private static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0));
        }
        var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    NodePlace with(Map<String, String> variables) {
        var all = new HashMap<>(environment);
        all.putAll(variables);
        return new NodePlace(host, port, managementPort, apiPort, all, within);
    }

    NodePlace within(List<String> words) {
        return new NodePlace(host, port, managementPort, apiPort, environment, words);
    }

    /** For the other nodes. */
    String address() {
        return host + ":" + port;
    }
}
