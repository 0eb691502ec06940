package saddlefarm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import saddlefarm.store.PostgresDatabase;

/**
 * A real PostgreSQL server on a free port of this machine, unpacked from the class path: nothing has to be installed.
 *
 * <p>PostgreSQL refuses to run as root; for that user it is started as {@code nobody} by {@code setpriv}, which every
 * Linux has. (User namespaces would do without, but containers often have none.)
 */
public final class PostgresServer {

    public static final String USER = "farmer";
    public static final String PASSWORD = "a secret of the tests";

    private static final List<String> ARCHIVES =
            List.of("postgres-linux-x86_64.txz", "postgres-linux-arm_64.txz", "postgres-darwin-arm_64.txz");
    private static final String NOBODY = "65534";

    /**
     * Memory as a file system, where there is one with room: a database is three hundred files, and every test has one.
     */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final long ROOM = 1L << 30;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static @Nullable PostgresServer shared;

    private final Path root;
    private final Path data;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private @Nullable Process process;
    private @Nullable String withTables;

    /** The one of this JVM; nobody stops it. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Starts a new server without any database; it ends with this JVM. */
    public static PostgresServer start() {
        try {
            var server = new PostgresServer();
            Runtime.getRuntime().addShutdownHook(new Thread(server::remove));
            server.initialize();
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PostgresServer() throws IOException {
        root = Files.createTempDirectory("saddlefarm-postgres");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        boolean inMemory =
                Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM;
        data = Files.createTempDirectory(inMemory ? MEMORY : root, "saddlefarm-postgres");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    private void initialize() throws IOException {
        unpack();
        Path password = Files.writeString(root.resolve("password"), PASSWORD);
        if (isRoot()) {
            Files.setAttribute(data, "unix:uid", Integer.valueOf(NOBODY));
            Files.setAttribute(data, "unix:gid", Integer.valueOf(NOBODY));
        }
        Process initdb = run(
                "initdb",
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        try {
            if (initdb.waitFor() != 0) {
                throw new IOException("initdb failed: " + Files.readString(log()));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Starts a server that was killed, on the same port. */
    public void startAgain() throws IOException {
        // Sessions of a killed server take a moment to see that it is gone; a new one does not begin before.
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(this::starts);
    }

    private boolean starts() throws IOException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            // What was written outlives the processes without fsync, too; only the machine must not fail.
            process = run(
                    "postgres",
                    "-D",
                    data.toString(),
                    "-p",
                    String.valueOf(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=off");
        }
        try (var connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Ends the server as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        Objects.requireNonNull(process).destroyForcibly().waitFor();
    }

    /** Makes a database that nobody has used and returns its name. */
    public String newDatabase() throws SQLException {
        return copy("template1");
    }

    /** Makes a database with a farm's tables and nothing in them, which takes a tenth of the time that a farm takes. */
    public synchronized String newDatabaseWithTables() throws SQLException {
        if (withTables == null) {
            String name = newDatabase();
            database(name).open().close();
            withTables = name;
        }
        return copy(withTables);
    }

    private String copy(String template) throws SQLException {
        String name = "farm" + databases.incrementAndGet();
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE %s TEMPLATE %s".formatted(name, template));
        }
        return name;
    }

    public PostgresDatabase database(String name) {
        return new PostgresDatabase(url(name), USER, PASSWORD);
    }

    public String url(String database) {
        return url("127.0.0.1", database);
    }

    /** @param host that leads here, under the same port */
    public String url(String host, String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
    }

    /** Where it listens, on the loopback address. */
    public int port() {
        return port;
    }

    /** A connection beside those of farms. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, PASSWORD);
    }

    private Process run(String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.add(root.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return root.resolve("log");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void unpack() throws IOException {
        String archive = ARCHIVES.stream()
                .filter(name -> PostgresServer.class.getResource("/" + name) != null)
                .findFirst()
                .orElseThrow(() -> new IOException("no PostgreSQL on the class path"));
        try (InputStream packed = Objects.requireNonNull(PostgresServer.class.getResourceAsStream("/" + archive));
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path to = root.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(to);
                    continue;
                }
                Files.createDirectories(to.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, to);
                    Files.setPosixFilePermissions(
                            to,
                            PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private void remove() {
        try {
            if (process != null) {
                process.destroy(); // SIGTERM: as soon as its clients are gone
                if (!process.waitFor(2, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
            delete(data);
            delete(root);
        } catch (IOException | InterruptedException e) {
            System.err.println("cannot remove " + root + ": " + e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
