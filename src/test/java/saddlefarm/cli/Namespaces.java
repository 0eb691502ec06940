package saddlefarm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import saddlefarm.Program;

/**
 * Network namespaces of this machine, numbered from 0, each with an address; they and this process reach one another by
 * a bridge, which is in a namespace of its own, so that no firewall of the machine is on their way. Root makes them.
 */
final class Namespaces implements AutoCloseable {

    /**
     * How many subnets of {@link #SUBNET_SIZE} are in 198.18.0.0/15, which RFC 2544 sets apart for tests of networks.
     */
    private static final int SUBNETS = 1 << 13;

    private static final int SUBNET_SIZE = 16;

    /** A link address that no interface has. */
    private static final String NOBODY = "02:00:00:00:00:01";

    // Of this process alone, for others may do the same meanwhile. Names of links have at most 15 characters.
    private final String name = "sf" + ProcessHandle.current().pid();
    private final int subnet = (int) (ProcessHandle.current().pid() % SUBNETS) * SUBNET_SIZE;
    private final int count;
    private final Thread hook = new Thread(this::delete);

    Namespaces(int count) {
        this.count = count;
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            make();
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    private void make() {
        ip("netns add %s".formatted(bridge()));
        ip("-n %s link add bridge type bridge".formatted(bridge()));
        ip("-n %s link set bridge up".formatted(bridge()));
        ip("link add %s type veth peer name port netns %s".formatted(name, bridge()));
        ip("-n %s link set port master bridge up".formatted(bridge()));
        ip("addr add %s/28 dev %s".formatted(here(), name));
        ip("link set %s up".formatted(name));
        for (int i = 0; i < count; i++) {
            ip("netns add %s".formatted(namespace(i)));
            ip("-n %s link set lo up".formatted(namespace(i)));
            ip("-n %s link add veth type veth peer name port%d netns %s".formatted(namespace(i), i, bridge()));
            ip("-n %s link set port%d master bridge up".formatted(bridge(), i));
            ip("-n %s addr add %s/28 dev veth".formatted(namespace(i), address(i)));
            ip("-n %s link set veth up".formatted(namespace(i)));
        }
    }

    private String bridge() {
        return name + "b";
    }

    private String namespace(int i) {
        return name + "n" + i;
    }

    /** The address of this process for them. */
    String here() {
        return host(1);
    }

    String address(int i) {
        return host(2 + i);
    }

    private String host(int number) {
        int host = subnet + number;
        return "198.%d.%d.%d".formatted(18 + (host >> 16), (host >> 8) & 255, host & 255);
    }

    /** The words that have a program run in one. */
    List<String> within(int i) {
        return List.of(Program.find("ip"), "netns", "exec", namespace(i));
    }

    /**
     * Cuts one off from the others, in both directions, so that packets are lost and nobody is told; this process still
     * reaches all.
     */
    void cut(int i) {
        forEachOther(i, "neigh replace %s lladdr " + NOBODY + " nud permanent dev veth");
    }

    void mend(int i) {
        forEachOther(i, "neigh del %s dev veth");
    }

    /** @param words with the address of the other side */
    private void forEachOther(int i, String words) {
        for (int other = 0; other < count; other++) {
            if (other != i) {
                ip("-n %s %s".formatted(namespace(i), words.formatted(address(other))));
                ip("-n %s %s".formatted(namespace(other), words.formatted(address(i))));
            }
        }
    }

    /** Their links go with them. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        delete();
    }

    private void delete() {
        ip("netns list")
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(namespace -> namespace.matches(name + "(b|n\\d+)"))
                .forEach(namespace -> ip("netns del %s".formatted(namespace)));
    }

    private static String ip(String words) {
        try {
            return Program.output(Path.of("."), "ip", List.of(words.split(" ", -1)));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
