package saddlefarm.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.cluster.ClusterSettings;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.FarmListener;
import saddlefarm.http.EventFeed;
import saddlefarm.http.Webhooks;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredSpec;
import saddlefarm.run.Wish;
import saddlefarm.store.PostgresDatabase;
import saddlefarm.store.ResultsPlace;

/**
 * A place of results that this process, or the nodes of one farm, write to, and the farms that train runs into it, one
 * after the other. When the process is told to end, everything is committed and the user is told how to go on.
 */
final class FarmSession implements AutoCloseable {

    /** How long a process that is told to end may take to commit. */
    static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(70);

    private final ProcessSettings settings;
    private final boolean progress;
    private final @Nullable Integer port;
    private final PrintWriter err;
    private final Interruption interruption;
    private final RunStore store;
    private final Supplier<RunStore> reader;
    private final TaskLibrary tasks = new TaskLibrary();

    /**
     * @param progress whether to tell what happens while runs train
     * @param port to serve metrics and the API at while runs train, 0 for any; null for none
     * @param err where everything is told
     * @param command that goes on after an interruption
     */
    FarmSession(
            ResultsPlace place,
            ProcessSettings settings,
            boolean progress,
            @Nullable Integer port,
            PrintWriter err,
            String command) {
        this.settings = settings;
        this.progress = progress;
        this.port = port;
        this.err = err;
        reader = () -> place.openReadOnly();
        interruption = new Interruption(err, command);
        Runtime.getRuntime().addShutdownHook(interruption);
        try {
            store = place.open();
        } catch (RuntimeException e) {
            interruption.remove();
            throw e;
        }
    }

    /**
     * Does what is wanted of the stored runs, and all that the API asks for, until the process is told to end. A run
     * that cannot be read again is told and left alone.
     *
     * @param listen the port, 0 for any
     * @param warmUp what has to be done before the first step
     */
    void serve(int listen, CompletableFuture<Void> warmUp) {
        Map<Wish, List<RunSpec>> wished = new EnumMap<>(Wish.class);
        for (RunStore.Wished each : store.wished()) {
            read(each.run())
                    .ifPresent(run -> wished.computeIfAbsent(each.wish(), wish -> new ArrayList<>())
                            .add(run));
        }
        List<RunSpec> toPredict =
                store.unpredicted().stream().flatMap(run -> read(run).stream()).toList();
        serve(
                listen,
                warmUp,
                feed -> {
                    var farm = new LocalFarm(settings, tasks, store, feed, feed);
                    // Before anybody can order anything else of these runs.
                    farm.begin(wished, toPredict);
                    return farm;
                },
                "%d runs to go on with"
                        .formatted(wished.getOrDefault(Wish.TRAIN, List.of()).size()));
    }

    /** The same as a node of a farm of many, whose head reads what is wanted. */
    void serveAsNode(ClusterSettings cluster, PostgresDatabase database, int listen, CompletableFuture<Void> warmUp) {
        serve(
                listen,
                warmUp,
                feed -> new ClusterFarm(settings, cluster, database, tasks, store, feed),
                "a node at %s:%d".formatted(cluster.host(), cluster.port()));
    }

    private void serve(
            int listen, CompletableFuture<Void> warmUp, Function<EventFeed, FarmProcess> begun, String what) {
        try (var metrics = new FarmMetrics(settings.metricsSeries());
                var webhooks = new Webhooks(settings.webhookSecret(), events())) {
            var feed = new EventFeed(metrics, webhooks);
            warmUp.join();
            try (var farm = begun.apply(feed)) {
                interruption.arm(() -> commitAll(farm, webhooks));
                String url = farm.serve(settings, listen, metrics, feed, reader, true);
                err.printf("Serving %s, %s%n", url, what);
                err.flush();
                farm.work();
            }
        }
    }

    private FarmListener events() {
        return progress ? new EventLines(err::println) : new EventLines(line -> {});
    }

    private Optional<RunSpec> read(RunSummary run) {
        try {
            return Optional.of(StoredSpec.of(store, run));
        } catch (ExperimentException e) {
            err.printf("run %s is left alone, for it cannot be read again: %s%n", run.id(), e.getMessage());
            return Optional.empty();
        }
    }

    RunStore store() {
        return store;
    }

