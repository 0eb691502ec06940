package saddlefarm.store;

import java.sql.Connection;
import java.sql.SQLException;

/** What holds the tables of a store; its text names it in messages. */
sealed interface Database permits SqliteFile, PostgresDatabase {

    /** A connection that writes, each commit on the disk before it returns. */
    Connection connectForWriting() throws SQLException;

    /** A connection that only reads, and of one transaction the state of one moment. */
    Connection connectForReading() throws SQLException;

    /** Another connection that writes, in the place of one that was lost. */
    Connection reconnect(Connection lost) throws SQLException;

    /** Whether a connection is still there. */
    boolean isAlive(Connection connection) throws SQLException;

    /**
     * Whether what failed may succeed later without anybody doing anything here: the disk was full, the file locked.
     */
    boolean passes(SQLException failure);

    /** Makes the tables, or brings those of an earlier program up to date. */
    void migrate();
}
