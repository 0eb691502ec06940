package saddlefarm.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.Replay;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.WarmUp;
import saddlefarm.report.ReplayTables;
import saddlefarm.run.Progress;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredSpec;

/** Computes a stretch of a run again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Computes a stretch of a run again from the nearest state that is stored, bit for bit, and writes more of it"
                    + " than was recorded then: a row of every N-th step with all singular values. Rows that are stored"
                    + " are compared on the way. The run itself is not changed.",
            "",
            "For example: saddlefarm replay 2f49 --from 10000 --to 10400 --every 5"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final long PERIOD_NANOS = 2_000_000_000;

    @Parameters(paramLabel = "RUN", description = "Id of the run, or the beginning of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String run;

    @Option(names = "--from", paramLabel = "STEP", required = true, description = "First step.")
    private long from;

    @Option(names = "--to", paramLabel = "STEP", description = "Last step (default: where the run is).")
    private @Nullable Long to;

    @Option(
            names = "--every",
            paramLabel = "N",
            defaultValue = "1",
            description = "Steps from row to row (default: 1).")
    private long every;

    @Option(
            names = "--curvature",
            description = "Also the least and the greatest eigenvalue of the Hessian, for which a row takes as long as"
                    + " about 80 steps.")
    private boolean curvature;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description =
                    "Directory for the tables, those of an earlier replay in it replaced (default: replay- and the"
                            + " run's id, unless tables are there already).")
    private @Nullable Path into;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (var store = out.read()) {
            RunSummary summary = RunChoice.run(store, run);
            RunSpec asked = StoredSpec.of(store, summary);
            var replay = new Replay(asked, store, new TaskLibrary());
            Replay.Steps steps = steps(summary, replay);
            Path directory = directory(summary);
            WarmUp.run(Kernels.of(asked.backend()));
            DescentState start = replay.nearest(steps.from());
            err.printf("from the state at step %d%n", start.step());
            return write(summary, replay, start, steps, directory, err);
        }
    }

    private Path directory(RunSummary summary) {
        Path directory = into == null ? Path.of("replay-" + summary.id()) : into;
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new Misuse(directory + " is a file, not a directory");
        }
        if (into == null && Files.exists(directory.resolve(ReplayTables.SNAPSHOTS))) {
            throw new Misuse(
                    "%s holds a replay already; --into DIR says where to write, and may name it to replace that"
                            .formatted(directory));
        }
        return directory;
    }

    private static int write(
            RunSummary summary,
            Replay replay,
            DescentState start,
            Replay.Steps steps,
            Path directory,
            PrintWriter err) {
        int[] compared = {0};
        long[] rows = {0};
        long[] told = {System.nanoTime()};
        try {
            Files.createDirectories(directory);
            ReplayTables.write(directory, summary.id(), steps.curvature(), sink -> {
                compared[0] = replay.read(start, steps, (row, at) -> {
                    sink.row(row, at);
                    rows[0]++;
                    if (System.nanoTime() - told[0] > PERIOD_NANOS) {
                        told[0] = System.nanoTime();
                        err.printf("at step %d of %d%n", row.step(), steps.to());
                    }
                });
            });
        } catch (Replay.MismatchException e) {
            err.println(e.getMessage());
            return ExitCode.FAILURE;
        } catch (IOException e) {
            throw new Misuse("cannot write to %s: %s".formatted(directory, e.getMessage()));
        }
        err.printf(
                "%d rows of run %s written to %s; %d stored rows were passed, all the same to the last bit%n",
                rows[0], summary.id(), directory, compared[0]);
        return ExitCode.OK;
    }

    private Replay.Steps steps(RunSummary summary, Replay replay) {
        @Nullable Progress progress = summary.progress();
        if (progress == null) {
            throw new Misuse("run %s has not begun".formatted(summary.id()));
        }
        long first = replay.first();
        long last = to == null ? progress.step() : to;
        if (from < first || from > progress.step()) {
            throw new Misuse("--from must be from %d to %d, where run %s is, but was %d"
                    .formatted(first, progress.step(), summary.id(), from));
        }
        if (last < from || last > progress.step()) {
            throw new Misuse("--to must be from %d to %d, where run %s is, but was %d"
                    .formatted(from, progress.step(), summary.id(), last));
        }
        if (every < 1) {
            throw new Misuse("--every must be at least 1 but was " + every);
        }
        return new Replay.Steps(from, last, every, curvature);
    }
}
