package saddlefarm.http;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.FarmListener;
import saddlefarm.run.PassingBoard;
import saddlefarm.run.Progress;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredFinding;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;

/**
 * What happens in a farm, for any number of clients to read at their own pace: a log that keeps of each run the last
 * status, the last row and every finding, each with a number that only grows. A client is a number up to which it has
 * read, so one that is slow costs nothing, and sees fewer rows. Passes everything on to a board and a listener.
 */
public final class EventFeed extends PassingBoard implements FarmListener {

    /** How many ended runs are remembered; those who were away for longer read what is stored. */
    static final int ENDED_RUNS = 1000;

    private static final String STATUS = "status";

    /**
     * An event.
     *
     * @param number of the log; only grows
     * @param ours whether it happened on this node, or was heard of from another
     */
    record Entry(long number, boolean ours, Told told) {}

    /**
     * What is told of a run.
     *
     * @param what of the run it tells: what was told of that before is replaced
     * @param time at which it happened, in milliseconds, by the clock of the node where it did
     * @param ended whether it tells that the run has ended
     */
    record Told(String run, String experiment, String what, long time, boolean ended, Event event) {}

    /** How far apart the clocks of nodes may be. */
    private static final long CLOCKS_AGREE_MILLIS = 1000;

    private final FarmListener listener;
    private final String name = "%016x".formatted(ThreadLocalRandom.current().nextLong());

    // Written under this object's lock, so that no reader that has seen a number misses a smaller one.
    private final ConcurrentSkipListMap<Long, Entry> log = new ConcurrentSkipListMap<>();
    private final Map<String, Map<String, Long>> numbers = new HashMap<>();
    // of runs that have not come to rest since
    private final Map<String, Finding.Transition> lastTransitions = new HashMap<>();
    private final Map<String, Long> rowSteps = new HashMap<>();
    private final Set<String> ended = new LinkedHashSet<>();
    // how many clients read, and how many of them want the details of a run
    private final AtomicInteger followers = new AtomicInteger();
    private final ConcurrentMap<String, Integer> detailed = new ConcurrentHashMap<>();
    private long last;
    private volatile long forgotten;

    public EventFeed(RunBoard board, FarmListener listener) {
        super(board);
        this.listener = listener;
    }

    /** What tells this farm's numbers from those of the one that was here before it was started again. */
    String name() {
        return name;
    }

    /** The greatest number of an event. */
    synchronized long last() {
        return last;
    }

    /** The greatest number of an event that was forgotten, and not replaced by a newer one. */
    long forgotten() {
        return forgotten;
    }

    /** The events that came after a number and were not replaced since, in order; grows while it is read. */
    Iterable<Entry> after(long number) {
        return log.tailMap(number, false).values();
    }

    // --- who reads ---

    /** A client reads from now on, of some runs with details. */
    void followed(Set<String> details) {
        followers.incrementAndGet();
        details.forEach(run -> detailed.merge(run, 1, Integer::sum));
    }

    /** A client that read with these details reads no more. */
    void left(Set<String> details) {
        followers.decrementAndGet();
        details.forEach(run -> detailed.computeIfPresent(run, (id, count) -> count == 1 ? null : count - 1));
    }

    /** Clients that read now. */
    int followers() {
        return followers.get();
    }

    /** The runs whose details somebody wants. */
    Set<String> detailed() {
        return Set.copyOf(detailed.keySet());
    }

    // --- what is heard of from other nodes ---

    /** Takes an event of another node, unless a later one is known already: a run may have moved meanwhile. */
    synchronized void hear(Told told) {
        @Nullable Long number = numbers.getOrDefault(told.run, Map.of()).get(told.what);
        @Nullable Entry known = number == null ? null : log.get(number);
        if (known == null || known.told.time <= told.time) {
            publish(told, false);
        }
    }

    /** Events of another node were missed: clients have to read again what is stored. */
    synchronized void missSome() {
        forgotten = last;
    }

    // --- what happens ---

    @Override
    public void show(LiveRun run) {
        synchronized (this) {
            if (run.status() == RunStatus.QUEUED && run.snapshot() == null) {
                // A run that waits: nobody supervises it yet, and what the node tells that takes it up has to be newer.
                publish(
                        run.spec(),
                        STATUS,
                        System.currentTimeMillis() - CLOCKS_AGREE_MILLIS,
                        false,
                        status(RunSummary.of(run.spec(), run.status(), null, null)));
            }
            @Nullable Snapshot row = run.snapshot();
            if (row != null
                    && !Objects.equals(row.step(), rowSteps.put(run.spec().id(), row.step()))) {
                publish(run.spec(), "snapshot", false, snapshot(run, row));
            }
        }
        super.show(run);
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        synchronized (this) {
            if (finding instanceof Finding.PlateauFound found) {
                int number = found.plateau().number();
                publish(
                        run,
                        "plateau " + number,
                        false,
                        finding(
                                run.id(),
                                run.experiment(),
                                new StoredPlateau(found.plateau(), found.spectra(), found.saddle(), found.escape())));
                Finding.@Nullable Transition before = lastTransitions.get(run.id());
                if (before != null && before.number() == number) {
                    lastTransitions.remove(run.id());
                    publishTransition(run, before, found.plateau().rank());
                }
            } else if (finding instanceof Finding.Transition transition) {
                lastTransitions.put(run.id(), transition);
                publishTransition(run, transition, null);
            }
        }
        listener.found(run, finding);
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        synchronized (this) {
            Finding.@Nullable Transition before = lastTransitions.get(run.id());
            if (before != null) {
                // The final rank, and no rank of a run that is taken up again.
                publishTransition(run, before, status.ended() && progress != null ? progress.rank() : null);
            }
            publishStatus(run, status, progress, cause);
        }
        listener.changed(run, status, progress, cause);
    }

