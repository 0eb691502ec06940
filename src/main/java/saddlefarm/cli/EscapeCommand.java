package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.data.Task;
import saddlefarm.experiment.DataSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;
import saddlefarm.theory.EscapeFindings;
import saddlefarm.theory.EscapeSearch;

/** Finds the escape directions of the origin. */
@Command(
        name = "escape",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Finds the directions in which the experiment's networks leave the origin, how fast, and the singular values of"
                    + " their layers, with the ordered kernels whatever linalg.backend says. Nothing is trained or written.",
            "",
            "For example: saddlefarm escape config/circle-toy.conf network.width=4 --restarts 64"
        })
final class EscapeCommand implements Callable<Integer> {

    private static final int MOST_RESTARTS = 1000;

    @Mixin
    private final ExperimentOperands operands = new ExperimentOperands();

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "32",
            description = "Random starts for each network (default: ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** What escape directions depend on. */
    private record Problem(Architecture architecture, DataSettings data, Loss loss) {}

    @Override
    public Integer call() {
        if (restarts < 1 || restarts > MOST_RESTARTS) {
            throw new Misuse("--restarts must be from 1 to %d but was %d".formatted(MOST_RESTARTS, restarts));
        }
        ExperimentArguments asked = operands.read("escape config/circle-toy.conf");
        if (asked.files().size() > 1) {
            throw new Misuse(
                    "one experiment file, but there are " + asked.files().size());
        }
        Experiment experiment = Experiment.load(asked.files().get(0), asked.overrides());
        Map<Problem, RunSpec> problems = new LinkedHashMap<>();
        experiment
                .runs()
                .forEach(run -> problems.putIfAbsent(new Problem(run.architecture(), run.data(), run.loss()), run));
        // Whatever is wrong with one of them is told before anything is computed.
        var tasks = new TaskLibrary();
        Map<RunSpec, EscapeSearch> searches = new LinkedHashMap<>();
        problems.values().forEach(run -> searches.put(run, search(run, tasks)));
        var reports = new ArrayList<EscapeReport>();
        searches.forEach((run, search) -> reports.add(new EscapeReport(run, find(run, search))));
        print(experiment.name(), reports);
        return ExitCode.OK;
    }

    private static EscapeSearch search(RunSpec run, TaskLibrary tasks) {
        Kernels kernels = Kernels.ordered();
        Task task = tasks.task(run.data(), run.loss());
        PaddedMatrix gradient = run.loss().gradientAtZero(task.targets(), kernels);
        EscapeSearch.obstacle(run.architecture(), gradient).ifPresent(why -> {
            throw new Misuse("no escape directions of widths %s: %s"
                    .formatted(run.architecture().widths(), why));
        });
        return new EscapeSearch(run.architecture(), task.inputs(), gradient, kernels);
    }

    private EscapeFindings find(RunSpec run, EscapeSearch search) {
        Optional<EscapeFindings> findings = new Restarts(
                        spec.commandLine().getErr(), Boolean.getBoolean("saddlefarm.terminal"))
                .run(search, restarts);
        return findings.orElseThrow(() -> new Misuse("none of %d restarts found an escape direction of widths %s"
                .formatted(restarts, run.architecture().widths())));
    }

    private void print(String experiment, List<EscapeReport> reports) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            var document = new LinkedHashMap<String, Object>();
            document.put("experiment", experiment);
            if (reports.size() == 1) {
                document.putAll(reports.get(0).document());
            } else {
                document.put(
                        "directions",
                        reports.stream().map(EscapeReport::document).toList());
            }
            out.println(Json.text(document));
            return;
        }
        String gap = "";
        for (EscapeReport report : reports) {
            out.print(gap);
            report.print(out);
            gap = System.lineSeparator();
        }
    }
}
