package saddlefarm.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Extension;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.Specification;
import saddlefarm.network.Architecture;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Commit;
import saddlefarm.run.ForkPoint;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoreAwayException;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.StoredFinding;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;
import saddlefarm.run.Wish;
import saddlefarm.theory.Theory;

/**
 * A {@link RunStore} in an SQL database, over one connection: calls of several threads wait for each other. One that
 * was lost is replaced by the next call.
 *
 * <p>A store that reads only sees the state of one moment, that of its first call, for as long as it is open.
 */
public final class SqlRunStore implements RunStore {

    /** How many checkpoints of a run are kept: the newest, and one to fall back to. */
    private static final int CHECKPOINTS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SqlRunStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> SWEPT = new TypeReference<>() {};

    private static final String SUMMARY =
            "id, experiment, status, step, flow_time, loss, rank, plateaus, backend, swept, cause, evaluations";

    private static final String PLATEAU = "p.number, p.rank, p.start_step, p.end_step, p.start_time, p.end_time,"
            + " p.deepest_step, p.loss, p.gradient_norm, p.kind, p.lambda_min, p.lambda_max, p.layer_ranks, p.spectra,"
            + " p.saddle, p.measured_escape, p.direction";

    /** With what the rank after it is derived from: transition k leads to plateau k, if the run came to rest again. */
    private static final String TRANSITION = "t.number, t.step, t.flow_time, t.rank_before, p.rank, r.status, r.rank";

    private static final String TRANSITIONS = " FROM transition t JOIN run r ON r.id = t.run"
            + " LEFT JOIN plateau p ON p.run = t.run AND p.number = t.number";

    private final Database database;
    private final boolean readOnly;
    private final Runnable closed;
    private Connection connection;
    private boolean broken; // the connection serves no more transactions

    private SqlRunStore(Database database, Connection connection, boolean readOnly, Runnable closed)
            throws SQLException {
        this.database = database;
        this.connection = connection;
        this.readOnly = readOnly;
        this.closed = closed;
        connection.setAutoCommit(false);
    }

    /** @param closed done after the store is closed */
    static SqlRunStore openForWriting(Database database, Runnable closed) {
        try {
            Connection connection = database.connectForWriting();
            try {
                var version = Schema.version(connection);
                Schema.requireKnown(version, database);
                if (version.isEmpty() || version.getAsInt() < Schema.VERSION) {
                    database.migrate();
                }
                return new SqlRunStore(database, connection, false, closed);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException(
                    "cannot open %s: %s (a farm does not wait for its store before it works)"
                            .formatted(database, e.getMessage()),
                    e);
        } catch (FlywayException e) {
            throw new StoreException("cannot open %s: %s".formatted(database, e.getMessage()), e);
        }
    }

    /**
     * Opens the store of an output directory for reading, whoever works there.
     *
     * @throws ResultsPlaceException if no farm has ever worked there
     */
    public static SqlRunStore openReadOnly(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ResultsPlaceException("no such directory: " + directory);
        }
        var file = new SqliteFile(directory.resolve(OutputDirectory.DATABASE));
        if (!Files.exists(file.path())) {
            throw new ResultsPlaceException(
                    "%s has no farm's results: there is no %s".formatted(directory, OutputDirectory.DATABASE));
        }
        return openReadOnly(file, directory);
    }

    /** The same of a database that has one. */
    static SqlRunStore openReadOnly(PostgresDatabase database) {
        return openReadOnly(database, database);
    }

