package saddlefarm.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * One SQLite database, in write-ahead mode: readers see the last commit before they began and never hold up the writer.
 *
 * <p>No code here opens the file itself: SQLite's own locks on it would be lost when that is closed.
 */
record SqliteFile(Path path) {

    /** The type of binary columns. */
    static final String BINARY = "BLOB";

    /** How long to wait for another process: a checkpoint of the write-ahead log at most. */
    private static final int BUSY_MILLISECONDS = 30_000;

    /** A connection that writes, each commit on the disk before it returns. Creates the file if it does not exist. */
    Connection openForWriting() throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.enforceForeignKeys(true);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        return config.createConnection(url());
    }

    /**
     * A connection that only reads and creates no file.
     *
     * <p>Without a log beside it the database is a copy that no farm works on, and can be read as it is; SQLite would
     * create a log otherwise.
     */
    Connection openForReading() throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        boolean log = Files.exists(path.resolveSibling(path.getFileName() + "-wal"));
        return config.createConnection(log ? url() : url() + "?immutable=1");
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
