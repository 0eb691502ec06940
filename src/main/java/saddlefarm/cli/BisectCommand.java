package saddlefarm.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunSummary;

/** Searches the value of a key at which what most runs end with changes. */
@Command(
        name = "bisect",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Searches the value of a key at which the answer of most seeds changes, by bisection of its logarithm. Each value"
                    + " that is tried is an experiment in the output directory: runs that are there already are not made"
                    + " again, and an interrupted search goes on.",
            "",
            "For example: saddlefarm bisect config/linear-teacher-L3.conf --key initialization.scale --between 0.02 2"
                    + " --until 'rank>=2'"
        })
final class BisectCommand implements Callable<Integer> {

    private static final double LEAST_RATIO = 1.0001;

    @Mixin
    private final ExperimentOperands operands = new ExperimentOperands();

    @Option(
            names = "--key",
            paramLabel = "KEY",
            required = true,
            description = "The key to vary, such as initialization.scale.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String key;

    @Option(
            names = "--between",
            arity = "2",
            paramLabel = "VALUE",
            required = true,
            description = "Two values above 0 with different answers.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> between;

    @Option(
            names = "--until",
            paramLabel = "CRITERION",
            required = true,
            description = "The question: 'rank>=R' for the final rank, 'escapes>=K' for the plateaus left.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String until;

    @Option(
            names = "--to",
            paramLabel = "RATIO",
            defaultValue = "1.05",
            description =
                    "The ratio of two values with different answers at which to stop (default: ${DEFAULT-VALUE}).")
    private double ratio;

    @Mixin
    private final OutputOption out = new OutputOption();

    @Mixin
    private final FarmOptions farm = new FarmOptions();

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final List<BisectReport.Probe> probes = new ArrayList<>();

    @Override
    public Integer call() {
        var warmUp = FarmProcess.warmUp();
        Criterion criterion = Criterion.of(until);
        List<BigDecimal> ends = ends();
        if (!(ratio >= LEAST_RATIO)) {
            throw new Misuse("--to must be at least %s but was %s".formatted(LEAST_RATIO, ratio));
        }
        // Whatever is wrong with the experiment is told before anything is trained.
        List<List<RunSpec>> atEnds = ends.stream().map(this::runs).toList();
        new Bisection(ends.get(0), ends.get(1), true, ratio).next().ifPresent(this::runs);
        try (var session = new FarmSession(
                out.place(), farm.over(out.settings()), farm.progress(), null, error(), GivenCommand.of(spec))) {
            List<RunSpec> both = atEnds.stream().flatMap(List::stream).toList();
            session.train(both, warmUp, () -> {});
            BisectReport.Probe left = ask(ends.get(0), atEnds.get(0), criterion, session);
            BisectReport.Probe right = ask(ends.get(1), atEnds.get(1), criterion, session);
            if (left.answer() == right.answer()) {
                throw new Misuse("--between needs values with different answers, but %s has the answer %s at both"
                        .formatted(criterion, left.answer() ? "yes" : "no"));
            }
            var search = new Bisection(left.value(), right.value(), left.answer(), ratio);
            for (Optional<BigDecimal> next = search.next(); next.isPresent(); next = search.next()) {
                BigDecimal value = next.get();
                List<RunSpec> runs = runs(value);
                session.train(runs, warmUp, () -> {});
                search.answer(value, ask(value, runs, criterion, session).answer());
            }
            return report(new BisectReport(key, criterion, search, probes));
        }
    }

    // --- what is asked ---

    private List<BigDecimal> ends() {
        List<BigDecimal> ends = between.stream().map(this::end).toList();
        if (ends.get(0).compareTo(ends.get(1)) == 0) {
            throw new Misuse("--between must be two different values but was %s twice".formatted(between.get(0)));
        }
        return ends;
    }

    private BigDecimal end(String text) {
        try {
            var value = new BigDecimal(text);
            double nearest = value.doubleValue();
            if (nearest > 0 && Double.isFinite(nearest)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new Misuse("--between must be two numbers above 0 but one was " + text);
    }

    /**
     * The runs of all seeds at a value, which is a sweep over this one value: so it is told wherever runs are listed.
     */
    private List<RunSpec> runs(BigDecimal value) {
        ExperimentArguments asked = operands.read("bisect config/linear-teacher-L3.conf --key initialization.scale");
        Path file = asked.file("bisect");
        List<String> overrides = Stream.concat(
                        asked.overrides().stream(), Stream.of("sweep.%s=[%s]".formatted(key, value)))
                .toList();
        List<RunSpec> runs = Experiment.load(file, overrides).runs();
        for (String swept : runs.get(0).swept().keySet()) {
            if (!swept.equals(key) && !swept.endsWith(".seed")) {
                throw new Misuse(
                        "%s sweeps %s, but bisect takes the majority of runs that differ in seeds alone; give %s="
                                        .formatted(file, swept, swept)
                                + "VALUE");
            }
        }
        return runs;
    }

    // --- what is done ---

    private BisectReport.Probe ask(BigDecimal value, List<RunSpec> runs, Criterion criterion, FarmSession session) {
        List<RunSummary> stored = session.summaries(runs);
        long yes = stored.stream()
                .filter(run -> run.status() == RunStatus.COMPLETED && criterion.holds(session.store(), run))
                .count();
        var probe = new BisectReport.Probe(value, stored, yes);
        probes.add(probe);
        error().printf(
                        "%s = %s: %s in %d of %d runs, %s%n",
                        key, value, criterion, yes, stored.size(), probe.answer() ? "yes" : "no");
        return probe;
    }

    // --- what came out ---

    private int report(BisectReport report) {
        if (json) {
            output().println(Json.text(report.document(out.place())));
        } else {
            report.print(output());
        }
        List<RunSummary> bad = probes.stream()
                .flatMap(probe -> probe.runs().stream())
                .filter(run -> run.status() != RunStatus.COMPLETED)
                .toList();
        for (RunSummary run : bad) {
            error().printf("run %s %s%n", run.id(), RunResults.outcome(run));
        }
        return bad.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private PrintWriter output() {
        return spec.commandLine().getOut();
    }

    private PrintWriter error() {
        return spec.commandLine().getErr();
    }
}
