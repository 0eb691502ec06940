package saddlefarm.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalInt;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.StoreException;

/** The tables of a store, by the migrations in {@code saddlefarm/store/migration}. */
final class Schema {

    /** Number of the newest migration. */
    static final int VERSION = 8;

    private static final String HISTORY = "schema_history";

    private Schema() {}

    /**
     * Brings a database to {@link #VERSION}, from nothing or from an earlier version.
     *
     * @param url of the database
     * @param binary its type of binary columns
     */
    static void migrate(String url, @Nullable String user, @Nullable String password, String binary) {
        Flyway.configure()
                .dataSource(url, user, password)
                .locations("classpath:saddlefarm/store/migration")
                .placeholders(Map.of("binary", binary))
                .table(HISTORY)
                .load()
                .migrate();
    }

    /** The version of a database, 0 while its first tables are being made; empty where there are none of a farm. */
    static OptionalInt version(Connection connection) throws SQLException {
        try (var tables = connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
            if (!tables.next()) {
                return OptionalInt.empty();
            }
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT MAX(CAST(version AS INTEGER)) FROM " + HISTORY + " WHERE success")) {
            rows.next();
            return OptionalInt.of(rows.getInt(1));
        }
    }

    /** Whether a database has no tables at all, as in the moment after it was made. */
    static boolean empty(Connection connection) throws SQLException {
        try (var tables =
                connection.getMetaData().getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
            return !tables.next();
        }
    }

    /** Throws if a database is newer than this program. */
    static void requireKnown(OptionalInt version, Object database) {
        if (version.isPresent() && version.getAsInt() > VERSION) {
            throw new StoreException(
                    "%s was written by a newer saddlefarm (its tables are at version %d, this one knows up to %d)"
                            .formatted(database, version.getAsInt(), VERSION));
        }
    }
}
