package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.data.Task;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class TaskLibraryTest {

    private final TaskLibrary library = new TaskLibrary();

    @Test
    void runsOnEqualSettingsShareOneTask() {
        Task task = library.task(new DataSettings.Digits(20, 1), Loss.MSE);
        assertThat(library.task(new DataSettings.Digits(20, 1), Loss.MSE)).isSameAs(task);
        assertThat(library.task(new DataSettings.Digits(20, 2), Loss.MSE)).isNotSameAs(task);
    }

    @Test
    void threadsThatAskAtOnceGetOneTask() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Task> ask = () -> library.task(new DataSettings.Digits(100, 3), Loss.MSE);
            var tasks = threads.invokeAll(List.of(ask, ask, ask, ask, ask, ask, ask, ask));
            for (var task : tasks) {
                assertThat(task.get()).isSameAs(tasks.get(0).get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theLossDecidesWhatDigitsHaveForTargets() {
        library.task(new DataSettings.Digits(20, 1), Loss.CROSS_ENTROPY).requireDistributions();
        // One-hot minus .1: 0.9 for the class and -0.1 for the nine others.
        Task centred = library.task(new DataSettings.Digits(20, 1), Loss.MSE);
        assertThat(centred.targets().toMatrix().data).contains(0.9).contains(-0.1);
    }

    /** {@link DataWidths} knows the widths of these tasks without making them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "digits",
                "linear-teacher",
                "positive-teacher",
                "orthogonal-teacher",
                "relu-teacher",
                "circle-toy"
            })
    void everyTaskHasTheWidthsThatItsNetworksAreGiven(String source) {
        RunSpec run = Experiments.run("data.source = " + source);
        Task task = library.task(run.data(), run.loss());
        assertThat(run.architecture().inputs(1)).isEqualTo(task.inputWidth());
        assertThat(run.architecture().outputs(3)).isEqualTo(task.outputWidth());
    }

    @Test
    void settingsSayHowManySamplesThereAre() {
        String teacher = "data { source = relu-teacher, dimension = 4, samples = 17, strengths = [1] }";
        RunSpec run = Experiments.run(teacher);
        assertThat(library.task(run.data(), run.loss()).samples()).isEqualTo(17);
    }

    @Test
    void gaussianWeightsFollowTheSeedAndScaleAlone() {
        Parameters one = library.initialParameters(Experiments.run("initialization { scale = 0.1, seed = 1 }"));
        Parameters again = library.initialParameters(
                Experiments.run("initialization { scale = 0.1, seed = 1 }\ndata.seed = 5\ndescent.learning-rate = 1"));
        Parameters other = library.initialParameters(Experiments.run("initialization { scale = 0.1, seed = 2 }"));
        assertThat(again.toVector()).isEqualTo(one.toVector());
        assertThat(other.toVector()).isNotEqualTo(one.toVector());
        // 320 + 25 + 50 weights; W_1's 320 have the standard deviation .1/8, known here to 1/√640 = 4%, so within 16%.
        double[] first = one.weights(1).data;
        double sum = 0;
        for (double weight : first) {
            sum += weight * weight;
        }
        assertThat(Math.sqrt(sum / first.length)).isBetween(0.0125 * 0.84, 0.0125 * 1.16);
    }
}
