package saddlefarm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.CommitDraft;
import saddlefarm.PostgresServer;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreAwayException;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.StoredFinding;

/** The store in PostgreSQL, whose sessions may be lost, and which several farms can reach. */
class PostgresRunStoreTest extends SqlRunStoreTest {

    private final PostgresServer server = PostgresServer.shared();
    private final String name;

    PostgresRunStoreTest() throws SQLException {
        name = server.newDatabaseWithTables();
    }

    @Override
    ResultsPlace newPlace() {
        return server.database(name);
    }

    @Override
    String database() {
        return server.url(name);
    }

    @Override
    Connection connect() throws SQLException {
        return server.connect(name);
    }

    @Override
    String binary() {
        return "BYTEA";
    }

    @Override
    String change(Damage damage) {
        return switch (damage) {
            case FLIPPED -> "state = set_byte(state, 40, 255 - get_byte(state, 40))";
            case CUT_OFF -> "state = substr(state, 1, length(state) - 1)";
            case EMPTY -> "state = ''";
            case OTHER_LENGTH -> "length = length + 1";
            case OTHER_CHECKSUM -> "checksum = checksum + 1";
            case SOUND_BYTES_OF_SOMETHING_ELSE -> SOMETHING_ELSE.formatted(binary());
        };
    }

    // --- lost connections ---

    @Test
    void aLostConnectionIsReplacedByTheNextCall() throws SQLException {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        endSessions();
        assertThat(commit(new CommitDraft(run, epoch, 20).rows(TestRuns.row(20))))
                .isTrue();
        endSessions();
        assertThat(steps(run)).containsExactly(0L, 20L);
    }

    /** Whether the server stored it or not, the run goes on from what is there. */
    @Test
    void nobodyKnowsWhetherACommitIsStoredWhoseConnectionIsLostMeanwhile() throws SQLException {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        execute("CREATE FUNCTION lose() RETURNS trigger AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid());"
                + " RETURN NULL; END $$ LANGUAGE plpgsql");
        execute("CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON checkpoint INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION lose()");
        assertThatExceptionOfType(StoreAwayException.class)
                .isThrownBy(() -> commit(new CommitDraft(run, epoch, 20).rows(TestRuns.row(20))))
                .returns(true, StoreAwayException::undecided);
        execute("DROP TRIGGER lose ON checkpoint");
        var claim = store.claim(run);
        assertThat(claim.checkpoint()).isNotNull();
        assertThat(steps(run)).containsExactly(0L);
        assertThat(commit(new CommitDraft(run, claim.epoch(), 20).rows(TestRuns.row(20))))
                .isTrue();
    }

    /** As after a cut of the network, of which the server learns nothing. */
    /** A server that is being looked after, or a standby until it is promoted: the farm waits for it. */
    @Test
    void aDatabaseThatTakesNoWritesIsAwayUntilItDoes() throws SQLException {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        readOnly(true);
        endSessions();
        assertThatExceptionOfType(StoreAwayException.class)
                .isThrownBy(() -> commit(new CommitDraft(run, epoch, 20).rows(TestRuns.row(20))))
                .returns(false, StoreAwayException::undecided);
        assertThat(steps(run)).containsExactly(0L);

        readOnly(false);
        endSessions();
        assertThat(commit(new CommitDraft(run, epoch, 20).rows(TestRuns.row(20))))
                .isTrue();
        assertThat(steps(run)).containsExactly(0L, 20L);
    }

    private void readOnly(boolean on) throws SQLException {
        try (var connection = server.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE %s SET default_transaction_read_only = %b".formatted(name, on));
        }
    }

