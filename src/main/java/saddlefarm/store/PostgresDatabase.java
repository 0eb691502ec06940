package saddlefarm.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import saddlefarm.run.StoreException;

/**
 * A schema of a PostgreSQL database, the current one of its connections. One farm works there at a time, of one node or
 * of several, which {@link FarmLock} sees to.
 *
 * <p>The password is in no text of this class, nor in what the driver says when it cannot connect.
 */
public final class PostgresDatabase implements Database, ResultsPlace {

    private static final String PREFIX = "jdbc:postgresql://";

    /** Hosts, each with a port if it is not 5432, a database, and parameters. The driver would log what it refuses. */
    private static final Pattern URL =
            Pattern.compile(PREFIX + "(([^/?:@,]+|\\[[^]@]+])(:\\d{1,5})?(,(?=[^/])|(?=/)))+/[^/?@]+(\\?.*)?");

    private static final Pattern SECRET = Pattern.compile("[?&](ssl)?password=", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEMA = Pattern.compile("[?&](currentSchema=[^&]*)");

    /** Of the type of binary columns. */
    private static final String BINARY = "BYTEA";

    private static final String READ_ONLY = "25006";
    private static final int CONNECT_SECONDS = 10;

    /** How long the server may be silent: longer than it takes over any statement of a store, however slow. */
    private static final int SILENCE_SECONDS = 120;

    private static final int ALIVE_SECONDS = 10;

    /**
     * The server ends sessions of a machine that is gone after some 11 s, not after the hours that are usual, and those
     * of a process that has stopped amid a transaction: others wait for what they hold.
     */
    private static final String ENDS_WHAT_IS_GONE = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2;"
            + " SET tcp_keepalives_count = 3; SET tcp_user_timeout = 11000;"
            + " SET idle_in_transaction_session_timeout = '20s'";

    /** The same for a head that has stopped, which would ask again and again otherwise. */
    private static final String ENDS_WHAT_IS_SILENT = "SET idle_session_timeout = '20s'";

    /** The first version of the server that can. */
    private static final int ENDS_SILENT_SINCE = 14;

    /** Rows fetched at once: those of a long run do not fit into memory. */
    private static final int ROWS = 1000;

    private final String url;
    private final String user;
    private final String password;
    private final boolean shared;

    /**
     * Names a database and does not connect to it.
     *
     * @param url {@code jdbc:postgresql://host:port/database}, with parameters of the driver but no password
     * @param user empty for the name of the process's user
     * @param password empty for none, or for that of {@code ~/.pgpass}
     * @throws IllegalArgumentException if the URL is none; the message does not repeat it
     */
    public PostgresDatabase(String url, String user, String password) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("must begin with " + PREFIX);
        }
        if (SECRET.matcher(url).find()) {
            throw new IllegalArgumentException("must not hold a password");
        }
        if (!URL.matcher(url).matches()) {
            throw new IllegalArgumentException(
                    "must be " + PREFIX + "host:port/database, without a user before the host");
        }
        this.url = url;
        this.user = user;
        this.password = password;
        shared = false;
    }

    private PostgresDatabase(PostgresDatabase database) {
        url = database.url;
        user = database.user;
        password = database.password;
        shared = true;
    }

    /** The same as a place where the nodes of one farm work side by side. */
    public PostgresDatabase shared() {
        return new PostgresDatabase(this);
    }

    /**
     * The right to be the head of the farm whose nodes share this place: of two farms that do, as two clusters may that
     * cannot hear each other, one has it. It is lost when nobody asks for 20 s whether it lasts (with a server before
     * version 14 only when the connection ends).
     *
     * @throws StoreException if the server does not answer
     */
    public Optional<Headship> head() {
        try {
            Connection connection = connect();
            try {
                execute(connection, ENDS_WHAT_IS_GONE);
                if (connection.getMetaData().getDatabaseMajorVersion() >= ENDS_SILENT_SINCE) {
                    execute(connection, ENDS_WHAT_IS_SILENT);
                }
                if (FarmLock.tryHead(connection)) {
                    return Optional.of(new Session(connection));
                }
                connection.close();
                return Optional.empty();
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException("%s: %s".formatted(this, e.getMessage()), e);
        }
    }

    /**
     * Whether somebody is the head of the farm whose nodes share this place.
     *
     * @throws StoreException if the server does not answer
     */
    public boolean hasHead() {
        try (Connection connection = connect()) {
            return FarmLock.hasHead(connection);
        } catch (SQLException e) {
            throw new StoreException("%s: %s".formatted(this, e.getMessage()), e);
        }
    }

    /** One that lasts as long as its connection. */
    private record Session(Connection connection) implements Headship {

        @Override
        public boolean lasts() {
            try {
                return connection.isValid(ALIVE_SECONDS);
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

    // --- as a place ---

    @Override
    public SqlRunStore open() {
        return SqlRunStore.openForWriting(this, () -> {});
    }

    @Override
    public SqlRunStore openReadOnly() {
        return SqlRunStore.openReadOnly(this);
    }

    // --- as a database ---

    @Override
    public Connection connectForWriting() throws SQLException {
        return connectAsFarm(FarmLock.NO_SESSION);
    }

    /** @param lost closed, so that it cannot be unwrapped */
    @Override
    public Connection reconnect(Connection lost) throws SQLException {
        return connectAsFarm(((BaseConnection) lost).getQueryExecutor().getBackendPID());
    }

    private Connection connectAsFarm(int lostSession) throws SQLException {
        Connection connection = connect();
        try {
            execute(connection, ENDS_WHAT_IS_GONE);
            FarmLock.take(connection, this, shared, lostSession);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Connection connectForReading() throws SQLException {
        Connection connection = connect();
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, SILENCE_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.DEFAULT_ROW_FETCH_SIZE.set(properties, ROWS);
        PGProperty.APPLICATION_NAME.set(properties, processName());
        if (!user.isEmpty()) {
            PGProperty.USER.set(properties, user);
        }
        if (!password.isEmpty()) {
            PGProperty.PASSWORD.set(properties, password);
        }
        return DriverManager.getConnection(url, properties);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public boolean isAlive(Connection connection) throws SQLException {
        return connection.isValid(ALIVE_SECONDS);
    }

    /**
     * By the classes of SQL's states: no resources left, which a full disk is, and a transaction that gave way. And a
     * server that takes no writes for now, while it is looked after or another takes its place.
     */
    @Override
    public boolean passes(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("53") || state.startsWith("40") || state.equals(READ_ONLY));
    }

    @Override
    public void migrate() {
        Schema.migrate(url, user.isEmpty() ? null : user, password.isEmpty() ? null : password, BINARY);
    }

    /** Which process a session of this one is, for people who look at the server. */
    static String processName() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "an unknown host";
        }
        return "saddlefarm, process %d on %s".formatted(ProcessHandle.current().pid(), host);
    }

    @Override
    public String toString() {
        Matcher schema = SCHEMA.matcher(url);
        return url.split("\\?", 2)[0] + (schema.find() ? "?" + schema.group(1) : "");
    }
}
