package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.analysis.Curvature;
import saddlefarm.data.Task;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.GradientFlow;
import saddlefarm.descent.Limits;
import saddlefarm.descent.Twin;
import saddlefarm.experiment.Decimals;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Gradient;

/** Trains by gradient flow and by gradient descent from the same weights and compares the two. */
@Command(
        name = "twin",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Trains each run of an experiment twice from the same weights, by gradient flow and by gradient descent, and"
                    + " tells how far apart the two are at equal times and what each cost. Stores nothing. The run's own"
                    + " limits end it, but for the rules of stop that look at plateaus: after-escapes, rank, minimum,"
                    + " beyond-budget.",
            "",
            "For example: saddlefarm twin config/linear-teacher-L3.conf 'sweep.initialization.seed=[0]' --tolerance 1e-4"
        })
final class TwinCommand implements Callable<Integer> {

    private static final Limits NONE = new Limits(0, 0, 0, 0);
    private static final double TOLERANCE = 1e-3;
    private static final double RATE = 0.3;
    private static final long PERIOD_NANOS = 1_000_000_000;

    @Mixin
    private final ExperimentOperands operands = new ExperimentOperands();

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description =
                    "Of gradient descent, where the experiment asks for gradient flow (default: 0.3 / sharpness at"
                            + " the end of the flow).")
    private @Nullable Double learningRate;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "Of gradient flow, where the experiment asks for gradient descent (default: 1e-3).")
    private @Nullable Double tolerance;

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Option(names = "--no-progress", description = "Tell nothing while the two train.")
    private boolean noProgress;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final TaskLibrary tasks = new TaskLibrary();
    private long told = System.nanoTime();

    /** What came out of one run. */
    private record Outcome(
            RunSpec run,
            double tolerance,
            double learningRate,
            double flowTime,
            long flowSteps,
            long flowEvaluations,
            long descentSteps,
            Twin.Distance distance,
            @Nullable Ending ending) {

        double ratio() {
            return (double) (descentSteps + 1) / flowEvaluations;
        }
    }

    @Override
    public Integer call() {
        List<RunSpec> runs = runs();
        runs.forEach(this::check);
        List<Outcome> outcomes = runs.stream().map(this::compare).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(
                    Map.of("runs", outcomes.stream().map(TwinCommand::document).toList())));
        } else {
            print(outcomes, out);
        }
        boolean diverged = false;
        for (Outcome outcome : outcomes) {
            if (outcome.ending() == Ending.DIVERGED) {
                spec.commandLine()
                        .getErr()
                        .printf(
                                "run %s: gradient descent diverged at step %d%n",
                                outcome.run().id(), outcome.descentSteps());
                diverged = true;
            }
        }
        return diverged ? ExitCode.FAILURE : ExitCode.OK;
    }

    // --- what is asked ---

    private List<RunSpec> runs() {
        ExperimentArguments asked = operands.read("twin config/linear-teacher-L3.conf");
        return Experiment.load(asked.file("twin"), asked.overrides()).runs();
    }

    private void check(RunSpec run) {
        boolean flow = run.descent() instanceof DescentSettings.GradientFlow;
        if (flow && tolerance != null) {
            throw new Misuse("--tolerance is not used: the experiment has descent.tolerance");
        }
        if (!flow && learningRate != null) {
            throw new Misuse("--learning-rate is not used: the experiment has descent.learning-rate");
        }
        if (tolerance != null && !(tolerance > 0 && tolerance < 1)) {
            throw new Misuse("--tolerance must be above 0 and below 1 but was " + tolerance);
        }
        if (learningRate != null && !(learningRate > 0 && Double.isFinite(learningRate))) {
            throw new Misuse("--learning-rate must be above 0 but was " + learningRate);
        }
        if (run.limits().equals(NONE)) {
            throw new Misuse("twin needs one of stop.max-steps, max-flow-time, loss, gradient-norm above 0");
        }
    }

    // --- what is done ---

    private Outcome compare(RunSpec run) {
        if (run.descent() instanceof DescentSettings.GradientFlow settings) {
            double rate = learningRate == null ? rateAtTheEnd(run, settings.tolerance()) : learningRate;
            return compare(run, settings.tolerance(), rate, run.limits(), NONE);
        }
        double rate = ((DescentSettings.GradientDescent) run.descent()).learningRate();
        return compare(run, tolerance == null ? TOLERANCE : tolerance, rate, NONE, run.limits());
    }

    private Outcome compare(RunSpec run, double error, double rate, Limits flowLimits, Limits descentLimits) {
        GradientFlow flow = flow(run, error);
        var descent = new GradientDescent(gradient(run), Kernels.of(run.backend()), rate, start(run));
        var twin = new Twin(flow, descent);
        twin.begin();
        @Nullable Ending ending = null;
        @Nullable Ending flowEnding = flowLimits.reached(flow);
        while (ending == null && flowEnding == null) {
            ending = twin.advance(descentLimits);
            flowEnding = flowLimits.reached(flow);
            tell(run, flow, descent);
        }
        return new Outcome(
                run,
                error,
                rate,
                Math.min(flow.flowTime(), descent.flowTime()),
                flow.step(),
                flow.evaluations(),
                descent.step(),
                twin.distance(),
                ending);
    }

    private double rateAtTheEnd(RunSpec run, double error) {
        GradientFlow flow = flow(run, error);
        flow.evaluate();
        while (run.limits().reached(flow) == null) {
            flow.advance();
            flow.evaluate();
        }
        Task task = tasks.task(run.data(), run.loss());
        double sharpness = Curvature.probe(run.loss(), task.inputs(), task.targets(), Kernels.of(run.backend()))
                .at(flow.parameters())
                .greatest()
                .value();
        return RATE / sharpness;
    }

    private GradientFlow flow(RunSpec run, double error) {
        return new GradientFlow(gradient(run), error, start(run));
    }

    private Gradient gradient(RunSpec run) {
        Task task = tasks.task(run.data(), run.loss());
        return new Gradient(run.architecture(), run.loss(), task.inputs(), task.targets(), Kernels.of(run.backend()));
    }

    private DescentState start(RunSpec run) {
        return DescentState.initial(tasks.initialParameters(run));
    }

    private void tell(RunSpec run, GradientFlow flow, GradientDescent descent) {
        if (!noProgress && System.nanoTime() - told > PERIOD_NANOS) {
            told = System.nanoTime();
            spec.commandLine()
                    .getErr()
                    .printf(
                            "%s  t = %s, loss %s: %s steps of gradient flow, %s of gradient descent%n",
                            run.id(),
                            TextTable.quantity(flow.flowTime()),
                            TextTable.quantity(flow.loss()),
                            TextTable.count(flow.step()),
                            TextTable.count(descent.step()));
        }
    }

    // --- what came out ---

    private static void print(List<Outcome> outcomes, PrintWriter out) {
        for (Outcome outcome : outcomes) {
            Twin.Distance distance = outcome.distance();
            out.printf(
                    "run %s %s, to t = %s%n",
                    outcome.run().id(), outcome.run().swept(), TextTable.quantity(outcome.flowTime()));
            var table = new TextTable(List.of("method", "setting", "steps", "evaluations"));
            table.add(List.of(
                    "gradient-flow",
                    "tolerance " + Decimals.text(outcome.tolerance()),
                    TextTable.count(outcome.flowSteps()),
                    TextTable.count(outcome.flowEvaluations())));
            table.add(List.of(
                    "gradient-descent",
                    "learning rate " + Decimals.text(outcome.learningRate()),
                    TextTable.count(outcome.descentSteps()),
                    TextTable.count(outcome.descentSteps() + 1)));
            table.print(out);
            out.printf("evaluations of gradient descent / gradient flow   %s%n", TextTable.quantity(outcome.ratio()));
            out.printf(
                    "largest distance of weights, relative             %s at t = %s%n",
                    TextTable.quantity(distance.parameters()), TextTable.quantity(distance.parametersTime()));
            out.printf(
                    "largest difference of loss, relative to C(0)      %s at t = %s%n",
                    TextTable.quantity(distance.loss()), TextTable.quantity(distance.lossTime()));
            out.printf(
                    "of these due to interpolation, about              %s%n%n",
                    TextTable.quantity(distance.interpolation()));
        }
    }

    private static Map<String, @Nullable Object> document(Outcome outcome) {
        Twin.Distance distance = outcome.distance();
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("run", outcome.run().id());
        fields.put("experiment", outcome.run().experiment());
        fields.put("tolerance", outcome.tolerance());
        fields.put("learning_rate", outcome.learningRate());
        fields.put("flow_time", outcome.flowTime());
        fields.put("flow_steps", outcome.flowSteps());
        fields.put("flow_evaluations", outcome.flowEvaluations());
        fields.put("descent_steps", outcome.descentSteps());
        fields.put("descent_evaluations", outcome.descentSteps() + 1);
        fields.put("evaluations_ratio", outcome.ratio());
        fields.put("parameters_distance", distance.parameters());
        fields.put("parameters_distance_time", distance.parametersTime());
        fields.put("loss_distance", distance.loss());
        fields.put("loss_distance_time", distance.lossTime());
        fields.put("interpolation_error", distance.interpolation());
        fields.put("diverged", outcome.ending() == Ending.DIVERGED);
        return fields;
    }
}
