package saddlefarm.farm;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;

/**
 * Which of the runs that wait is next. Those of the highest priority come first; among these the experiment that has
 * the fewest active runs, and of several that which was served longest ago; in it the run that waits longest. A run
 * that does not fit into what memory is left holds up those behind it, so that large ones get their turn: when it is
 * alone it is admitted in any case.
 *
 * <p>An experiment none of whose runs wait is forgotten when all that wait have been served since: it would come before
 * them in any case, as one that was never served does. Of several such the one that comes first is served first.
 */
final class Admission {

    /** Of one experiment at one priority. */
    private static final class Line {

        private final Map<String, RunSpec> runs = new LinkedHashMap<>();
        private long served;
    }

    private int mostRuns;
    private long mostBytes;
    private final ToLongFunction<RunSpec> bytes;
    private final NavigableMap<Integer, Map<String, Line>> lines = new TreeMap<>();
    private final Map<String, Integer> priorities = new HashMap<>();
    private final Map<String, Integer> active = new HashMap<>();
    private int activeRuns;
    private long activeBytes;
    private long served;

    /**
     * @param mostRuns that may be active, ≥ 1
     * @param mostBytes that they may need together
     * @param bytes what a run needs while it is active, by estimate
     */
    Admission(int mostRuns, long mostBytes, ToLongFunction<RunSpec> bytes) {
        limit(mostRuns, mostBytes);
        this.bytes = bytes;
    }

    /** From now on; runs that are active stay so. */
    void limit(int runs, long ofBytes) {
        mostRuns = runs;
        mostBytes = ofBytes;
    }

    /** Lets a run wait; false if it waits already. */
    boolean add(RunSpec run) {
        if (priorities.putIfAbsent(run.id(), run.priority()) != null) {
            return false;
        }
        lines.computeIfAbsent(run.priority(), priority -> new LinkedHashMap<>())
                .computeIfAbsent(run.experiment(), name -> new Line())
                .runs
                .put(run.id(), run);
        return true;
    }

    /** Lets a run wait no longer; null if it does not wait. */
    @Nullable
    RunSpec remove(String id) {
        @Nullable Integer priority = priorities.remove(id);
        if (priority == null) {
            return null;
        }
        for (Line line : lines.getOrDefault(priority, Map.of()).values()) {
            @Nullable RunSpec run = line.runs.remove(id);
            if (run != null) {
                forgetSome(priority);
                return run;
            }
        }
        throw new IllegalStateException("run " + id + " is in no line");
    }

    private void forgetSome(int priority) {
        Collection<Line> known = lines.getOrDefault(priority, Map.of()).values();
        long longestAgo = known.stream()
                .filter(line -> !line.runs.isEmpty())
                .mapToLong(line -> line.served)
                .min()
                .orElse(Long.MAX_VALUE);
        known.removeIf(line -> line.runs.isEmpty() && line.served < longestAgo);
        if (known.isEmpty()) {
            lines.remove(priority);
        }
    }

    /** Experiments, at each priority, that are not forgotten. */
    int known() {
        return lines.values().stream().mapToInt(Map::size).sum();
    }

    /** Lets nobody wait any longer. */
    void clear() {
        lines.clear();
        priorities.clear();
    }

    boolean empty() {
        return priorities.isEmpty();
    }

    /** The next run, if it may begin now; it waits no longer then. */
    @Nullable
    RunSpec next() {
        Line line = activeRuns < mostRuns ? nextLine() : null;
        if (line == null) {
            return null;
        }
        RunSpec run = line.runs.values().iterator().next();
        if (activeRuns > 0 && activeBytes + bytes.applyAsLong(run) > mostBytes) {
            return null;
        }
        line.served = ++served;
        return remove(run.id());
    }

    private @Nullable Line nextLine() {
        for (var ofPriority : lines.descendingMap().values()) {
            @Nullable Line best = null;
            int least = 0;
            for (var ofExperiment : ofPriority.entrySet()) {
                Line line = ofExperiment.getValue();
                int count = active.getOrDefault(ofExperiment.getKey(), 0);
                boolean better = best == null || count < least || (count == least && line.served < best.served);
                if (!line.runs.isEmpty() && better) {
                    best = line;
                    least = count;
                }
            }
            if (best != null) {
                return best;
            }
        }
        return null;
    }

    /** Counts a run as active, whether it waited or not. */
    void begun(RunSpec run) {
        activeRuns++;
        activeBytes += bytes.applyAsLong(run);
        active.merge(run.experiment(), 1, Integer::sum);
    }

    /** Counts a run that was active no longer. */
    void ended(RunSpec run) {
        activeRuns--;
        activeBytes -= bytes.applyAsLong(run);
        active.computeIfPresent(run.experiment(), (name, count) -> count == 1 ? null : count - 1);
    }
}
