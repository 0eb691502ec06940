package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.LauncherOptions;
import saddlefarm.PostgresServer;

/**
 * Farms on PostgreSQL, from outside: what is exported is what a farm on SQLite exports, whatever befalls the server.
 */
class PostgresFarmIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path shared;

    private static Map<String, String> expected = Map.of();

    @TempDir
    private Path directory;

    private final PostgresServer server = PostgresServer.shared();
    private final String database;
    private Path settings = Path.of("");

    PostgresFarmIT() throws SQLException {
        database = server.newDatabaseWithTables();
    }

    @BeforeAll
    static void trainOnSqlite() throws Exception {
        Path out = shared.resolve("sqlite");
        var result = Cli.run("run", experiment(), "--out", out, "--no-progress");
        assertThat(result.exitCode()).as(result.err()).isZero();
        expected = Cli.export(out, shared.resolve("export"));
        assertThat(expected.get("saddles.csv"))
                .hasLineCount(1 + 3 * (4 + 3)); // a header, and the saddles that each run leaves
    }

    @BeforeEach
    void writeSettings() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), PostgresServer.PASSWORD + "\n");
        settings = Files.writeString(
                directory.resolve("farm.conf"),
                "store { url = \"%s\", user = %s, password-file = \"%s\" }"
                        .formatted(server.url(database), PostgresServer.USER, password));
    }

    @Test
    void aFarmExportsWhatOneOnSqliteDoes() throws Exception {
        // Whoever tries the program before its tests has one.
        List<String> before = defaultDirectory();
        var result = Cli.run("run", experiment(), "--config", settings, "--no-progress");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("show RUN --config " + settings);
        assertThat(export()).isEqualTo(expected);
        assertThat(defaultDirectory()).isEqualTo(before);
        var json = Cli.run("run", experiment(), "--config", settings, "--no-progress", "--json");
        assertThat(json.out()).contains(server.url(database)).doesNotContain(PostgresServer.PASSWORD);
    }

    /**
     * Everything in the directory that is used where nothing else is named, with its time; nothing if there is none.
     */
    private static List<String> defaultDirectory() throws IOException {
        Path directory = Path.of("farm-out");
        if (!Files.exists(directory)) {
            return List.of();
        }
        List<String> entries = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted().toList()) {
                entries.add(path + " " + Files.getLastModifiedTime(path));
            }
        }
        return entries;
    }

    @Test
    void theEnvironmentSaysWhereTheResultsAreToo() throws Exception {
        Process farm = Cli.start(
                Map.of(
                        "SADDLEFARM_STORE_URL", server.url(database),
                        "SADDLEFARM_STORE_USER", PostgresServer.USER,
                        "SADDLEFARM_STORE_PASSWORD", PostgresServer.PASSWORD),
                LauncherOptions.VECTORS,
                directory.resolve("output"),
                "run",
                experiment(),
                "--no-progress");
        assertThat(farm.waitFor()).as(output()).isZero();
        assertThat(export()).isEqualTo(expected);
    }

    @Test
    void aFarmWhoseServerIsKilledTwiceGoesOnWhenItIsBack() throws Exception {
        Process farm = start();
        for (int kill = 0; kill < 2; kill++) {
            awaitMoreSteps();
            server.kill();
            // Longer than all restarts of a run would take, if the outage used them up.
            assertThat(farm.waitFor(8, TimeUnit.SECONDS)).isFalse();
            server.startAgain();
        }
        assertThat(farm.waitFor()).as(output()).isZero();
        assertThat(output().lines().filter(line -> line.contains("the store is away")))
                .hasSize(2);
        assertThat(output()).contains("the store is back");
        assertThat(export()).isEqualTo(expected);
    }

    @Test
    void aSlowStoreChangesNothing() throws Exception {
        try (var connection = server.connect(database);
                var statement = connection.createStatement()) {
            statement.execute("CREATE FUNCTION dawdle() RETURNS trigger AS"
                    + " $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$ LANGUAGE plpgsql");
            statement.execute(
                    "CREATE TRIGGER dawdle BEFORE INSERT ON checkpoint FOR EACH ROW EXECUTE FUNCTION dawdle()");
        }
        assertThat(start().waitFor()).as(output()).isZero();
        assertThat(export()).isEqualTo(expected);
    }

    @Test
    void aSecondFarmIsRefusedWhileReadersAreNot() throws Exception {
        Process farm = start();
        awaitMoreSteps();
        var second = Cli.run("run", experiment(), "--config", settings, "--no-progress");
        assertThat(second.exitCode()).isEqualTo(ExitCode.MISUSE);
        assertThat(second.err())
                .contains("another farm works on %s: saddlefarm, process %d on "
                        .formatted(server.url(database), farm.pid()));
        var runs = Cli.run("runs", "--config", settings);
        assertThat(runs.exitCode()).as(runs.err()).isZero();
        assertThat(farm.waitFor()).as(output()).isZero();
        assertThat(export()).isEqualTo(expected);
    }

    @Test
    void aFarmThatLosesItsLockToAnotherOneEndsAndTheSameCommandGoesOn() throws Exception {
        Process farm = start();
        awaitMoreSteps();
        try (var other = server.connect(database)) {
            // Waits for the lock, and has it as soon as the farm's session is over.
            var waiting = CompletableFuture.runAsync(() -> take(other));
            await().atMost(PATIENCE).until(() -> sessions("wait_event = 'advisory'") == 1);
            sessions("application_name LIKE 'saddlefarm, process %d on %%' AND pg_terminate_backend(pid)"
                    .formatted(farm.pid()));
            waiting.join();
            assertThat(farm.waitFor()).as(output()).isEqualTo(ExitCode.FAILURE);
        }
        assertThat(output())
                .contains("saddlefarm run: another farm works on " + server.url(database))
                .doesNotContain("failed", "\tat ");
        assertThat(start().waitFor()).as(output()).isZero();
        assertThat(export()).isEqualTo(expected);
    }

    /** Takes the lock that a farm has, whichever it is. */
    private static void take(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_lock(key, hashtext(current_schema())) FROM (SELECT classid::bigint::int"
                            + " AS key FROM pg_locks JOIN pg_database ON database = pg_database.oid"
                            + " WHERE locktype = 'advisory' AND datname = current_database() LIMIT 1) AS held");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many sessions of this database are such. */
    private int sessions(String which) throws SQLException {
        try (var connection = server.connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND " + which)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static Path experiment() throws Exception {
        return Files.writeString(shared.resolve("ladders.conf"), Disturbances.LADDERS);
    }

    private Process start() throws Exception {
        return Cli.start(
                LauncherOptions.VECTORS,
                directory.resolve("output"),
                "run",
                experiment(),
                "--config",
                settings,
                "--no-progress");
    }

    private String output() throws Exception {
        return Files.exists(directory.resolve("output")) ? Files.readString(directory.resolve("output")) : "";
    }

    private void awaitMoreSteps() {
        long before = steps();
        await().atMost(PATIENCE).until(() -> steps() > before);
    }

    private long steps() {
        try (var store = server.database(database).openReadOnly()) {
            return store.runs().stream()
                    .mapToLong(
                            run -> run.progress() == null ? 0 : run.progress().step())
                    .sum();
        }
    }

    private Map<String, String> export() throws Exception {
        Path to = directory.resolve("export");
        var result = Cli.run("export", "--config", settings, "--format", "csv", "--to", to);
        assertThat(result.exitCode()).as(result.err()).isZero();
        var files = new TreeMap<String, String>();
        try (Stream<Path> paths = Files.list(to)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }
}
