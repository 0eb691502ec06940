package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.BareRun;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;

/** How well the Hessian on a plateau tells when the plateau will be left; the table of docs/SCIENCE.md. */
class TimeToEscapeIT {

    /** A question on the way: t, the predicted time to the escape, and whether λ_min could be trusted. */
    private record Question(double flowTime, double predicted, boolean resolved) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linear-teacher-L2",
                "linear-teacher-L3",
                "linear-teacher-L4",
                "positive-teacher",
                "orthogonal-teacher",
                "relu-teacher",
                "first-light"
            })
    void predictionsAreNeverThreeTimesTooLateWhileAFifthOfThePlateauIsLeft(String experiment) {
        List<Question> questions = new ArrayList<>();
        BareRun.Result result = run(experiment, questions);
        int judged = 0;
        for (var found : result.plateaus()) {
            double start = found.plateau().startTime();
            double left = Objects.requireNonNull(found.escape()).flowTime();
            List<Double> ratios = questions.stream()
                    .filter(asked ->
                            asked.resolved && asked.flowTime >= start && asked.flowTime - start < 0.8 * (left - start))
                    .map(asked -> asked.predicted / (left - asked.flowTime))
                    .toList();
            System.out.printf(
                    "%-20s plateau %d: predicted to actual time %s%n",
                    experiment, found.plateau().number(), range(ratios));
            judged += ratios.isEmpty() ? 0 : 1;
            assertThat(ratios).allSatisfy(ratio -> assertThat(ratio).isLessThan(3));
            if (found.plateau().number() == 0) {
                // Even at step 0, where nothing has turned to the escape direction yet.
                assertThat(ratios.get(0)).isBetween(0.75, 1.0);
            }
        }
        // The least λ of the last plateau is not resolved on some of the teachers.
        assertThat(judged).isGreaterThanOrEqualTo(2);
    }

    private static String range(List<Double> ratios) {
        return ratios.isEmpty()
                ? "–"
                : "%.2f first, %.2f to %.2f"
                        .formatted(
                                ratios.get(0),
                                ratios.stream().mapToDouble(r -> r).min().orElseThrow(),
                                ratios.stream().mapToDouble(r -> r).max().orElseThrow());
    }

    private static BareRun.Result run(String experiment, List<Question> questions) {
        var tasks = new TaskLibrary();
        RunSpec run = Experiment.load(Path.of("config", experiment + ".conf"), List.of())
                .runs()
                .get(0);
        var task = tasks.task(run.data(), run.loss());
        var kernels = Kernels.ordered();
        double rate = ((DescentSettings.GradientDescent) run.descent()).learningRate();
        var probe = Curvature.probe(run.loss(), task.inputs(), task.targets(), kernels);
        int depth = run.architecture().depth();
        return new BareRun(
                        run.architecture(),
                        run.loss(),
                        task,
                        kernels,
                        rate,
                        run.limits(),
                        run.stopRules(),
                        run.observe())
                .from(tasks.initialParameters(run), (descent, found) -> {
                    double t = descent.flowTime();
                    if (questions.isEmpty() || t >= 1.1 * questions.get(questions.size() - 1).flowTime) {
                        Curvature here = probe.at(descent.state().parameters());
                        double time = here.timeToEscape(depth, descent.squaredGradientNorm(), descent.loss());
                        questions.add(new Question(t, time, here.resolved()));
                    }
                });
    }
}