    @Override
    public void broken(Throwable why) {
        listener.broken(why);
    }

    @Override
    public void predicting(RunSpec run, int restarts) {
        listener.predicting(run, restarts);
    }

    // --- the log ---

    private void publish(RunSpec run, String what, boolean ends, Event event) {
        publish(run, what, System.currentTimeMillis(), ends, event);
    }

    private void publish(RunSpec run, String what, long time, boolean ends, Event event) {
        publish(new Told(run.id(), run.experiment(), what, time, ends, event), true);
    }

    private void publish(Told told, boolean ours) {
        last++;
        @Nullable
        Long before = numbers.computeIfAbsent(told.run, id -> new HashMap<>()).put(told.what, last);
        log.put(last, new Entry(last, ours, told));
        if (before != null) {
            log.remove(before);
        }
        if (told.what.equals(STATUS)) {
            ended.remove(told.run);
            if (told.ended) {
                ended.add(told.run);
                forgetOldest();
            }
        }
    }

    private void publishStatus(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        publish(run, STATUS, status.ended(), status(RunSummary.of(run, status, progress, cause)));
    }

    private void publishTransition(RunSpec run, Finding.Transition transition, @Nullable Integer rankAfter) {
        publish(
                run,
                "transition " + transition.number(),
                false,
                finding(run.id(), run.experiment(), new StoredTransition(transition, rankAfter)));
    }

    private void forgetOldest() {
        Iterator<String> oldest = ended.iterator();
        while (ended.size() > ENDED_RUNS) {
            String run = oldest.next();
            oldest.remove();
            lastTransitions.remove(run);
            rowSteps.remove(run);
            Map<String, Long> its = numbers.getOrDefault(run, Map.of());
            numbers.remove(run);
            for (long number : its.values()) {
                // Before it goes, so that no reader misses it without knowing.
                forgotten = Math.max(forgotten, number);
                log.remove(number);
            }
        }
    }

    // --- events ---

    /** A run at a glance; what is not known now is left out, so that what was known before still holds. */
    static Event status(RunSummary run) {
        return new Event("status", () -> {
            Map<String, @Nullable Object> document = RunDocument.summary(run);
            if (run.progress() == null) {
                document.keySet().removeAll(Set.of("steps", "flow_time", "loss", "rank", "plateaus"));
            }
            return document;
        });
    }

    private static Event snapshot(LiveRun run, Snapshot row) {
        return new Event(
                "snapshot",
                () -> {
                    var document = new LinkedHashMap<String, @Nullable Object>();
                    document.put("run", run.spec().id());
                    document.put("step", row.step());
                    document.put("flow_time", row.flowTime());
                    document.put("loss", row.loss());
                    document.put("gradient_norm", row.gradientNorm());
                    document.put("parameter_norm", row.parameterNorm());
                    document.put("rank", row.rank());
                    document.put("plateau_since", run.plateauSince());
                    document.put("plateaus", run.plateaus());
                    document.put("transitions", run.transitions());
                    document.put("layer_ranks", run.layerRanks());
                    @Nullable Curvature curvature = run.curvature();
                    document.put("lambda_min", curvature == null ? null : curvature.lambdaMin());
                    document.put("sharpness", curvature == null ? null : curvature.lambdaMax());
                    return document;
                },
                () -> Map.of("singular_values", RunDocument.layers(row.spectra())));
    }

    /** A finding as it is exported. Keeps no more of it: how a plateau was left is as large as the network. */
    static Event finding(String run, String experiment, StoredFinding.Found found) {
        if (found instanceof StoredPlateau stored) {
            Plateau plateau = stored.plateau();
            return finding(run, experiment, found, "plateau", () -> RunDocument.plateau(plateau));
        }
        var transition = (StoredTransition) found;
        return finding(run, experiment, found, "transition", () -> RunDocument.transition(transition));
    }

    private static Event finding(
            String run,
            String experiment,
            StoredFinding.Found found,
            String kind,
            Supplier<Map<String, @Nullable Object>> columns) {
        String id = StoredFinding.id(run, found);
        return new Event("finding", () -> {
            var document = new LinkedHashMap<String, @Nullable Object>();
            document.put("id", id);
            document.put("finding", kind);
            document.put("run", run);
            document.put("experiment", experiment);
            document.putAll(columns.get());
            return document;
        });
    }
}
