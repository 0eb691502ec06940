package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import saddlefarm.experiment.ForkSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.Forker;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoredSpec;

/** Branches off from a run at one of its plateaus. */
@Command(
        name = "fork",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Begins new runs at a plateau's deepest snapshot, from weights that are perturbed, and trains them until each"
                    + " has ended. They have their parent's specification, steps and flow time, and count their own"
                    + " plateaus. Run again, it resumes them.",
            "",
            "For example: saddlefarm fork 2f49 --at plateau:1 --perturb eig:1 --size 1e-3 stop.after-escapes=1"
        })
final class ForkCommand implements Callable<Integer> {

    private static final Pattern PLATEAU = Pattern.compile("plateau:([0-9]{1,6})");

    @Parameters(index = "0", paramLabel = "RUN", description = "Id of the parent, or the beginning of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String parent;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "KEY=VALUE",
            description =
                    "Of stop, observe, checkpoint and scheduling, where the forks are to differ from their parent.")
    private List<String> overrides = List.of();

    @Option(
            names = "--at",
            paramLabel = "plateau:K",
            required = true,
            description = "The parent's plateau, from 0: weights, step and flow time of its deepest snapshot.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String at;

    @Option(
            names = "--perturb",
            paramLabel = "eig:J|random",
            required = true,
            description = "Along the eigenvector of the Hessian's J-th least eigenvalue, to both sides; or at random.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String perturb;

    @Option(
            names = "--size",
            paramLabel = "EPS",
            required = true,
            description = "Length of the perturbation, in the norm of all weights together.")
    private double size;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Forks: in so many random directions (default: 1), or 1 or 2 sides of an eigenvector"
                    + " (default: 2).")
    private @Nullable Integer count;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Mixin
    private final FarmOptions farm = new FarmOptions();

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        var warmUp = FarmProcess.warmUp();
        ProcessSettings settings = farm.over(out.settings());
        Forker.Request request = request();
        try (var store = out.read()) {
            RunChoice.run(store, parent); // told before the directory is locked
        }
        PrintWriter output = spec.commandLine().getOut();
        PrintWriter error = spec.commandLine().getErr();
        try (var session =
                new FarmSession(out.place(), settings, farm.progress(), null, error, GivenCommand.of(spec))) {
            RunStore store = session.store();
            RunSpec from = StoredSpec.of(store, RunChoice.run(store, parent));
            LocalFarm.requireMemory(settings, List.of(from));
            List<RunSpec> runs = new Forker(store, new TaskLibrary()).fork(from, request);
            var results = new RunResults(out, json, output, error);
            session.train(runs, warmUp, () -> results.printIfJson(session.summaries(runs)));
            return results.report(session.summaries(runs), session.store());
        }
    }

    private Forker.Request request() {
        Matcher plateau = PLATEAU.matcher(at);
        if (!plateau.matches()) {
            throw new Misuse("--at must be plateau:K with K from 0 but was " + at);
        }
        return new Forker.Request(
                Integer.parseInt(plateau.group(1)), ForkSettings.Perturb.of(perturb), size, count, overrides);
    }
}