    /**
     * Trains runs until each has ended; those that have ended already are left as they are.
     *
     * @param warmUp what has to be done before the first step
     * @param lastWords said when the process is ending and all is committed
     */
    void train(List<RunSpec> runs, CompletableFuture<Void> warmUp, Runnable lastWords) {
        LocalFarm.requireMemory(settings, runs);
        store.register(runs);
        Map<String, RunStatus> statuses =
                store.runs().stream().collect(Collectors.toMap(RunSummary::id, RunSummary::status));
        List<RunSpec> toTrain = toTrain(runs, statuses);
        List<RunSpec> toPredict = toPredict(runs);
        wantTrained(toTrain);
        if (toTrain.isEmpty() && toPredict.isEmpty()) {
            return;
        }
        try (var metrics = new FarmMetrics(settings.metricsSeries())) {
            var board = new LiveBoard(port == null ? new NoBoard() : metrics);
            try (var display = new Display(progress ? display(board, toTrain) : null);
                    var webhooks = new Webhooks(settings.webhookSecret(), display)) {
                var feed = new EventFeed(board, webhooks);
                try (var farm = new LocalFarm(settings, tasks, store, feed, feed)) {
                    if (port != null) {
                        err.println("Serving " + farm.serve(settings, port, metrics, feed, reader, false));
                    }
                    interruption.arm(() -> commitAll(farm, webhooks, display, lastWords));
                    warmUp.join();
                    farm.train(toTrain, toPredict);
                    interruption.disarm();
                }
            }
        }
    }

    private static boolean commitAll(FarmProcess farm, Webhooks webhooks, Display display, Runnable lastWords) {
        display.close();
        boolean committed = commitAll(farm, webhooks);
        lastWords.run();
        return committed;
    }

    /** Ends all training, and waits for who is notified; returns whether everything was committed in time. */
    private static boolean commitAll(FarmProcess farm, Webhooks webhooks) {
        boolean committed = farm.shutDown(SHUTDOWN_PATIENCE);
        webhooks.settle();
        return committed;
    }

    /** What is stored of runs, in their order. */
    List<RunSummary> summaries(List<RunSpec> runs) {
        Map<String, RunSummary> stored =
                store.runs().stream().collect(Collectors.toMap(RunSummary::id, Function.identity()));
        return runs.stream()
                .flatMap(run -> Optional.ofNullable(stored.get(run.id())).stream())
                .toList();
    }

    @Override
    public void close() {
        try {
            store.close();
        } finally {
            interruption.remove();
        }
    }

    /** Unfinished and failed runs; diverged ones would diverge again, and cancelled ones are not wanted. */
    private static List<RunSpec> toTrain(List<RunSpec> runs, Map<String, RunStatus> statuses) {
        var toTrain = new ArrayList<RunSpec>();
        for (RunSpec run : runs) {
            RunStatus status = statuses.getOrDefault(run.id(), RunStatus.QUEUED);
            if (!status.ended() || status == RunStatus.FAILED) {
                toTrain.add(run);
            }
        }
        return toTrain;
    }

    /** Also what was paused; but what somebody wanted cancelled, of a farm that ended before it was, is cancelled. */
    private void wantTrained(List<RunSpec> runs) {
        // Of most nothing has to be noted: they are new.
        Set<String> noted = store.wished().stream()
                .filter(wished -> wished.wish() != Wish.PAUSE)
                .map(wished -> wished.run().id())
                .collect(Collectors.toSet());
        store.want(
                runs.stream()
                        .map(RunSpec::id)
                        .filter(run -> !noted.contains(run))
                        .toList(),
                Wish.TRAIN);
    }

    /** Runs that are over but whose theory is missing, because nobody waited for it. */
    private List<RunSpec> toPredict(List<RunSpec> runs) {
        Set<String> missing = store.unpredicted().stream().map(RunSummary::id).collect(Collectors.toSet());
        return runs.stream()
                .filter(run -> run.hasTheory() && missing.contains(run.id()))
                .toList();
    }

    private ProgressDisplay display(LiveBoard board, List<RunSpec> runs) {
        return new ProgressDisplay(
                err,
                board,
                runs,
                Boolean.getBoolean("saddlefarm.terminal"),
                Integer.getInteger("saddlefarm.columns", 100));
    }
}
