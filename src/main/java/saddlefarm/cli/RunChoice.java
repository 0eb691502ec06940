package saddlefarm.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** Which stored runs a user means. */
final class RunChoice {

    private static final int MOST_LISTED = 5;

    private RunChoice() {}

    /**
     * The runs that a prefix of an id or the name of an experiment allows, of both both; all where neither is given.
     */
    static List<RunSummary> runs(RunStore store, @Nullable String prefix, @Nullable String experiment) {
        if (prefix == null) {
            return experiment != null ? experiment(store, experiment) : store.runs();
        }
        RunSummary one = run(store, prefix);
        if (experiment != null && !one.experiment().equals(experiment)) {
            throw new Misuse("run %s is of experiment %s, not %s".formatted(one.id(), one.experiment(), experiment));
        }
        return List.of(one);
    }

    /** The one run whose id begins with this text. */
    static RunSummary run(RunStore store, String prefix) {
        List<RunSummary> runs =
                store.runs().stream().filter(run -> run.id().startsWith(prefix)).toList();
        if (runs.isEmpty()) {
            throw new Misuse("no run's id begins with %s; see %s runs".formatted(prefix, Main.PROGRAM));
        }
        if (runs.size() > 1) {
            throw new Misuse("the ids of %d runs begin with %s: %s"
                    .formatted(
                            runs.size(),
                            prefix,
                            runs.stream().limit(MOST_LISTED).map(RunSummary::id).collect(Collectors.joining(", "))
                                    + (runs.size() > MOST_LISTED ? ", …" : "")));
        }
        return runs.get(0);
    }

    /** The runs of an experiment. */
    static List<RunSummary> experiment(RunStore store, String name) {
        List<RunSummary> all = store.runs();
        List<RunSummary> runs =
                all.stream().filter(run -> run.experiment().equals(name)).toList();
        if (runs.isEmpty()) {
            throw new Misuse("no experiment is called %s; there is %s"
                    .formatted(
                            name,
                            all.isEmpty()
                                    ? "none"
                                    : all.stream()
                                            .map(RunSummary::experiment)
                                            .distinct()
                                            .collect(Collectors.joining(", "))));
        }
        return runs;
    }
}
