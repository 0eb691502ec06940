package saddlefarm.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One SQLite database, in write-ahead mode: readers see the last commit before they began and never hold up the writer.
 *
 * <p>No code here opens the file itself: SQLite's own locks on it would be lost when that is closed.
 */
record SqliteFile(Path path) implements Database {

    /** The type of binary columns. */
    private static final String BINARY = "BLOB";

    /** How long to wait for another process: a checkpoint of the write-ahead log at most. */
    private static final int BUSY_MILLISECONDS = 30_000;

    private static final Set<SQLiteErrorCode> PASSING = Set.of(
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_LOCKED,
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_FULL);

    /** The rest of a code says more of the same failure. */
    private static final int PRIMARY_CODE = 0xff;

    /** Creates the file if it does not exist. */
    @Override
    public Connection connectForWriting() throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.enforceForeignKeys(true);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        return config.createConnection(url());
    }

    /**
     * A connection that only reads, and for that keeps a log beside the database as a writer does: a farm that begins
     * meanwhile then leaves it the moment that it sees.
     *
     * <p>Where no log can be made no farm works, and the database can be read as it is.
     */
    @Override
    public Connection connectForReading() throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        Path log = path.resolveSibling(path.getFileName() + "-wal");
        boolean atRest =
                !Files.exists(log) && !Files.isWritable(log.toAbsolutePath().getParent());
        return config.createConnection(atRest ? url() + "?immutable=1" : url());
    }

    @Override
    public Connection reconnect(Connection lost) throws SQLException {
        return connectForWriting();
    }

    @Override
    public boolean isAlive(Connection connection) {
        return true;
    }

    @Override
    public boolean passes(SQLException failure) {
        return failure instanceof SQLiteException sqlite
                && PASSING.contains(SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE));
    }

    @Override
    public void migrate() {
        Schema.migrate(url(), null, null, BINARY);
    }

    /** As a URI, in which any character of a path has a spelling. */
    String url() {
        return "jdbc:sqlite:" + path.toUri().toASCIIString();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
