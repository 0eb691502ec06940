package saddlefarm.detector;

import java.util.ArrayList;
import java.util.List;
import saddlefarm.BareRun;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Finding.Candidate;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Plateau;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.Limits;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;

/**
 * A run of the product with its true plateaus.
 *
 * @param rungs the true plateaus, in the order of time, by each tolerance of {@link #TOLERANCES}
 * @param learned how many modes were at least half learned at the end
 * @param detections the plateaus that were found and left, in the order of time
 */
record LabelledRun(
        RunSpec spec, List<List<Rung>> rungs, int learned, List<Detection> detections, BareRun.Result result) {

    /** Of the labels: the one that counts, and two that show how much hangs on it. */
    static final List<Double> TOLERANCES = List.of(0.1, 0.05, 0.2);

    /** Between two looks at the modes time grows by this part of itself. */
    private static final int LOOKS = 256;

    static LabelledRun of(RunSpec spec, TaskLibrary tasks) {
        Task task = tasks.task(spec.data(), spec.loss());
        var watch = new Watch(new Modes(task));
        var result = bare(spec, task, spec.limits()).from(tasks.initialParameters(spec), watch);
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < result.plateaus().size(); i++) {
            boolean last = i + 1 == result.allPlateaus().size();
            int after = last
                    ? result.closing().rank()
                    : result.allPlateaus().get(i + 1).plateau().rank();
            var plateau = result.plateaus().get(i).plateau();
            detections.add(new Detection(
                    plateau,
                    watch.confirmed.get(i),
                    after,
                    watch.candidates.get(i).stream()
                            .filter(look -> look.flowTime() >= plateau.startTime())
                            .toList()));
        }
        return new LabelledRun(
                spec,
                watch.labels.stream().map(Labels::rungs).toList(),
                watch.labels.get(0).learned(),
                detections,
                result);
    }

    /** The same run, cut at a flow time. */
    static BareRun.Result cut(RunSpec spec, TaskLibrary tasks, double flowTime) {
        Limits limits = new Limits(0, flowTime, 0, 0);
        return bare(spec, tasks.task(spec.data(), spec.loss()), limits).from(tasks.initialParameters(spec));
    }

    /** The true plateaus. */
    List<Rung> ladder() {
        return rungs.get(0);
    }

    /** Whether it met its criterion, at a loss of no more than this. */
    boolean arrived(double loss) {
        return result.ending().converged() && result.last().loss() <= loss;
    }

    /** Whether the product says that it ended at a minimum. */
    boolean atMinimum() {
        var end = result.closing().plateau();
        return end != null && end.plateau().kind() == Plateau.Kind.MINIMUM;
    }

    String name() {
        return spec.experiment() + ", seed " + spec.swept().get("data.seed");
    }

    private static BareRun bare(RunSpec spec, Task task, Limits limits) {
        double rate = ((DescentSettings.GradientDescent) spec.descent()).learningRate();
        return new BareRun(
                spec.architecture(),
                spec.loss(),
                task,
                Kernels.ordered(),
                rate,
                limits,
                spec.stopRules(),
                spec.observe());
    }

    /** Looks at the modes, and notes when findings came. */
    private static final class Watch implements BareRun.Onlooker {

        private final Modes modes;
        private final List<Labels> labels;
        private final List<Double> confirmed = new ArrayList<>();
        private final List<List<Detection.Look>> candidates = new ArrayList<>();
        private List<Detection.Look> open = new ArrayList<>();
        private long next;

        Watch(Modes modes) {
            this.modes = modes;
            labels = TOLERANCES.stream()
                    .map(tolerance -> new Labels(modes, tolerance))
                    .toList();
        }

        @Override
        public void see(Descent descent, List<Finding> found) {
            if (descent.step() >= next) {
                next = descent.step() + 1 + descent.step() / LOOKS;
                double[] learned = modes.learned(descent.parameters());
                labels.forEach(label -> label.see(descent.flowTime(), descent.loss(), learned));
            }
            for (Finding finding : found) {
                if (finding instanceof Candidate candidate) {
                    open.add(new Detection.Look(descent.flowTime(), candidate.kind()));
                } else if (finding instanceof PlateauFound) {
                    confirmed.add(descent.flowTime());
                    candidates.add(List.copyOf(open));
                    open = new ArrayList<>();
                }
            }
        }
    }
}
