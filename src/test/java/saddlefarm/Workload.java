package saddlefarm;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import saddlefarm.BareRun.Result;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleProbe;
import saddlefarm.analysis.Spectra;
import saddlefarm.data.Task;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.SingularValues;

/** An experiment of the product, all of whose runs train on one task, each on a thread of its own. */
@NullMarked
final class Workload {

    private final Task task;
    private final RunSpec first;
    private final List<Outcome> outcomes;

    /** Runs all seeds of {@code config/<name>.conf}. */
    Workload(String name, String... overrides) {
        var tasks = new TaskLibrary();
        List<RunSpec> runs = Experiment.load(Path.of("config", name + ".conf"), List.of(overrides))
                .runs();
        first = runs.get(0);
        task = tasks.task(first.data(), first.loss());
        outcomes = runs.parallelStream().map(run -> run(run, tasks)).toList();
    }

    /** In the order of the seeds. */
    List<Outcome> outcomes() {
        return outcomes;
    }

    /**
     * The least loss of outputs of rank k: {@code 1/(2N) Σ_{j>k} σ_j(T)²} (C. Eckart, G. Young, <i>The approximation of
     * one matrix by another of lower rank</i>, 1936).
     */
    double lossOfRank(int rank) {
        double[] values = SingularValues.of(task.targets().toMatrix());
        double sum = 0;
        for (int j = rank; j < values.length; j++) {
            sum += values[j] * values[j];
        }
        return sum / (2.0 * task.samples());
    }

    /** What a plateau's saddle looks like at its deepest snapshot; past the origin with its directions down. */
    Saddle saddle(PlateauFound found) {
        Plateau plateau = found.plateau();
        return SaddleProbe.of(first.loss(), task.inputs(), task.targets(), Kernels.ordered())
                .at(found.parameters(), plateau.deepestStep() * rate(first), plateau.rank(), plateau.number() > 0, null)
                .saddle();
    }

    private Outcome run(RunSpec run, TaskLibrary tasks) {
        var bare = new BareRun(
                run.architecture(),
                run.loss(),
                task,
                Kernels.ordered(),
                rate(run),
                run.limits(),
                run.afterEscapes(),
                run.observe());
        return new Outcome(run.swept().toString(), bare.from(tasks.initialParameters(run)));
    }

    private static double rate(RunSpec run) {
        return ((DescentSettings.GradientDescent) run.descent()).learningRate();
    }

    /** What one seed did. */
    record Outcome(String seed, Result result) {

        /** The plateaus that it left. */
        List<Plateau> saddles() {
            return result.plateaus().stream().map(found -> found.plateau()).toList();
        }

        List<Integer> ranks() {
            return saddles().stream().map(Plateau::rank).toList();
        }

        int finalRank() {
            return result.closing().rank();
        }

        /** σ_i/σ_{i+1} of a layer at the end. */
        double gap(int layer, int index) {
            return last().value(layer, index) / last().value(layer, index + 1);
        }

        /** How many singular values of a layer are at the end larger than the largest one was at the start. */
        int grown(int layer) {
            double largest = result.rows().get(0).spectra().value(layer, 1);
            int grown = 0;
            while (grown < last().count(layer) && last().value(layer, grown + 1) > largest) {
                grown++;
            }
            return grown;
        }

        private Spectra last() {
            return Spectra.of(result.last().parameters(), Kernels.ordered());
        }

        @Override
        public String toString() {
            return seed + ": " + saddles() + ", then rank " + finalRank();
        }
    }
}
