package saddlefarm.http;

import java.util.List;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** Which stored runs a client means. */
final class Lookup {

    private static final int MOST_CANDIDATES = 100;

    private Lookup() {}

    /** The one run whose id begins with a text. */
    static RunSummary run(RunStore store, String prefix) {
        List<RunSummary> runs = prefix.isEmpty()
                ? List.of()
                : store.runs().stream()
                        .filter(run -> run.id().startsWith(prefix))
                        .toList();
        if (runs.isEmpty()) {
            throw ApiException.notFound("no run's id begins with " + prefix);
        }
        if (runs.size() > 1) {
            throw ApiException.ambiguous(
                    "the ids of %d runs begin with %s".formatted(runs.size(), prefix),
                    runs.stream().limit(MOST_CANDIDATES).map(RunSummary::id).toList());
        }
        return runs.get(0);
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
