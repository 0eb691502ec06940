package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Probes;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.SaddleProbe;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.GradientFlow;
import saddlefarm.experiment.DataSettings;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Gradient;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Training;
import saddlefarm.theory.LocalizedLoss;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/**
 * The workshop of real runs.
 *
 * @param tasks shared by all of them
 * @param workspaces shared by those that take turns
 * @param processor name of the processor, for people
 */
public record TaskWorkshop(TaskLibrary tasks, Workspaces workspaces, String processor) implements Workshop {

    private static final long RUN_BYTES = 32 << 10;

    @Override
    public Training training(RunSpec run, @Nullable Checkpoint from) {
        Descent descent =
                descent(run, from == null ? DescentState.initial(tasks.initialParameters(run)) : from.descent());
        var observe = run.observe();
        var cadence = new Cadence(
                observe.cadence(), observe.everySteps(), from == null ? Cadence.State.INITIAL : from.cadence());
        return from == null || !from.descent().evaluated()
                ? Training.begin(descent, cadence, run.limits())
                : Training.resume(
                        descent,
                        cadence,
                        run.limits(),
                        from.analysis().ends(run.stopRules(), from.descent().step()));
    }

    /** A run's descent from a state. */
    Descent descent(RunSpec run, DescentState start) {
        Task task = task(run);
        var kernels = Kernels.of(run.backend());
        var gradient = new Gradient(run.architecture(), run.loss(), task.inputs(), task.targets(), kernels, workspaces);
        return run.descent() instanceof DescentSettings.GradientFlow flow
                ? new GradientFlow(gradient, flow.tolerance(), start)
                : new GradientDescent(
                        gradient, kernels, ((DescentSettings.GradientDescent) run.descent()).learningRate(), start);
    }

    @Override
    public SaddleFinder finder(RunSpec run, @Nullable Checkpoint from) {
        var kernels = Kernels.of(run.backend());
        return new SaddleFinder(
                run.observe(),
                run.stopRules(),
                kernels,
                probes(run, kernels),
                from == null ? SaddleFinder.State.INITIAL : from.analysis());
    }

    /** With the default kernels whatever the run's are, so that it is the same on every machine. */
    @Override
    public Prediction prediction(RunSpec run, Predicted<Parameters> left, @Nullable Theory kin) {
        Task task = task(run);
        var question = new Prediction.Question(
                run.architecture(),
                run.loss(),
                task.inputs(),
                task.targets(),
                tasks.initialParameters(run),
                run.descent() instanceof DescentSettings.GradientDescent descent ? descent.learningRate() : null,
                left);
        return new Prediction(question, kin, Kernels.ordered());
    }

    /** Each looks its task up when it is asked, which is seldom: a run that is paused must not hold it. */
    Probes probes(RunSpec run, Kernels kernels) {
        return new Probes(
                parameters -> {
                    Task task = task(run);
                    return Curvature.probe(run.loss(), task.inputs(), task.targets(), kernels)
                            .at(parameters);
                },
                (deepest, flowTime, rank, curvature, left) -> {
                    Task task = task(run);
                    return SaddleProbe.of(run.loss(), task.inputs(), task.targets(), kernels)
                            .at(deepest, flowTime, rank, curvature, left);
                },
                weights -> {
                    Task task = task(run);
                    return LocalizedLoss.speed(run.loss(), task.inputs(), task.targets(), kernels, weights);
                });
    }

    /**
     * Weights before and after a step, gradient, states on their way, the deepest one, checkpoint; under gradient flow
     * the stages of a step and the memory of each state besides; the run's actors.
     */
    @Override
    public long memory(RunSpec run) {
        int copies = run.descent() instanceof DescentSettings.GradientFlow ? 26 : 10;
        return (long) copies * Double.BYTES * run.architecture().parameters() + RUN_BYTES;
    }

    /**
     * With the memory of a gradient, and of the task where its settings tell how large it is; files were read before.
     */
    @Override
    public long memoryByItself(RunSpec run) {
        int samples = samples(run.data());
        var widths = run.architecture().widths();
        long task = (long) Double.BYTES * samples * (widths.get(0) + widths.get(widths.size() - 1));
        return memory(run) + Workspaces.bytes(run.architecture(), samples) + task;
    }

    private static int samples(DataSettings data) {
        return data instanceof DataSettings.Teacher teacher
                ? teacher.samples()
                : data instanceof DataSettings.Digits digits ? digits.samples() : 0;
    }

    private Task task(RunSpec run) {
        return tasks.task(run.data(), run.loss());
    }

    @Override
    public String machine(RunSpec run) {
        var kernels = Kernels.of(run.backend());
        return "%s (%s) on %s".formatted(kernels.backend(), kernels.description(), processor);
    }
}
