package saddlefarm.store;

import java.sql.Connection;
import java.sql.SQLException;

/** The right to be the head of a farm of many nodes, for as long as its connection lasts. */
public final class Headship implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 5;

    private final Connection connection;

    Headship(Connection connection) {
        this.connection = connection;
    }

    /** Whether it has not been lost. Waits for the server to answer. */
    public boolean lasts() {
        try {
            return connection.isValid(PATIENCE_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is lost, then.
        }
    }
}
