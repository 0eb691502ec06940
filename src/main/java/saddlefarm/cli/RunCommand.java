package saddlefarm.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|KEY=VALUE",
            description = "Experiment files, and values of keys for all of them, which win over the files.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> arguments;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Mixin
    private final FarmOptions farm = new FarmOptions();

    @Option(names = "--dry-run", description = "Print the runs and what they will cost, and start none.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Option(
            names = "--serve",
            paramLabel = "PORT",
            description =
                    "Serve /metrics, health and what can be read of the API (docs/API.md) while the runs train; 0 for any"
                            + " free port.")
    private @Nullable Integer serve;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        // Beside everything that happens before the first step.
        var warmUp = FarmProcess.warmUp();
        ProcessSettings settings = farm.over(out.settings());
        if (serve != null && (serve < 0 || serve > 65_535)) {
            throw new Misuse("--serve must be from 0 to 65535 but was " + serve);
        }
        if (serve != null) {
            FarmProcess.requireFree(settings.host(), serve);
        }
        List<RunSpec> runs = runs();
        LocalFarm.requireMemory(settings, runs);
        if (dryRun) {
            warmUp.join();
            forecast(runs, settings);
            return ExitCode.OK;
        }
        try (var session =
                new FarmSession(out.place(), settings, farm.progress(), serve, error(), GivenCommand.of(spec))) {
            var results = new RunResults(out, json, output(), error());
            session.train(runs, warmUp, () -> results.printIfJson(session.summaries(runs)));
            return results.report(session.summaries(runs), session.store());
        }
    }

    // --- what is asked ---

    private List<RunSpec> runs() {
        ExperimentArguments asked = ExperimentArguments.of(arguments, "run config/first-light.conf");
        Map<String, RunSpec> runs = new LinkedHashMap<>();
        for (Path file : asked.files()) {
            Experiment.load(file, asked.overrides()).runs().forEach(run -> runs.putIfAbsent(run.id(), run));
        }
        return List.copyOf(runs.values());
    }

    private void forecast(List<RunSpec> runs, ProcessSettings settings) {
        Forecast forecast = Forecast.of(runs, settings, new TaskLibrary());
        if (json) {
            output().println(Json.text(Forecast.document(runs, forecast)));
        } else {
            Forecast.print(runs, forecast, output());
        }
    }

    private PrintWriter output() {
        return spec.commandLine().getOut();
    }

    private PrintWriter error() {
        return spec.commandLine().getErr();
    }
}
