package saddlefarm.detector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;

/**
 * One of the bench's experiments, each run of which has a teacher and initial weights of its own.
 *
 * @param name its task, depth, and what tells it from others of these
 */
record Configuration(String name, List<RunSpec> runs) {

    /** Runs of each configuration. */
    static final int RUNS = 8;

    /**
     * Configuration c, from 0, has the seeds that begin 100 c after this one. The seeds of experiment files and of
     * other tests are below 1000, and the detector was set on none of these runs.
     */
    private static final long FIRST_SEED = 20_000;

    private static final String TABLE = """
            data                depth  width  dimension  samples  strengths              scale  rate    stop
            linear-teacher      2      20     10         40       [4,2,1,0.5]            1e-6   0.0375  loss=1e-8
            linear-teacher      2      20     10         40       [3,2,1.2]              1e-4   0.02    gradient-norm=1e-6
            linear-teacher      2      40     12         60       [6,4.2,3,2.1,1.5,1]    1e-7   0.02    loss=1e-8
            linear-teacher      3      20     10         40       [5,2.5,1.2]            0.02   0.01    loss=1e-8
            linear-teacher      3      12     8          20       [3,2,1.2]              0.03   0.02    gradient-norm=1e-6
            linear-teacher      3      20     10         40       [4,2,1,0.5]            0.1    0.0157  loss=1e-8
            linear-teacher      4      20     10         40       [4,2,1]                0.1    0.0094  loss=1e-8
            linear-teacher      4      30     10         20       [3,1.5]                0.07   0.015   loss=1e-8
            linear-teacher      5      20     10         20       [4,2,1]                0.18   0.008   loss=1e-8
            linear-teacher      2      20     10         40       [4,2,1]                0.5    0.02    loss=1e-8
            linear-teacher      3      20     10         40       [4,2,1]                0.5    0.01    loss=1e-3
            linear-teacher      3      20     10         40       [4,2,1]                1      0.01    loss=1e-8
            orthogonal-teacher  3      30     10         -        [4,2,1]                0.05   0.01    loss=1e-5
            orthogonal-teacher  4      40     12         -        [5,2,1]                0.2    0.01    loss=1e-5
            positive-teacher    3      30     10         60       [4,2,1]                0.05   0.01    loss=1e-5
            positive-teacher    4      40     10         60       [4,2,1]                0.2    0.01    loss=1e-3
            positive-teacher    5      30     8          50       [4,2,1]                0.35   0.006   loss=1e-3
            positive-teacher    6      30     8          50       [4,2,1]                0.45   0.004   loss=1e-3
            relu-teacher        3      30     10         60       [4,2,1]                0.05   0.01    loss=0.03
            relu-teacher        4      40     10         60       [4,2,1]                0.2    0.01    loss=0.03
            relu-teacher        3      30     10         60       [4,2,1]                1      0.01    loss=0.03
            linear-teacher      2      20     10         40       [6,4,2.7,1.8]          1e-9   0.02    loss=1e-8
            linear-teacher      3      20     10         40       [4,2,1]                0.02   0.09    loss=1e-8
            positive-teacher    4      30     8          50       [4,2,1]                0.2    0.02    loss=1e-3
            """;

    /** All of them. */
    static List<Configuration> all() {
        List<Configuration> all = new ArrayList<>();
        for (String row : TABLE.lines().skip(1).toList()) {
            all.add(of(List.of(row.trim().split("\\s+", -1)), FIRST_SEED + 100L * all.size()));
        }
        return all;
    }

    private static Configuration of(List<String> row, long seed) {
        String data = row.get(0);
        String strengths = row.get(5);
        String name = "%s L=%s w=%s %s α=%s"
                .formatted(data.replace("-teacher", ""), row.get(1), row.get(2), strengths, row.get(6));
        String experiment = """
                name = "%s"
                network { depth = %s, width = %s, activation = %s }
                data { source = %s, dimension = %s, %s strengths = %s }
                initialization { scale = %s }
                descent { learning-rate = %s }
                stop { %s, max-steps = 40000 }
                observe { every-steps = 10 }
                sweep {
                  data.seed = "range(%d, %d)"
                  initialization.seed = "range(%d, %d)"
                  zip = [["data.seed", "initialization.seed"]]
                }
                """.formatted(
                        name,
                        row.get(1),
                        row.get(2),
                        data.equals("linear-teacher") ? "linear" : "relu",
                        data,
                        row.get(3),
                        row.get(4).equals("-") ? "" : "samples = " + row.get(4) + ",",
                        strengths,
                        row.get(6),
                        row.get(7),
                        row.get(8),
                        seed,
                        seed + RUNS,
                        seed,
                        seed + RUNS);
        return new Configuration(
                name,
                Experiment.parse(experiment, "detector bench", Path.of("."), List.of())
                        .runs());
    }
}
