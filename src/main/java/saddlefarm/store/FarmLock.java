package saddlefarm.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The right to be the farm on a schema of a PostgreSQL database: an advisory lock of the session, which ends with its
 * connection. The nodes of one farm share it. Readers need none.
 */
final class FarmLock {

    /** Where no session was lost. */
    static final int NO_SESSION = 0;

    /** Before the hash of the schema, so that it is no other program's lock. */
    private static final int KIND = 0x5add1e;

    private static final int KIND_OF_HEAD = KIND + 1;

    /** What the server says when it has waited long enough. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** The session that has it. */
    private static final String HOLDER = " FROM pg_locks JOIN pg_stat_activity USING (pid)"
            + " WHERE locktype = 'advisory' AND datname = current_database() AND classid = ?::oid"
            + " AND objid = hashtext(current_schema())::oid AND granted";

    private FarmLock() {}

    /**
     * Takes the lock.
     *
     * @param shared with other nodes
     * @param lostSession number of this process's session before, which the server may not know to be over: it is ended
     * @throws ResultsPlaceException if another farm has it
     * @throws SQLException if the session before is just ending
     */
    static void take(Connection connection, Object database, boolean shared, int lostSession) throws SQLException {
        if (connection.getSchema() == null) {
            throw new ResultsPlaceException(database + " does not exist: a schema is made by its owner, CREATE SCHEMA");
        }
        if (taken(connection, shared)) {
            return;
        }
        if (lostSession != NO_SESSION && ended(connection, lostSession)) {
            throw new SQLException("the session before still has its lock");
        }
        throw new ResultsPlaceException("another farm works on %s: %s".formatted(database, holder(connection)));
    }

    /** Waits a moment for a session that is just ending. */
    private static boolean taken(Connection connection, boolean shared) throws SQLException {
        try (var timeout = connection.createStatement();
                var lock = connection.prepareStatement("SELECT pg_advisory_lock%s(?, hashtext(current_schema()))"
                        .formatted(shared ? "_shared" : ""))) {
            timeout.execute("SET lock_timeout = '1s'");
            lock.setInt(1, KIND);
            lock.execute();
            timeout.execute("RESET lock_timeout");
            return true;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    static boolean hasHead(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1" + HOLDER)) {
            select.setInt(1, KIND_OF_HEAD);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Takes the lock of the head, if nobody has it. */
    static boolean tryHead(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement("SELECT pg_try_advisory_lock(?, hashtext(current_schema()))")) {
            lock.setInt(1, KIND_OF_HEAD);
            try (var rows = lock.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** Ends a session, if it holds the lock still and is of this process. */
    private static boolean ended(Connection connection, int session) throws SQLException {
        try (var end = connection.prepareStatement("SELECT pg_terminate_backend(pid)" + HOLDER
                + " AND pid = ? AND application_name = current_setting('application_name')")) {
            end.setInt(1, KIND);
            end.setInt(2, session);
            try (var rows = end.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static String holder(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT application_name" + HOLDER)) {
            select.setInt(1, KIND);
            try (var rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : "a session that has just ended";
            }
        }
    }
}
