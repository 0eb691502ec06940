package saddlefarm.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard.LiveRun;
import saddlefarm.run.RunStatus;

/** Runs as a farm would show them. */
final class LiveRuns {

    private LiveRuns() {}

    /** The runs of an experiment of linear networks with two layers that sweeps what it is told to. */
    static List<RunSpec> experiment(String name, String sweep) {
        String text = """
                name = %s
                network { depth = 2, width = 20, activation = linear }
                data { source = linear-teacher }
                descent { learning-rate = 0.1 }
                stop { max-steps = 10 }
                sweep { %s }
                """.formatted(name, sweep);
        return Experiment.parse(text, name, Path.of("."), List.of()).runs();
    }

    static RunSpec spec() {
        return experiment("one", "").get(0);
    }

    /** A specification of which nothing is real but the id, the experiment and the swept values. */
    static RunSpec named(String id, SortedMap<String, String> swept) {
        return made(id, swept, 0);
    }

    static RunSpec prioritized(String id, int priority) {
        return made(id, new TreeMap<>(), priority);
    }

    private static RunSpec made(String id, SortedMap<String, String> swept, int priority) {
        RunSpec spec = spec();
        return new RunSpec(
                id,
                spec.experiment(),
                spec.architecture(),
                spec.data(),
                spec.initialization(),
                spec.loss(),
                spec.descent(),
                spec.limits(),
                spec.stopRules(),
                spec.observe(),
                spec.backend(),
                null,
                spec.checkpointEvery(),
                priority,
                null,
                swept,
                spec.specification());
    }

    static RunSpec named(String id) {
        return named(id, new TreeMap<>());
    }

    /** A run of which there is no row yet. */
    static LiveRun fresh(RunSpec spec, RunStatus status) {
        return new LiveRun(spec, status, 0, null, 0L, 0, 0, null, List.of());
    }

    /** A run with a row of two layers, of three and two singular values. */
    static LiveRun withRow(RunSpec spec, RunStatus status) {
        return withSpectra(spec, status, new double[][] {{4, 0.5, 0.25}, {3, 1.5}});
    }

    static LiveRun withSpectra(RunSpec spec, RunStatus status, double[][] singularValues) {
        var row = new Snapshot(120, 12.5, 0.75, 0.0625, 5, 1, new Spectra(singularValues));
        return new LiveRun(spec, status, 123, row, null, 1, 1, null, List.of(1, 2));
    }
}
