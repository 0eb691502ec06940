package saddlefarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.analysis.ObserveSettings;
import saddlefarm.analysis.Probes;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.SaddleFinder.Closing;
import saddlefarm.analysis.SaddleProbe;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.StopRules;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.Limits;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;
import saddlefarm.run.Checkpoint;
import saddlefarm.theory.LocalizedLoss;

/**
 * One run as a plain loop on one thread: what the farm must reproduce bit for bit.
 *
 * @param stopRules tested where a row or probe is
 */
@NullMarked
public record BareRun(
        Architecture architecture,
        Loss loss,
        Task task,
        Kernels kernels,
        double learningRate,
        Limits limits,
        StopRules stopRules,
        ObserveSettings observe) {

    private static final Onlooker NOBODY = (descent, found) -> {};

    /**
     * What a run leaves.
     *
     * @param rows without the closing one
     * @param plateaus that were left, without the closing one
     * @param last the final state; of a diverged run the last finite one
     * @param checkpoint at the final state, before the closing row was made
     * @param marks what was known at the steps that were asked for
     */
    public record Result(
            List<Snapshot> rows,
            List<PlateauFound> plateaus,
            List<Transition> transitions,
            Ending ending,
            DescentState last,
            Closing closing,
            Checkpoint checkpoint,
            Map<Long, Mark> marks) {

        /** The rows and, when there is one, the closing row. */
        public List<Snapshot> allRows() {
            return Stream.concat(rows.stream(), Stream.ofNullable(closing.row()))
                    .toList();
        }

        /** The plateaus that were left and, when there is one, the plateau at the end. */
        public List<PlateauFound> allPlateaus() {
            return Stream.concat(plateaus.stream(), Stream.ofNullable(closing.plateau()))
                    .toList();
        }
    }

    /** A checkpoint, and how much had been found before it. */
    public record Mark(Checkpoint checkpoint, int rows, int plateaus, int transitions) {}

    /** Sees every finite state of a run once it is analyzed, with what was found there. */
    @FunctionalInterface
    public interface Onlooker {
        void see(Descent descent, List<Finding> found);
    }

    /** Everything in a plateau that a test can compare, its parameters as numbers. */
    public static List<Object> content(PlateauFound found) {
        List<Object> content = new ArrayList<>(List.of(found.plateau(), found.spectra(), numbers(found.parameters())));
        content.add(Optional.ofNullable(found.saddle()));
        if (found.escape() != null) {
            content.addAll(content(found.escape()));
        }
        return content;
    }

    /** Everything in an escape that a test can compare, its direction as numbers. */
    public static List<Object> content(Escape escape) {
        return List.of(
                escape.step(),
                escape.flowTime(),
                escape.loss(),
                Optional.ofNullable(escape.speed()),
                Optional.ofNullable(escape.cosine()),
                Optional.ofNullable(escape.leadingCosine()),
                escape.ratios(),
                escape.energies(),
                numbers(escape.direction()));
    }

    private static List<Double> numbers(Parameters parameters) {
        return Arrays.stream(parameters.toVector()).boxed().toList();
    }

    /** Runs from initial parameters. */
    public Result from(Parameters initial) {
        return from(initial, Set.of());
    }

    /** Runs from initial parameters, keeping marks at the given steps. */
    public Result from(Parameters initial, Set<Long> marked) {
        var start = new Checkpoint(DescentState.initial(initial), Cadence.State.INITIAL, SaddleFinder.State.INITIAL);
        return new Loop(start, marked, NOBODY).run();
    }

    /** Runs from initial parameters before somebody's eyes. */
    public Result from(Parameters initial, Onlooker onlooker) {
        var start = new Checkpoint(DescentState.initial(initial), Cadence.State.INITIAL, SaddleFinder.State.INITIAL);
        return new Loop(start, Set.of(), onlooker).run();
    }

    /** Goes on from a checkpoint; the result has only what is new. */
    public Result from(Checkpoint checkpoint) {
        var loop = new Loop(checkpoint, Set.of(), NOBODY);
        loop.next();
        return loop.run();
    }

    /** The probes of a task. */
    public static Probes probes(Loss loss, Task task, Kernels kernels) {
        return new Probes(
                Curvature.probe(loss, task.inputs(), task.targets(), kernels),
                SaddleProbe.of(loss, task.inputs(), task.targets(), kernels),
                weights -> LocalizedLoss.speed(loss, task.inputs(), task.targets(), kernels, weights));
    }

    private final class Loop {

        private final GradientDescent descent;
        private final Cadence cadence;
        private final SaddleFinder finder;
        private final Set<Long> marked;
        private final Onlooker onlooker;
        private final List<Snapshot> rows = new ArrayList<>();
        private final List<PlateauFound> plateaus = new ArrayList<>();
        private final List<Transition> transitions = new ArrayList<>();
        private final Map<Long, Mark> marks = new HashMap<>();

        Loop(Checkpoint start, Set<Long> marked, Onlooker onlooker) {
            var evaluator = new Gradient(architecture, loss, task.inputs(), task.targets(), kernels);
            descent = new GradientDescent(evaluator, kernels, learningRate, start.descent());
            descent.evaluate();
            cadence = new Cadence(observe.cadence(), observe.everySteps(), start.cadence());
            finder = new SaddleFinder(observe, stopRules, kernels, probes(loss, task, kernels), start.analysis());
            this.marked = marked;
            this.onlooker = onlooker;
        }

        Result run() {
            while (true) {
                @Nullable Ending ending = limits.reached(descent);
                if (ending == Ending.DIVERGED) {
                    // Diverged before the first step: there is no finite state, and the first one has to do.
                    return end(descent.step() == 0 ? descent.state() : descent.previousState(), ending);
                }
                var look = analyze();
                boolean told = look == Cadence.Look.ROW || look == Cadence.Look.PROBE;
                if (told && finder.decided() != null) {
                    ending = finder.decided();
                }
                if (marked.contains(descent.step())) {
                    var mark = new Mark(checkpoint(descent.state()), rows.size(), plateaus.size(), transitions.size());
                    marks.put(descent.step(), mark);
                }
                if (ending != null) {
                    return end(descent.state(), ending);
                }
                next();
            }
        }

        void next() {
            descent.advance();
            descent.evaluate();
        }

        private Cadence.Look analyze() {
            long step = descent.step();
            double flowTime = descent.flowTime();
            double square = descent.squaredGradientNorm();
            finder.step(step, flowTime, descent.loss(), square);
            var look = cadence.at(step, flowTime, descent.loss(), square);
            switch (look) {
                case ROW -> rows.add(finder.row(descent.state()));
                case PROBE -> finder.probe(descent.state());
                case ESCAPE -> finder.drop(descent.state());
                case NONE -> {}
            }
            List<Finding> found = finder.drain();
            for (Finding finding : found) {
                if (finding instanceof PlateauFound plateau) {
                    plateaus.add(plateau);
                } else if (finding instanceof Transition transition) {
                    transitions.add(transition);
                }
            }
            onlooker.see(descent, found);
            return look;
        }

        private Result end(DescentState last, Ending ending) {
            var checkpoint = checkpoint(last);
            var closing = finder.close(last, ending);
            return new Result(rows, plateaus, transitions, ending, last, closing, checkpoint, marks);
        }

        private Checkpoint checkpoint(DescentState state) {
            return new Checkpoint(state, cadence.state(), finder.state());
        }
    }
}
