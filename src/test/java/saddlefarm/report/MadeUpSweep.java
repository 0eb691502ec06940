package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunSummary;
import saddlefarm.statistics.Observation;

/** Groups of runs with outcomes that nobody trained. */
final class MadeUpSweep {

    private MadeUpSweep() {}

    /** A group with an outcome for each seed from 0 on, all of rank 1, and a plateau there. */
    static GroupOutcomes group(Map<String, String> values, List<Observation> escapes) {
        var outcomes = new ArrayList<Outcome>();
        for (int seed = 0; seed < escapes.size(); seed++) {
            outcomes.add(outcome(seed, escapes.get(seed), 1, 1));
        }
        return group(values, outcomes.toArray(Outcome[]::new));
    }

    static GroupOutcomes group(Map<String, String> values, Outcome... outcomes) {
        List<RunSummary> runs =
                List.of(outcomes).stream().map(outcome -> run(values, outcome)).toList();
        return new GroupOutcomes(new SweepGroup(new TreeMap<>(values), runs), List.of(outcomes));
    }

    static Outcome outcome(int seed, Observation escape, @Nullable Integer rank, @Nullable Integer firstPlateau) {
        return new Outcome(
                new TreeMap<>(Map.of("initialization.seed", Integer.toString(seed))), escape, rank, firstPlateau);
    }

    private static RunSummary run(Map<String, String> values, Outcome outcome) {
        var swept = new TreeMap<>(values);
        swept.putAll(outcome.seeds());
        return new RunSummary(
                "%012x".formatted(swept.hashCode()),
                "made-up",
                RunStatus.COMPLETED,
                new Progress(1, 1, 1, 1, 1, null),
                "ordered",
                swept,
                null);
    }
}