    /** @param place of the database, as the user named it */
    private static SqlRunStore openReadOnly(Database database, Object place) {
        try {
            Connection connection = database.connectForReading();
            try {
                var version = Schema.version(connection);
                if (version.isEmpty() && !Schema.empty(connection)) {
                    throw new ResultsPlaceException(database + " is not a farm's database");
                }
                if (version.orElse(0) == 0) {
                    throw new ResultsPlaceException("%s has no farm's results yet".formatted(place));
                }
                Schema.requireKnown(version, database);
                if (version.getAsInt() < Schema.VERSION) {
                    throw new ResultsPlaceException(
                            "%s was written by an earlier saddlefarm: run any experiment there to bring its tables up to date"
                                    .formatted(place));
                }
                return new SqlRunStore(database, connection, true, () -> {});
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException("cannot read %s: %s".formatted(database, e.getMessage()), e);
        }
    }

    // --- writing ---

    @Override
    public void register(List<RunSpec> runs) {
        write(() -> insertRuns(runs));
    }

    private int insertRuns(List<RunSpec> runs) throws SQLException, IOException {
        lockOwnership();
        long registered = number("SELECT COALESCE(MAX(registered), 0) FROM run");
        try (var insert = connection.prepareStatement(
                "INSERT INTO run (id, registered, experiment, specification, trajectory, swept, backend, status, wish,"
                        + " epoch, last_commit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT (id) DO NOTHING")) {
            for (RunSpec run : runs) {
                registered++;
                set(
                        insert,
                        run.id(),
                        registered,
                        run.experiment(),
                        run.specification(),
                        Specification.trajectory(run.specification()),
                        json(run.swept()),
                        run.backend(),
                        RunStatus.QUEUED.label(),
                        Wish.TRAIN.label());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return runs.size();
    }

    @Override
    public void registerForks(List<Fork> forks) {
        write(() -> {
            insertRuns(forks.stream().map(Fork::run).toList());
            for (Fork fork : forks) {
                var point = fork.point();
                update(
                        "INSERT INTO fork (run, parent, initial_loss, initial, start) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (run) DO NOTHING",
                        fork.run().id(),
                        fork.parent(),
                        point.initialLoss(),
                        CheckpointCodec.encode(point.initial()),
                        CheckpointCodec.encode(point.start()));
            }
            return forks.size();
        });
    }

    @Override
    public void want(List<String> runs, Wish wish) {
        write(() -> {
            // In one order, so that two who want something of the same runs do not wait for each other.
            for (String run : runs.stream().sorted().toList()) {
                update(
                        "UPDATE run SET wish = ? WHERE id = ? AND status NOT IN (?, ?)",
                        wish.label(),
                        run,
                        RunStatus.COMPLETED.label(),
                        RunStatus.DIVERGED.label());
            }
            return runs.size();
        });
    }

    @Override
    public Claim claim(RunSpec run) {
        return write(() -> {
            long epoch = own(run.id());
            RunStatus before = status(run.id());
            @Nullable Wish wish = wish(run.id());
            var late = new Claim(epoch, commits(run.id()), before, wish, null);
            if (late.tooLate()) {
                return late;
            }
            @Nullable Checkpoint checkpoint = goBack(run);
            if (checkpoint == null) {
                checkpoint = extend(run);
            }
            if (before.ended()) {
                tellLastTransitionAgain(run.id());
            }
            numberFindings(run.id());
            @Nullable Progress progress = checkpoint == null ? null : checkpoint.progress();
            update(
                    "UPDATE run SET status = ?, cause = NULL, step = ?, flow_time = ?, loss = ?, rank = ?,"
                            + " plateaus = ?, evaluations = ? WHERE id = ?",
                    RunStatus.RUNNING.label(),
                    progress == null ? null : progress.step(),
                    progress == null ? null : progress.flowTime(),
                    progress == null ? null : progress.loss(),
                    progress == null ? null : progress.rank(),
                    progress == null ? null : progress.plateaus(),
                    progress == null ? null : progress.evaluations(),
                    run.id());
            return new Claim(
                    epoch, commits(run.id()), before, wish, checkpoint != null ? checkpoint : beginning(run.id()));
        });
    }

    /** The owner before can store nothing from here on, and what it is storing is waited for. */
    private long own(String run) throws SQLException {
        update("UPDATE ownership SET last_epoch = last_epoch + 1");
        long epoch = number("SELECT last_epoch FROM ownership");
        update("UPDATE run SET epoch = ? WHERE id = ?", epoch, run);
        return epoch;
    }

    private long commits(String run) throws SQLException {
        return number("SELECT last_commit FROM run WHERE id = ?", run);
    }

    private @Nullable Wish wish(String run) throws SQLException, IOException {
        List<String> wish = texts("SELECT wish FROM run WHERE id = ? AND wish IS NOT NULL", run);
        return wish.isEmpty() ? null : Wish.ofLabel(wish.get(0));
    }

    @Override
    public void fail(String run, String cause) {
        write(() -> {
            long epoch = own(run);
            return status(run).over() || leave(run, epoch, RunStatus.FAILED, cause);
        });
    }

    @Override
    public List<Boolean> commit(List<Commit> commits) {
        return write(() -> {
            if (commits.stream().anyMatch(SqlRunStore::tells)) {
                lockOwnership();
            }
            var owned = new Boolean[commits.size()];
            // In one order of runs, as wishes are, so that neither waits for what the other has.
            for (int i : inOrderOfRuns(commits)) {
                owned[i] = store(commits.get(i));
            }
            return List.of(owned);
        });
    }

    /** Places of commits; those of a run stay in order. */
    private static int[] inOrderOfRuns(List<Commit> commits) {
        return IntStream.range(0, commits.size())
                .boxed()
                .sorted(Comparator.comparing(i -> commits.get(i).run()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public boolean setStatus(String run, long epoch, RunStatus status, @Nullable String cause) {
        return write(() -> {
            if (status.ended()) {
                lockOwnership();
            }
            return leave(run, epoch, status, cause);
        });
    }

    private boolean leave(String run, long epoch, RunStatus status, @Nullable String cause) throws SQLException {
        int owned = update(
                "UPDATE run SET status = ?, cause = ?, wish = CASE WHEN ? THEN NULL ELSE wish END"
                        + " WHERE id = ? AND epoch = ?",
                status.label(),
                cause,
                fulfilled(status),
                run,
                epoch);
        if (owned == 1 && status.ended()) {
            tellLastTransitionAgain(run);
            numberFindings(run);
        }
        return owned == 1;
    }

    /** Whether whatever is wanted of a run has come to its end. A wish to leave it stays until there is another. */
    private static boolean fulfilled(RunStatus status) {
        return status.over() || status == RunStatus.FAILED;
    }

    @Override
    public void putTheory(RunSpec run, Theory theory) {
        write(() -> update(
                "INSERT INTO theory (run, problem, document) VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE"
                        + " SET problem = excluded.problem, document = excluded.document",
                run.id(),
                Specification.problem(run.specification()),
                FindingCodec.encode(theory)));
    }

    @Override
    public void delete(List<String> runs) {
        write(() -> {
            for (String run : runs) {
                update("DELETE FROM run WHERE id = ?", run);
            }
            return runs.size();
        });
    }

    private boolean store(Commit commit) throws SQLException {
        Progress progress = commit.progress();
        int owned = update(
                "UPDATE run SET status = ?, cause = ?, wish = CASE WHEN ? THEN NULL ELSE wish END,"
                        + " last_commit = ?, step = ?, flow_time = ?, loss = ?, rank = ?, plateaus = ?, evaluations = ?"
                        + " WHERE id = ? AND epoch = ? AND last_commit = ?",
                commit.status().label(),
                commit.cause(),
                fulfilled(commit.status()),
                commit.number(),
                progress.step(),
                progress.flowTime(),
                progress.loss(),
                progress.rank(),
                progress.plateaus(),
                progress.evaluations(),
                commit.run(),
                commit.epoch(),
                commit.number() - 1);
        if (owned == 0) {
            requireNoneIsMissing(commit);
            return false;
        }
        String run = commit.run();
        long number = commit.number();
        update(
                "INSERT INTO machine (run, name, commit_number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                run,
                commit.machine(),
                number);
        if (tells(commit)) {
            tellLastTransitionAgain(run);
        }
        for (Snapshot row : commit.snapshots()) {
            insert(run, number, row, false);
        }
        if (commit.closingSnapshot() != null) {
            insert(run, number, commit.closingSnapshot(), true);
        }
        for (PlateauFound plateau : commit.plateaus()) {
            insert(run, number, plateau, false);
        }
        if (commit.closingPlateau() != null) {
            insert(run, number, commit.closingPlateau(), true);
        }
        for (Transition transition : commit.transitions()) {
            update(
                    "INSERT INTO transition (run, number, commit_number, step, flow_time, rank_before)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    run,
                    transition.number(),
                    number,
                    transition.step(),
                    transition.flowTime(),
                    transition.rankBefore());
        }
        if (tells(commit)) {
            numberFindings(run);
        }
        byte[] state = CheckpointCodec.encode(commit.checkpoint());
        update(
                "INSERT INTO checkpoint (run, commit_number, length, checksum, state) VALUES (?, ?, ?, ?, ?)",
                run,
                number,
                state.length,
                checksum(state),
                state);
        update(
                "DELETE FROM checkpoint WHERE run = ? AND commit_number NOT IN (SELECT commit_number FROM checkpoint"
                        + " WHERE run = ? ORDER BY commit_number DESC LIMIT ?)",
                run,
                run,
                CHECKPOINTS);
        return true;
    }

    private void requireNoneIsMissing(Commit commit) throws SQLException {
        if (number("SELECT COUNT(*) FROM run WHERE id = ? AND epoch = ?", commit.run(), commit.epoch()) > 0) {
            throw new StoreException("%s has lost commits of run %s: it has %d, and number %d was to be stored"
                    .formatted(database, commit.run(), commits(commit.run()), commit.number()));
        }
    }

    private void insert(String run, long commit, Snapshot row, boolean closing) throws SQLException {
        update(
                "INSERT INTO snapshot (run, step, commit_number, closing, flow_time, loss, gradient_norm,"
                        + " parameter_norm, rank, sigma) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                run,
                row.step(),
                commit,
                closing,
                row.flowTime(),
                row.loss(),
                row.gradientNorm(),
                row.parameterNorm(),
                row.rank(),
                CheckpointCodec.encode(row.spectra()));
    }

    private void insert(String run, long commit, PlateauFound found, boolean closing) throws SQLException {
        Plateau plateau = found.plateau();
        update(
                "INSERT INTO plateau (run, number, commit_number, closing, rank, start_step, end_step, start_time,"
                        + " end_time, deepest_step, loss, gradient_norm, kind, lambda_min, lambda_max, layer_ranks,"
                        + " spectra, deepest, saddle, measured_escape, direction)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                run,
                plateau.number(),
                commit,
                closing,
                plateau.rank(),
                plateau.startStep(),
                plateau.endStep(),
                plateau.startTime(),
                plateau.endTime(),
                plateau.deepestStep(),
                plateau.loss(),
                plateau.gradientNorm(),
                plateau.kind().label(),
                plateau.lambdaMin(),
                plateau.lambdaMax(),
                plateau.layerRanks().stream().map(String::valueOf).collect(Collectors.joining(";")),
                CheckpointCodec.encode(found.spectra()),
                CheckpointCodec.encode(found.deepest()),
                FindingCodec.encode(found.saddle()),
                FindingCodec.encode(found.escape()),
                found.escape() == null
                        ? null
                        : CheckpointCodec.encodeNetwork(found.escape().direction()));
    }

    // --- the order of findings ---

    /** Whether a commit has findings, or ends its run, after which the rank after its last transition is known. */
    private static boolean tells(Commit commit) {
        return commit.status().ended()
                || !commit.plateaus().isEmpty()
                || !commit.transitions().isEmpty()
                || commit.closingPlateau() != null;
    }

    /**
     * Lets nobody else number findings until this transaction ends. Called before any run's row is locked, as a claim
     * does it, so that no two transactions wait for each other.
     */
    private void lockOwnership() throws SQLException {
        update("UPDATE ownership SET last_finding = last_finding");
    }

    /** Of all transitions of a run only the last can have another rank after it than it had. */
    private void tellLastTransitionAgain(String run) throws SQLException {
        update(
                "UPDATE transition SET sequence = NULL WHERE run = ? AND number ="
                        + " (SELECT MAX(number) FROM transition WHERE run = ?)",
                run,
                run);
    }

    /** Numbers the findings of a run that have no number, in the order in which the run went through them. */
    private void numberFindings(String run) throws SQLException {
        long last = number("SELECT last_finding FROM ownership");
        update("UPDATE transition SET sequence = ? + 2 * number WHERE run = ? AND sequence IS NULL", last, run);
        update("UPDATE plateau SET sequence = ? + 2 * number + 1 WHERE run = ? AND sequence IS NULL", last, run);
        update(
                "UPDATE ownership SET last_finding = COALESCE((SELECT MAX(sequence) FROM (SELECT sequence FROM plateau"
                        + " WHERE run = ? UNION ALL SELECT sequence FROM transition WHERE run = ?) AS numbered"
                        + " WHERE sequence > last_finding), last_finding)",
                run,
                run);
    }

    // --- going back and going on ---

    /** A checkpoint whose bytes are what was written. */
    private record Sound(long number, Checkpoint checkpoint) {}

    /** Deletes what was written after the checkpoint it returns, or everything when there is none that can be used. */
    private @Nullable Checkpoint goBack(RunSpec run) throws SQLException {
        @Nullable Sound sound = newestSound(run.id(), run.architecture());
        long kept = sound == null ? 0 : sound.number;
        for (String table : List.of("checkpoint", "snapshot", "plateau", "transition", "machine")) {
            update("DELETE FROM " + table + " WHERE run = ? AND commit_number > ?", run.id(), kept);
        }
        return sound == null ? null : sound.checkpoint;
    }

    private @Nullable Sound newestSound(String run, Architecture architecture) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT commit_number, length, checksum, state FROM checkpoint WHERE run = ?"
                        + " ORDER BY commit_number DESC")) {
            set(select, run);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    long number = rows.getLong(1);
                    @Nullable
                    Checkpoint checkpoint =
                            sound(run, architecture, number, rows.getLong(2), rows.getLong(3), rows.getBytes(4));
                    if (checkpoint != null) {
                        return new Sound(number, checkpoint);
                    }
                }
            }
        }
        return null;
    }

    /**
     * Begins a run that has nothing yet with all that a shorter run of its trajectory has committed, if there is one;
     * of several with the longest.
     */
    private @Nullable Checkpoint extend(RunSpec run) throws SQLException {
        update("UPDATE run SET extended_from = NULL, extended_at = NULL WHERE id = ?", run.id());
        for (String shorter : shorter(run)) {
            @Nullable Sound sound = newestSound(shorter, run.architecture());
            if (sound != null) {
                copy(shorter, sound, run.id());
                return sound.checkpoint;
            }
        }
        return null;
    }

    private List<String> shorter(RunSpec run) throws SQLException {
        List<String> shorter = new ArrayList<>();
        try (var select = connection.prepareStatement(
                "SELECT id, specification FROM run WHERE trajectory = ? AND id <> ? AND step > 0"
                        + " ORDER BY step DESC, id")) {
            set(select, Specification.trajectory(run.specification()), run.id());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    if (Extension.of(run.specification(), rows.getString(2))) {
                        shorter.add(rows.getString(1));
                    }
                }
            }
        }
        return shorter;
    }

    /** As one commit, without the rows that are there because the shorter run ended. */
    private void copy(String from, Sound sound, String to) throws SQLException {
        update(
                "UPDATE run SET last_commit = last_commit + 1, extended_from = ?, extended_at = ? WHERE id = ?",
                from,
                sound.checkpoint.descent().step(),
                to);
        long number = commits(to);
        copy("checkpoint", "length, checksum, state", "commit_number = ?", from, sound.number, to, number);
        copy(
                "snapshot",
                "step, closing, flow_time, loss, gradient_norm, parameter_norm, rank, sigma",
                "commit_number <= ? AND NOT closing",
                from,
                sound.number,
                to,
                number);
        copy(
                "plateau",
                "number, closing, rank, start_step, end_step, start_time, end_time, deepest_step, loss, gradient_norm,"
                        + " kind, lambda_min, lambda_max, layer_ranks, spectra, deepest, saddle, measured_escape,"
                        + " direction",
                "commit_number <= ? AND NOT closing",
                from,
                sound.number,
                to,
                number);
        copy(
                "transition",
                "number, step, flow_time, rank_before",
                "commit_number <= ?",
                from,
                sound.number,
                to,
                number);
        copy("machine", "name", "commit_number <= ?", from, sound.number, to, number);
    }

    private void copy(String table, String columns, String which, String from, long upTo, String to, long number)
            throws SQLException {
        update(
                "INSERT INTO %1$s (run, commit_number, %2$s) SELECT ?, ?, %2$s FROM %1$s WHERE run = ? AND %3$s"
                        .formatted(table, columns, which),
                to,
                number,
                from,
                upTo);
    }

    private @Nullable Checkpoint sound(
            String run, Architecture architecture, long number, long length, long checksum, byte[] state) {
        String why;
        if (state.length != length || checksum(state) != checksum) {
            why = "its checksum does not match";
        } else {
            try {
                return CheckpointCodec.decode(state, architecture);
            } catch (IOException e) {
                why = e.getMessage();
            }
        }
        LOG.warn(
                "checkpoint {} of run {} in {} is corrupt ({}); going back to the one before",
                number,
                run,
                database,
                why);
        return null;
    }

    // --- reading ---

    @Override
    public List<RunSummary> runs() {
        return read(() -> list(SqlRunStore::summary, "SELECT " + SUMMARY + " FROM run ORDER BY id"));
    }

    @Override
    public List<Wished> wished() {
        return read(() -> list(
                rows -> new Wished(summary(rows), Wish.ofLabel(rows.getString(13))),
                "SELECT " + SUMMARY + ", wish FROM run WHERE wish = ? OR (wish = ? AND status IN (?, ?))"
                        + " OR (wish = ? AND status IN (?, ?, ?)) ORDER BY registered, id",
                Wish.TRAIN.label(),
                Wish.PAUSE.label(),
                RunStatus.QUEUED.label(),
                RunStatus.RUNNING.label(),
                Wish.CANCEL.label(),
                RunStatus.QUEUED.label(),
                RunStatus.RUNNING.label(),
                RunStatus.PAUSED.label()));
    }

    private static RunSummary summary(ResultSet rows) throws SQLException, IOException {
        long step = rows.getLong(4);
        @Nullable
        Progress progress = rows.wasNull()
                ? null
                : new Progress(
                        step,
                        rows.getDouble(5),
                        rows.getDouble(6),
                        rows.getInt(7),
                        rows.getInt(8),
                        nullableLong(rows, 12));
        return new RunSummary(
                rows.getString(1),
                rows.getString(2),
                RunStatus.ofLabel(rows.getString(3)),
                progress,
                rows.getString(9),
                swept(rows.getString(10)),
                rows.getString(11));
    }

    @Override
    public Optional<String> specification(String run) {
        return read(() -> {
            try (var select = connection.prepareStatement("SELECT specification FROM run WHERE id = ?")) {
                set(select, run);
                try (var rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public Optional<Extended> extended(String run) {
        return read(() -> {
            try (var select = connection.prepareStatement(
                    "SELECT extended_from, extended_at FROM run WHERE id = ? AND extended_from IS NOT NULL")) {
                set(select, run);
                try (var rows = select.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new Extended(rows.getString(1), rows.getLong(2)))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public List<String> forks(String parent) {
        return read(() -> texts(
                "SELECT run.id FROM fork JOIN run ON run.id = fork.run WHERE fork.parent = ? ORDER BY run.registered",
                parent));
    }

    @Override
    public Optional<Checkpoint> checkpoint(RunSpec run) {
        return read(() ->
                Optional.ofNullable(newestSound(run.id(), run.architecture())).map(Sound::checkpoint));
    }

    @Override
    public Optional<DescentState> deepest(String run, int plateau) {
        return read(() -> {
            try (var select = connection.prepareStatement("SELECT deepest FROM plateau WHERE run = ? AND number = ?")) {
                set(select, run, plateau);
                try (var rows = select.executeQuery()) {
                    byte @Nullable [] state = rows.next() ? rows.getBytes(1) : null;
                    return state == null ? Optional.empty() : Optional.of(CheckpointCodec.decodeState(state));
                }
            }
        });
    }

    @Override
    public Optional<ForkPoint> fork(String run) {
        return read(() -> Optional.ofNullable(forkPoint(run)));
    }

    private @Nullable Checkpoint beginning(String run) throws SQLException, IOException {
        @Nullable ForkPoint fork = forkPoint(run);
        return fork == null ? null : fork.beginning();
    }

    private @Nullable ForkPoint forkPoint(String run) throws SQLException, IOException {
        try (var select = connection.prepareStatement("SELECT initial_loss, initial, start FROM fork WHERE run = ?")) {
            set(select, run);
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new ForkPoint(
                                CheckpointCodec.decodeState(rows.getBytes(3)),
                                rows.getDouble(1),
                                CheckpointCodec.decodeSpectra(rows.getBytes(2)))
                        : null;
            }
        }
    }

    @Override
    public List<String> machines(String run) {
        return read(() -> texts("SELECT name FROM machine WHERE run = ? ORDER BY commit_number", run));
    }

    @Override
    public void snapshots(String run, Consumer<Snapshot> reader) {
        read(() -> {
            try (var select = connection.prepareStatement(
                    "SELECT step, flow_time, loss, gradient_norm, parameter_norm, rank, sigma FROM snapshot"
                            + " WHERE run = ? ORDER BY step")) {
                set(select, run);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        reader.accept(new Snapshot(
                                rows.getLong(1),
                                rows.getDouble(2),
                                rows.getDouble(3),
                                rows.getDouble(4),
                                rows.getDouble(5),
                                rows.getInt(6),
                                CheckpointCodec.decodeSpectra(rows.getBytes(7))));
                    }
                }
            }
            return 0;
        });
    }

    @Override
    public List<StoredPlateau> plateaus(String run) {
        return read(() -> list(
                SqlRunStore::plateau, "SELECT " + PLATEAU + " FROM plateau p WHERE p.run = ? ORDER BY p.number", run));
    }

    @Override
    public List<StoredTransition> transitions(String run) {
        return read(() -> list(
                SqlRunStore::transition,
                "SELECT " + TRANSITION + TRANSITIONS + " WHERE t.run = ? ORDER BY t.number",
                run));
    }

    @Override
    public List<StoredFinding> findings(long after, int limit) {
        return read(() -> {
            List<StoredFinding> findings = new ArrayList<>(list(
                    rows -> finding(rows, plateau(rows)),
                    "SELECT " + PLATEAU + ", p.sequence AS sequence, r.id AS id, r.experiment AS experiment"
                            + " FROM plateau p JOIN run r ON r.id = p.run WHERE p.sequence > ?"
                            + " ORDER BY p.sequence LIMIT ?",
                    after,
                    limit));
            findings.addAll(list(
                    rows -> finding(rows, transition(rows)),
                    "SELECT " + TRANSITION + ", t.sequence AS sequence, r.id AS id, r.experiment AS experiment"
                            + TRANSITIONS + " WHERE t.sequence > ? ORDER BY t.sequence LIMIT ?",
                    after,
                    limit));
            findings.sort(Comparator.comparingLong(StoredFinding::sequence));
            return List.copyOf(findings.subList(0, Math.min(limit, findings.size())));
        });
    }

    private static StoredFinding finding(ResultSet rows, StoredFinding.Found found) throws SQLException {
        return new StoredFinding(rows.getLong("sequence"), rows.getString("id"), rows.getString("experiment"), found);
    }

    @Override
    public Optional<Theory> theory(String run) {
        return theory("SELECT document FROM theory WHERE run = ?", run);
    }

    @Override
    public List<RunSummary> unpredicted() {
        return read(() -> list(
                SqlRunStore::summary,
                "SELECT " + SUMMARY + " FROM run WHERE status IN (?, ?)"
                        + " AND NOT EXISTS (SELECT 1 FROM theory WHERE theory.run = run.id)"
                        + " AND NOT EXISTS (SELECT 1 FROM fork WHERE fork.run = run.id) ORDER BY id",
                RunStatus.COMPLETED.label(),
                RunStatus.DIVERGED.label()));
    }

    @Override
    public Optional<Theory> theoryOfProblem(RunSpec run) {
        return theory(
                "SELECT document FROM theory WHERE problem = ? ORDER BY run LIMIT 1",
                Specification.problem(run.specification()));
    }

    private Optional<Theory> theory(String sql, String key) {
        return read(() -> {
            try (var select = connection.prepareStatement(sql)) {
                set(select, key);
                try (var rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(FindingCodec.decodeTheory(rows.getString(1))) : Optional.empty();
                }
            }
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            closed.run();
        }
    }

    private static StoredPlateau plateau(ResultSet rows) throws SQLException, IOException {
        var plateau = new Plateau(
                rows.getInt(1),
                rows.getInt(2),
                rows.getLong(3),
                nullableLong(rows, 4),
                rows.getDouble(5),
                nullableDouble(rows, 6),
                rows.getLong(7),
                rows.getDouble(8),
                rows.getDouble(9),
                Plateau.Kind.ofLabel(rows.getString(10)),
                nullableDouble(rows, 11),
                nullableDouble(rows, 12),
                Stream.of(rows.getString(13).split(";", -1))
                        .map(Integer::valueOf)
                        .toList());
        return new StoredPlateau(
                plateau,
                CheckpointCodec.decodeSpectra(rows.getBytes(14)),
                FindingCodec.decodeSaddle(rows.getString(15)),
                FindingCodec.decodeEscape(rows.getString(16), rows.getBytes(17)));
    }

    private static StoredTransition transition(ResultSet rows) throws SQLException {
        var transition = new Transition(rows.getInt(1), rows.getLong(2), rows.getDouble(3), rows.getInt(4));
        @Nullable Integer next = nullableInt(rows, 5);
        boolean over = RunStatus.ofLabel(rows.getString(6)).ended();
        return new StoredTransition(transition, next == null && over ? nullableInt(rows, 7) : next);
    }

    private RunStatus status(String run) throws SQLException {
        try (var select = connection.prepareStatement("SELECT status FROM run WHERE id = ?")) {
            set(select, run);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new StoreException("%s has no run %s".formatted(database, run));
                }
                return RunStatus.ofLabel(rows.getString(1));
            }
        }
    }

    // --- transactions ---

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException, IOException;
    }

    private synchronized <T> T write(Work<T> work) {
        connect();
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | IOException e) {
            rollBack(e);
            throw failure(e);
        } catch (RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    /** Leaves the read transaction open where nothing is written: what is read later is of the same moment. */
    private synchronized <T> T read(Work<T> work) {
        if (!readOnly) {
            return write(work);
        }
        try {
            return work.run();
        } catch (SQLException | IOException e) {
            throw failure(e);
        }
    }

    /** Replaces a connection that was lost; the moment that a reader sees is lost with it. */
    private void connect() {
        try {
            if (!readOnly && (broken || !database.isAlive(connection))) {
                Connection lost = connection;
                lost.close();
                connection = database.reconnect(lost);
                connection.setAutoCommit(false);
                broken = false;
            }
        } catch (SQLException e) {
            throw new StoreAwayException("%s: %s".formatted(database, e.getMessage()), e, false);
        } catch (ResultsPlaceException e) {
            throw new StoreTakenException(
                    e.getMessage()
                            + ". It began when the connection of this one was lost; the last commits are stored, and the"
                            + " same command goes on from them when the other has ended",
                    e);
        }
    }

    private void rollBack(Exception why) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // As after a disk was full: SQLite has rolled back by itself, and its driver does not know.
            broken = true;
            why.addSuppressed(e);
        }
    }

    private StoreException failure(Exception e) {
        String message = "%s: %s".formatted(database, e.getMessage());
        try {
            if (!database.isAlive(connection)) {
                return new StoreAwayException(message, e, true);
            }
            // It was rolled back.
            return e instanceof SQLException sql && database.passes(sql)
                    ? new StoreAwayException(message, e, false)
                    : new StoreException(message, e);
        } catch (SQLException unknown) {
            e.addSuppressed(unknown);
            return new StoreAwayException(message, e, true);
        }
    }

    // --- statements ---

    private int update(String sql, @Nullable Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException, IOException;
    }

    private <T> List<T> list(Row<T> row, String sql, @Nullable Object... values) throws SQLException, IOException {
        List<T> list = new ArrayList<>();
        try (var select = connection.prepareStatement(sql)) {
            set(select, values);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    list.add(row.read(rows));
                }
            }
        }
        return list;
    }

    /** The values of the one column that is asked for. */
    private List<String> texts(String sql, @Nullable Object... values) throws SQLException, IOException {
        return list(rows -> rows.getString(1), sql, values);
    }

    private long number(String sql, @Nullable Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            set(statement, values);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("no row for: " + sql);
                }
                return rows.getLong(1);
            }
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
    }

    private static @Nullable Integer nullableInt(ResultSet rows, int column) throws SQLException {
        int value = rows.getInt(column);
        return rows.wasNull() ? null : value;
    }

    private static @Nullable Long nullableLong(ResultSet rows, int column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? null : value;
    }

    private static @Nullable Double nullableDouble(ResultSet rows, int column) throws SQLException {
        double value = rows.getDouble(column);
        return rows.wasNull() ? null : value;
    }

    private static long checksum(byte[] bytes) {
        var checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }

    private static String json(SortedMap<String, String> map) {
        try {
            return JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings are always JSON", e);
        }
    }

    private static SortedMap<String, String> swept(String json) throws IOException {
        return JSON.readValue(json, SWEPT);
    }
}