    @Test
    void aFarmTakesItsLockBackFromItsOwnSessionThatTheServerStillHas() throws SQLException {
        var farm = server.database(server.newDatabase());
        Connection lost = farm.connectForWriting();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> farm.reconnect(lost));
        await().ignoreExceptions().until(() -> {
            farm.reconnect(lost).close();
            return true;
        });
        lost.close();
    }

    @Test
    void aReaderWhoseConnectionIsLostSeesNoOtherMoment() throws SQLException {
        try (var reader = place.openReadOnly()) {
            assertThat(reader.runs()).hasSize(3);
            endSessions();
            assertThatExceptionOfType(StoreException.class).isThrownBy(reader::runs);
            assertThatExceptionOfType(StoreException.class).isThrownBy(reader::runs);
        }
    }

    // --- two that write ---

    /** Or who has seen the greater number would never see the other's finding. */
    @Test
    void noFindingIsNumberedWhileAnotherTransactionNumbersSome() throws Exception {
        long epoch = store.claim(run).epoch();
        var thread = Executors.newSingleThreadExecutor();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE ownership SET last_finding = 41");
            var committed = thread.submit(
                    () -> commit(new CommitDraft(run, epoch, 10).plateaus(TestRuns.left(0, 0, run.architecture()))));
            await().until(() -> waiting() == 1);
            connection.commit();
            assertThat(committed.get()).isTrue();
        } finally {
            thread.shutdownNow();
        }
        assertThat(store.findings(0, 10)).singleElement().returns(42L, StoredFinding::sequence);
    }

    /** As one who notes wishes for the same runs does, from the first of them to the last. */
    @Test
    void aBatchOfCommitsLocksRunsInOneOrder() throws Exception {
        List<RunSpec> sorted =
                runs.stream().sorted(Comparator.comparing(RunSpec::id)).toList();
        RunSpec first = sorted.get(0);
        RunSpec last = sorted.get(2);
        var batch = List.of(
                new CommitDraft(sorted.get(1), 7, 10).commit(),
                new CommitDraft(last, store.claim(last).epoch(), 10).commit(),
                new CommitDraft(first, store.claim(first).epoch(), 10).commit());
        var thread = Executors.newSingleThreadExecutor();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE run SET wish = wish WHERE id = '%s'".formatted(first.id()));
            var committed = thread.submit(() -> store.commit(batch));
            await().until(() -> waiting() == 1);
            statement.execute("SET lock_timeout = '1s'");
            statement.executeUpdate("UPDATE run SET wish = wish WHERE id = '%s'".formatted(last.id()));
            connection.commit();
            assertThat(committed.get()).containsExactly(false, true, true);
        } finally {
            thread.shutdownNow();
        }
    }

    /** How many sessions wait for a lock in this database. */
    private int waiting() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    // --- two farms ---

    @Test
    void aSecondFarmIsRefusedAndToldWhoTheFirstIs() {
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(place::open)
                .withMessageStartingWith("another farm works on %s: saddlefarm, process %d on "
                        .formatted(database(), ProcessHandle.current().pid()));
        store.close();
        store = place.open();
    }

    @Test
    void farmsInTwoSchemasDoNotKnowOfEachOther() throws SQLException {
        execute("CREATE SCHEMA mine");
        var mine = server.database(name + "?currentSchema=mine");
        try (var other = mine.open()) {
            assertThat(other.runs()).isEmpty();
        }
        try (var reader = mine.openReadOnly()) {
            assertThat(reader.runs()).isEmpty();
        }
        assertThat(mine).hasToString(database() + "?currentSchema=mine");
        assertThat(store.runs()).hasSize(3);
    }

    @Test
    void aFarmThatLostItsLockStoresNothingWhileAnotherWorksThereNorAfterwardsInTheOthersRuns() throws SQLException {
        long early = store.claim(run).epoch();
        commit(new CommitDraft(run, early, 10).rows(TestRuns.row(0)));
        long late;
        endSessions();
        try (var second = place.open()) {
            RunStore.Claim claim = second.claim(run);
            late = claim.epoch();
            assertThatExceptionOfType(StoreTakenException.class)
                    .isThrownBy(() -> commit(new CommitDraft(run, early, 20).rows(TestRuns.row(20))))
                    .withMessageStartingWith("another farm works on " + database());
            assertThat(second.commit(List.of(new CommitDraft(run, late, 30)
                            .rows(TestRuns.row(30))
                            .number(claim.commits() + 1)
                            .commit())))
                    .containsExactly(true);
        }
        assertThat(commit(new CommitDraft(run, early, 20).rows(TestRuns.row(20))))
                .isFalse();
        assertThat(steps(run)).containsExactly(0L, 30L);
    }

    // --- what is no store, or not yet ---

    @Test
    void anEmptyDatabaseHasNoResultsYet() throws SQLException {
        PostgresDatabase empty = server.database(server.newDatabase());
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(empty::openReadOnly)
                .withMessage(empty + " has no farm's results yet");
    }

    @Test
    void anotherProgramsTablesAreNamedAndLeftAlone() throws SQLException {
        String letters = server.newDatabase();
        try (var connection = server.connect(letters);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE letter (text TEXT)");
            PostgresDatabase strange = server.database(letters);
            assertThatExceptionOfType(ResultsPlaceException.class)
                    .isThrownBy(strange::openReadOnly)
                    .withMessage(strange + " is not a farm's database");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(strange::open)
                    .withMessageStartingWith("cannot open " + strange + ": ");
            try (var tables = connection.getMetaData().getTables(null, "public", "run", null)) {
                assertThat(tables.next()).isFalse();
            }
        }
    }

    @Test
    void aSchemaThatDoesNotExistIsNamed() {
        var missing = server.database(name + "?currentSchema=missing");
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(missing::open)
                .withMessage(missing + " does not exist: a schema is made by its owner, CREATE SCHEMA");
    }

    // --- secrets ---

    @Test
    void aWrongPasswordIsNotRepeated() {
        var wrong = new PostgresDatabase(server.url(name), PostgresServer.USER, "guessed");
        assertThat(wrong).hasToString(database());
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(wrong::openReadOnly)
                .withMessageStartingWith("cannot read " + database())
                .withMessageContaining("authentication failed")
                .satisfies(failure -> assertThat(failure).hasStackTraceContaining("authentication"))
                .satisfies(failure ->
                        assertThat(failure.toString() + failure.getCause()).doesNotContain("guessed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host/db?user=me&password=guessed",
                "jdbc:postgresql://host/db?sslpassword=guessed",
                "jdbc:postgresql://me:guessed@host/db",
                "jdbc:postgresql://host:guessed/db",
                "jdbc:postgresql://host/me:guessed@host",
                "jdbc:postgresql:guessed",
                "jdbc:sqlite:guessed",
                "guessed"
            })
    void aUrlThatIsRefusedIsNotRepeated(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PostgresDatabase(url, "", ""))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("guessed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host/db",
                "jdbc:postgresql://host.example.org:5433/db",
                "jdbc:postgresql://[::1]:5433/db?ssl=true&currentSchema=mine",
                "jdbc:postgresql://one:5432,two:5432/db?targetServerType=primary"
            })
    void aUrlOfTheDriverWillDo(String url) {
        assertThat(new PostgresDatabase(url, "", "").toString())
                .startsWith(url.split("\\?", 2)[0])
                .doesNotContain("ssl", "target");
    }

    /** Ends all sessions at the database but its own. */
    private void endSessions() throws SQLException {
        execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
