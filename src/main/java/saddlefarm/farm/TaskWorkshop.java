package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.GradientFlow;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Gradient;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Training;

/**
 * The workshop of real runs.
 *
 * @param tasks shared by all of them
 * @param workspaces shared by those that take turns
 * @param processor name of the processor, for people
 */
public record TaskWorkshop(TaskLibrary tasks, Workspaces workspaces, String processor) implements Workshop {

    @Override
    public Training training(RunSpec run, @Nullable Checkpoint from) {
        Task task = tasks.task(run.data(), run.loss());
        var kernels = Kernels.of(run.backend());
        var gradient = new Gradient(run.architecture(), run.loss(), task.inputs(), task.targets(), kernels, workspaces);
        DescentState start = from == null ? DescentState.initial(tasks.initialParameters(run)) : from.descent();
        Descent descent = run.descent() instanceof DescentSettings.GradientFlow flow
                ? new GradientFlow(gradient, flow.tolerance(), start)
                : new GradientDescent(
                        gradient, kernels, ((DescentSettings.GradientDescent) run.descent()).learningRate(), start);
        var observe = run.observe();
        var cadence = new Cadence(
                observe.cadence(), observe.everySteps(), from == null ? Cadence.State.INITIAL : from.cadence());
        return from == null
                ? Training.begin(descent, cadence, run.limits())
                : Training.resume(descent, cadence, run.limits());
    }

    @Override
    public SaddleFinder finder(RunSpec run, @Nullable Checkpoint from) {
        var kernels = Kernels.of(run.backend());
        // The task is looked up when curvature is first wanted: most runs never want it, and a paused one must not hold
        // it.
        Curvature.Probe probe = (Parameters parameters) -> {
            Task task = tasks.task(run.data(), run.loss());
            return Curvature.probe(run.loss(), task.inputs(), task.targets(), kernels)
                    .at(parameters);
        };
        return new SaddleFinder(
                run.observe(), kernels, probe, from == null ? SaddleFinder.State.INITIAL : from.analysis());
    }

    @Override
    public String machine(RunSpec run) {
        var kernels = Kernels.of(run.backend());
        return "%s (%s) on %s".formatted(kernels.backend(), kernels.description(), processor);
    }
}
