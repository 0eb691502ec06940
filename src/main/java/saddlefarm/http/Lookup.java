package saddlefarm.http;

import java.util.List;
import java.util.Optional;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** Which stored runs a client means. */
final class Lookup {

    private static final int MOST_CANDIDATES = 100;

    private Lookup() {}

    /** The one run whose id begins with a text. */
    static RunSummary run(RunStore store, String prefix) {
        return run(store.runs(), prefix);
    }

    /** The same, of all runs. */
    static RunSummary run(List<RunSummary> all, String prefix) {
        return find(all, prefix).orElseThrow(() -> ApiException.notFound("no run's id begins with " + prefix));
    }

    /** The same where it may be that there is none. */
    static Optional<RunSummary> find(List<RunSummary> all, String prefix) {
        List<RunSummary> runs = prefix.isEmpty()
                ? List.of()
                : all.stream().filter(run -> run.id().startsWith(prefix)).toList();
        if (runs.size() > 1) {
            throw ApiException.ambiguous(
                    "the ids of %d runs begin with %s".formatted(runs.size(), prefix),
                    runs.stream().limit(MOST_CANDIDATES).map(RunSummary::id).toList());
        }
        return runs.stream().findFirst();
    }

    /** The runs of an experiment. */
    static List<RunSummary> experiment(RunStore store, String name) {
        List<RunSummary> runs = store.runs().stream()
                .filter(run -> run.experiment().equals(name))
                .toList();
        if (runs.isEmpty()) {
            throw ApiException.notFound("no experiment is called " + name);
        }
        return runs;
    }
}
