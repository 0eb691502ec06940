package saddlefarm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.run.StoreException;

/** The store in SQLite, and its files. */
class SqliteRunStoreTest extends SqlRunStoreTest {

    @TempDir
    private Path directory;

    @Override
    ResultsPlace newPlace() {
        return new ResultsDirectory(out());
    }

    private Path out() {
        return directory.resolve("out");
    }

    private Path file() {
        return out().resolve(OutputDirectory.DATABASE);
    }

    @Override
    String database() {
        return file().toString();
    }

    @Override
    Connection connect() throws SQLException {
        return connect(file());
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection(new SqliteFile(file).url());
    }

    @Override
    String binary() {
        return "BLOB";
    }

    @Override
    String change(Damage damage) {
        return switch (damage) {
            case FLIPPED -> "state = CAST(substr(state, 1, 40) || x'ff' || substr(state, 42) AS BLOB)";
            case CUT_OFF -> "state = CAST(substr(state, 1, length(state) - 1) AS BLOB)";
            case EMPTY -> "state = x''";
            case OTHER_LENGTH -> "length = length + 1";
            case OTHER_CHECKSUM -> "checksum = checksum + 1";
            case SOUND_BYTES_OF_SOMETHING_ELSE -> SOMETHING_ELSE.formatted(binary());
        };
    }

    @Test
    void aDatabaseCopiedWithoutItsLogCanBeRead() throws Exception {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        store.close(); // takes the log into the database
        Path copy = Files.createDirectories(directory.resolve("copy"));
        Files.copy(file(), copy.resolve(OutputDirectory.DATABASE));
        try (var reader = SqlRunStore.openReadOnly(copy)) {
            assertThat(rows(reader, run)).containsExactly(TestRuns.row(0));
        }
        assertThat(copy.resolve(OutputDirectory.DATABASE)).hasSameBinaryContentAs(file());
    }

    /** Of a user whom permissions bind; the administrator, whom they do not, may read it anyway. */
    @Test
    void aDirectoryInWhichNothingMayBeWrittenCanBeRead() throws Exception {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        store.close();
        var usual = Files.getPosixFilePermissions(out());
        Files.setPosixFilePermissions(out(), PosixFilePermissions.fromString("r-xr-xr-x"));
        try (var reader = SqlRunStore.openReadOnly(out())) {
            assertThat(rows(reader, run)).containsExactly(TestRuns.row(0));
        } finally {
            Files.setPosixFilePermissions(out(), usual);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space",
                "100%25",
                "a#b",
                "what?immutable=1",
                "x?foreign_keys=off&journal_mode=delete",
                "ünïcode",
                "a;b&c=d",
                "'quoted'"
            })
    void anyNameOfADirectoryWillDo(String name) {
        Path path = directory.resolve(name);
        try (var strange = OutputDirectory.open(path);
                var there = strange.openStore()) {
            there.register(runs);
        }
        assertThat(path.resolve(OutputDirectory.DATABASE)).isRegularFile();
        try (var reader = SqlRunStore.openReadOnly(path)) {
            assertThat(reader.runs()).hasSize(3);
        }
    }

    @Test
    void aDirectoryInWhichNoFarmWorkedIsTold() throws Exception {
        Path missing = directory.resolve("missing");
        Path empty = Files.createDirectories(directory.resolve("empty"));
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(() -> SqlRunStore.openReadOnly(missing))
                .withMessage("no such directory: " + missing);
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(() -> SqlRunStore.openReadOnly(empty))
                .withMessage(empty + " has no farm's results: there is no saddlefarm.db");
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void aFileThatIsNoDatabaseIsNamedAndLeftAlone() throws Exception {
        try (var strange = OutputDirectory.open(directory.resolve("strange"))) {
            Path file = strange.path().resolve(OutputDirectory.DATABASE);
            String text = "This is a letter and not a database. ".repeat(100);
            Files.writeString(file, text);
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> SqlRunStore.openReadOnly(strange.path()))
                    .withMessageStartingWith("cannot read " + file + ": ")
                    .withMessageContaining("not a database");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(strange::openStore)
                    .withMessageStartingWith("cannot open " + file + ": ")
                    .withMessageContaining("not a database");
            assertThat(file).hasContent(text);
        }
    }

    @Test
    void aDatabaseWhoseTablesAreJustBeingMadeHasNoResultsYet() throws Exception {
        try (var begun = OutputDirectory.open(directory.resolve("begun"))) {
            Path file = begun.path().resolve(OutputDirectory.DATABASE);
            Files.createFile(file);
            assertNoResultsYet(begun);
            // What Flyway makes first.
            try (var connection = connect(file);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE schema_history (version TEXT, success BOOLEAN)");
            }
            assertNoResultsYet(begun);
        }
    }

    private static void assertNoResultsYet(OutputDirectory begun) {
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(() -> SqlRunStore.openReadOnly(begun.path()))
                .withMessage(begun.path() + " has no farm's results yet");
    }

    @Test
    void anotherProgramsDatabaseIsNamedAndLeftAlone() throws Exception {
        try (var strange = OutputDirectory.open(directory.resolve("strange"))) {
            Path file = strange.path().resolve(OutputDirectory.DATABASE);
            try (var connection = connect(file);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE letter (text TEXT)");
            }
            assertThatExceptionOfType(ResultsPlaceException.class)
                    .isThrownBy(() -> SqlRunStore.openReadOnly(strange.path()))
                    .withMessage(file + " is not a farm's database");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(strange::openStore)
                    .withMessageStartingWith("cannot open " + file + ": ");
            try (var connection = connect(file);
                    var tables = connection.getMetaData().getTables(null, null, "run", null)) {
                assertThat(tables.next()).isFalse();
            }
        }
    }
}
