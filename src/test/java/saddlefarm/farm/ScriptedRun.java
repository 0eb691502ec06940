package saddlefarm.farm;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Probes;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.SaddleProbe;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Training;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/**
 * Runs without a network to train: the loss is a given function of the step, which may throw. Flow time is the step,
 * the gradient is so small that the run never leaves its first plateau, and every tenth step is a row.
 */
record ScriptedRun(LongToDoubleFunction loss) implements Workshop {

    static final long EVERY_STEPS = 10;

    /** A run that never ends by itself. */
    static final ScriptedRun ENDLESS = new ScriptedRun(step -> 1);

    /** Runs with seeds 0, 1 and so on; a checkpoint is due every 10 s, and the loss criterion is 0.5. */
    static List<RunSpec> specs(int count) {
        String text = """
                name = scripted
                network { widths = [10, 1, 10], activation = linear }
                data { source = linear-teacher }
                descent { learning-rate = 1 }
                stop { loss = 0.5 }
                observe { cadence = linear, every-steps = %d, curvature = false }
                checkpoint { every = 10s }
                sweep { initialization.seed = "range(0, %d)" }
                """.formatted(EVERY_STEPS, count);
        return Experiment.parse(text, "scripted", Path.of("nowhere"), List.of()).runs();
    }

    static RunSpec spec() {
        return specs(1).get(0);
    }

    /** A run that meets its loss criterion at a step. */
    static ScriptedRun endingAt(long step) {
        return new ScriptedRun(s -> s < step ? 1 : 0.25);
    }

    /** A checkpoint at a step of a run that has not left its first plateau. */
    Checkpoint checkpoint(RunSpec run, long step) {
        var training = training(run, null);
        var finder = finder(run, null);
        LongStream.rangeClosed(0, step).forEach(s -> {
            training.step();
            var descent = training.descent();
            finder.step(s, descent.flowTime(), descent.loss(), descent.squaredGradientNorm());
            if (training.look() == Cadence.Look.ROW) {
                finder.row(training.state());
            }
        });
        return new Checkpoint(training.state(), training.cadence(), finder.state());
    }

    @Override
    public Training training(RunSpec run, @Nullable Checkpoint from) {
        var parameters = new Parameters(run.architecture());
        for (int layer = 1; layer <= 2; layer++) {
            parameters.weights(layer).fill(0.1);
        }
        var observe = run.observe();
        return from == null
                ? Training.begin(new Script(0, parameters), cadence(observe.everySteps(), null), run.limits())
                : Training.resume(
                        new Script(from.descent().step(), parameters),
                        cadence(observe.everySteps(), from),
                        run.limits(),
                        null);
    }

    private static Cadence cadence(long everySteps, @Nullable Checkpoint from) {
        return new Cadence(Cadence.Kind.LINEAR, everySteps, from == null ? Cadence.State.INITIAL : from.cadence());
    }

    /** Whether a training of this kind has given up the memory that only computing needs. */
    static boolean resting(Training training) {
        return ((Script) training.descent()).resting;
    }

    /** A training whose rows are further apart. */
    Training sparse(RunSpec run, long everySteps) {
        return Training.begin(
                new Script(0, new Parameters(run.architecture())), cadence(everySteps, null), run.limits());
    }

    @Override
    public SaddleFinder finder(RunSpec run, @Nullable Checkpoint from) {
        return new SaddleFinder(
                run.observe(),
                run.stopRules(),
                Kernels.ordered(),
                new Probes(
                        parameters -> {
                            throw new AssertionError("curvature is not wanted");
                        },
                        (deepest, flowTime, rank, curvature, left) ->
                                new SaddleProbe.Findings(TestRuns.saddle(0), null, null),
                        weights -> 1),
                from == null ? SaddleFinder.State.INITIAL : from.analysis());
    }

    /** Of the task and the network that the specification names. */
    @Override
    public Prediction prediction(RunSpec run, Predicted<Parameters> left, @Nullable Theory kin) {
        return new TaskWorkshop(new TaskLibrary(), new Workspaces(1, 0), "a script").prediction(run, left, kin);
    }

    @Override
    public long memory(RunSpec run) {
        return 1;
    }

    @Override
    public String machine(RunSpec run) {
        return "a script";
    }

    private final class Script implements Descent {

        private final Parameters parameters;
        private long step;
        private double current = Double.NaN;
        private boolean resting = true;

        Script(long step, Parameters parameters) {
            this.step = step;
            this.parameters = parameters;
        }

        @Override
        public void evaluate() {
            resting = false;
            current = loss.applyAsDouble(step);
        }

        @Override
        public void advance() {
            step++;
        }

        @Override
        public void rest() {
            resting = true;
        }

        @Override
        public long step() {
            return step;
        }

        @Override
        public double flowTime() {
            return step;
        }

        @Override
        public double loss() {
            return current;
        }

        @Override
        public double squaredGradientNorm() {
            return 1e-12;
        }

        @Override
        public Parameters parameters() {
            return parameters;
        }

        @Override
        public boolean finite() {
            return Double.isFinite(current);
        }

        @Override
        public DescentState state() {
            return new DescentState(step, step, current, 1e-12, parameters);
        }

        @Override
        public DescentState previousState() {
            return new DescentState(step - 1, step - 1, loss.applyAsDouble(step - 1), 1e-12, parameters);
        }
    }
}
