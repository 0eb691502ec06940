package saddlefarm.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.WarmUp;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.store.OutputDirectory;

/** Trains the runs of experiments. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Trains the runs of experiments until each has ended. Runs that have finished already are skipped, unfinished"
                    + " ones are resumed from their last commit.",
            "",
            "For example: saddlefarm run config/first-light.conf initialization.scale=0.1 --parallel 2"
        })
final class RunCommand implements Callable<Integer> {

    private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(80);
    private static final int MOST_RUNS_IN_FULL = 12;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|KEY=VALUE",
            description = "Experiment files, and values of keys for all of them, which win over the files.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> arguments;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Trainings that compute at once (default: processors).")
    private @Nullable Integer parallel;

    @Option(names = "--dry-run", description = "Print the runs and what they will cost, and start none.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Option(names = "--no-progress", description = "Tell nothing while the runs train.")
    private boolean noProgress;

    @Option(
            names = "--serve",
            paramLabel = "PORT",
            description = "Serve /metrics, /ready and /alive while the runs train; 0 for any free port.")
    private @Nullable Integer serve;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings of the process: farm.* and http.*.")
    private @Nullable Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        // Beside everything that happens before the first step.
        var warmUp = CompletableFuture.runAsync(() -> WarmUp.run(Kernels.ordered()));
        ProcessSettings settings = settings();
        if (serve != null && (serve < 0 || serve > 65_535)) {
            throw new Misuse("--serve must be from 0 to 65535 but was " + serve);
        }
        if (serve != null && serve != 0) {
            LocalFarm.requireFree(settings.host(), serve);
        }
        List<RunSpec> runs = runs();
        var tasks = new TaskLibrary();
        if (dryRun) {
            warmUp.join();
            forecast(runs, settings, tasks);
            return ExitCode.OK;
        }
        var interruption = new Interruption(error(), thisCommand());
        Runtime.getRuntime().addShutdownHook(interruption);
        try (var directory = OutputDirectory.open(out.directory);
                var store = directory.openStore()) {
            store.register(runs);
            List<RunSpec> toTrain = toTrain(runs, store);
            List<RunSpec> toPredict = toPredict(runs, store);
            if (!toTrain.isEmpty() || !toPredict.isEmpty()) {
                train(runs, toTrain, toPredict, settings, tasks, store, warmUp, interruption);
            }
            return report(runs, store);
        } finally {
            interruption.remove();
        }
    }

    // --- what is asked ---

    private ProcessSettings settings() {
        ProcessSettings settings = ProcessSettings.read(config, System.getenv());
        if (parallel == null) {
            return settings;
        }
        if (parallel < 1 || parallel > 1024) {
            throw new Misuse("--parallel must be from 1 to 1024 but was " + parallel);
        }
        return settings.withParallel(parallel);
    }

    private List<RunSpec> runs() {
        ExperimentArguments asked = ExperimentArguments.of(arguments, "run config/first-light.conf");
        Map<String, RunSpec> runs = new LinkedHashMap<>();
        for (Path file : asked.files()) {
            Experiment.load(file, asked.overrides()).runs().forEach(run -> runs.putIfAbsent(run.id(), run));
        }
        return List.copyOf(runs.values());
    }

    private void forecast(List<RunSpec> runs, ProcessSettings settings, TaskLibrary tasks) {
        Forecast forecast = Forecast.of(runs, settings, tasks);
        if (json) {
            output().println(Json.text(Forecast.document(runs, forecast)));
        } else {
            Forecast.print(runs, forecast, output());
        }
    }

    // --- what is done ---

    /** Unfinished and failed runs; diverged ones would diverge again, and cancelled ones are not wanted. */
    private static List<RunSpec> toTrain(List<RunSpec> runs, RunStore store) {
        Map<String, RunStatus> statuses =
                store.runs().stream().collect(Collectors.toMap(RunSummary::id, RunSummary::status));
        var toTrain = new ArrayList<RunSpec>();
        for (RunSpec run : runs) {
            RunStatus status = statuses.getOrDefault(run.id(), RunStatus.QUEUED);
            if (!status.ended() || status == RunStatus.FAILED) {
                toTrain.add(run);
            }
        }
        return toTrain;
    }

    /** Runs that are over but whose theory is missing, because nobody waited for it. */
    private static List<RunSpec> toPredict(List<RunSpec> runs, RunStore store) {
        Set<String> over = store.runs().stream()
                .filter(run -> run.status() == RunStatus.COMPLETED || run.status() == RunStatus.DIVERGED)
                .map(RunSummary::id)
                .collect(Collectors.toSet());
        return runs.stream()
                .filter(run -> over.contains(run.id()) && store.theory(run.id()).isEmpty())
                .toList();
    }

    private void train(
            List<RunSpec> asked,
            List<RunSpec> toTrain,
            List<RunSpec> toPredict,
            ProcessSettings settings,
            TaskLibrary tasks,
            RunStore store,
            CompletableFuture<Void> warmUp,
            Interruption interruption) {
        try (var metrics = new FarmMetrics(settings.metricsSeries())) {
            var board = new LiveBoard(serve == null ? new NoBoard() : metrics);
            try (var display = new Display(noProgress ? null : display(board, toTrain));
                    var farm = new LocalFarm(settings, tasks, store, board, display)) {
                if (serve != null) {
                    error().println("Serving " + farm.serve(settings.host(), serve, metrics));
                }
                interruption.arm(() -> commitAll(asked, farm, display, store));
                warmUp.join();
                farm.train(toTrain, toPredict);
                interruption.disarm();
            }
        }
    }

    private ProgressDisplay display(LiveBoard board, List<RunSpec> runs) {
        return new ProgressDisplay(
                error(),
                board,
                runs,
                Boolean.getBoolean("saddlefarm.terminal"),
                Integer.getInteger("saddlefarm.columns", 100));
    }

    /** Ends all training; returns whether everything was committed in time. */
    private boolean commitAll(List<RunSpec> asked, LocalFarm farm, Display display, RunStore store) {
        display.close();
        boolean committed = farm.shutDown(SHUTDOWN_PATIENCE);
        if (json) {
            output().println(Json.text(document(summaries(asked, store))));
        }
        return committed;
    }

    private String thisCommand() {
        var root = spec.commandLine().getParent();
        List<String> given = root == null
                ? List.of()
                : root.getParseResult().expandedArgs().stream()
                        .map(RunCommand::quoted)
                        .toList();
        return Main.PROGRAM + " " + String.join(" ", given);
    }

    private static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_./=:,+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    // --- what came out ---

    private int report(List<RunSpec> asked, RunStore store) {
        List<RunSummary> runs = summaries(asked, store);
        if (json) {
            output().println(Json.text(document(runs)));
        } else {
            print(runs, store);
        }
        List<RunSummary> bad =
                runs.stream().filter(run -> run.status() != RunStatus.COMPLETED).toList();
        for (RunSummary run : bad) {
            error().printf("run %s %s%n", run.id(), outcome(run));
        }
        return bad.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** A cause may begin with the status, as in "diverged at step 4". */
    private static String outcome(RunSummary run) {
        String status = run.status().label();
        @Nullable String cause = run.cause();
        return cause == null ? status : cause.startsWith(status) ? cause : status + ": " + cause;
    }

    private static List<RunSummary> summaries(List<RunSpec> asked, RunStore store) {
        Map<String, RunSummary> stored =
                store.runs().stream().collect(Collectors.toMap(RunSummary::id, Function.identity()));
        return asked.stream()
                .flatMap(run -> Optional.ofNullable(stored.get(run.id())).stream())
                .toList();
    }

    private Map<String, @Nullable Object> document(List<RunSummary> runs) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("out", out.directory.toString());
        document.put("runs", runs.stream().map(RunDocument::summary).toList());
        return document;
    }

    private void print(List<RunSummary> runs, RunStore store) {
        runs.stream()
                .collect(Collectors.groupingBy(RunSummary::experiment, LinkedHashMap::new, Collectors.toList()))
                .forEach((experiment, ofExperiment) -> {
                    output().println();
                    output().printf("Saddles of %s%n", experiment);
                    output().println();
                    if (ofExperiment.size() <= MOST_RUNS_IN_FULL) {
                        SaddleTable.printRuns(store, ofExperiment, output());
                    } else {
                        RunsCommand.print(ofExperiment, output());
                    }
                    if (ofExperiment.size() > 1) {
                        output().println();
                        SaddleTable.printSummary(store, ofExperiment, output());
                    }
                });
        output().println();
        output().printf(
                        "More of a run: %s show RUN%s%n",
                        Main.PROGRAM,
                        out.directory.equals(Path.of("farm-out")) ? "" : " --out " + quoted(out.directory.toString()));
    }

    private PrintWriter output() {
        return spec.commandLine().getOut();
    }

    private PrintWriter error() {
        return spec.commandLine().getErr();
    }
}
