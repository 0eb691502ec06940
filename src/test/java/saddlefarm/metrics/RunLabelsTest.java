package saddlefarm.metrics;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.Label;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStatus;

class RunLabelsTest {

    @Test
    void sweptKeysHaveDotsAndDashesAsUnderscores() {
        RunSpec run = LiveRuns.experiment("rates", "descent.learning-rate = [0.25], initialization.seed = [7]")
                .get(0);

        assertThat(labels(run))
                .isEqualTo(Map.of(
                        "run", run.id(),
                        "experiment", "rates",
                        "descent_learning_rate", "0.25",
                        "initialization_seed", "7"));
    }

    @Test
    void aTextHasNoQuotesAndAListIsAsInJson() {
        RunSpec run = LiveRuns.experiment("texts", "network.activation = [linear], network.widths = [[10, 30, 10]]")
                .get(0);

        assertThat(labels(run)).containsEntry("network_activation", "linear");
        assertThat(labels(run)).containsEntry("network_widths", "[10,30,10]");
    }

    @Test
    void aKeyThatIsTakenForTheRunOrItsExperimentGetsAnUnderscore() {
        RunSpec run = LiveRuns.named("r", new TreeMap<>(Map.of("run", "1", "experiment", "2")));

        assertThat(labels(run)).isEqualTo(Map.of("run", "r", "experiment", "one", "run_", "1", "experiment_", "2"));
    }

    @Test
    void ofKeysThatBecomeTheSameTheLaterInTheAlphabetGetUnderscores() {
        RunSpec run = LiveRuns.named("r", new TreeMap<>(Map.of("a_b", "3", "a.b", "2", "a-b", "1")));

        assertThat(labels(run))
                .isEqualTo(Map.of("run", "r", "experiment", "one", "a_b", "1", "a_b_", "2", "a_b__", "3"));
    }

    @Test
    void experimentsWithDifferentSweptKeysAreInOneFamily() {
        RunSpec seed = LiveRuns.experiment("seeds", "initialization.seed = [3]").get(0);
        RunSpec scale =
                LiveRuns.experiment("scales", "initialization.scale = [0.5]").get(0);
        try (var metrics = new FarmMetrics(1000)) {
            metrics.show(LiveRuns.fresh(seed, RunStatus.RUNNING));
            metrics.show(LiveRuns.fresh(scale, RunStatus.RUNNING));

            List<String> expected = List.of(
                    "saddlefarm_run_info{experiment=\"scales\",initialization_scale=\"0.5\",run=\"%s\"} 1"
                            .formatted(scale.id()),
                    "saddlefarm_run_info{experiment=\"seeds\",initialization_seed=\"3\",run=\"%s\"} 1"
                            .formatted(seed.id()));
            assertThat(Scrape.of(metrics).series("saddlefarm_run_info")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(Scrape.as(metrics, "application/openmetrics-text").series("saddlefarm_run_info"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static Map<String, String> labels(RunSpec run) {
        return RunLabels.of(run).stream().collect(toMap(Label::getName, Label::getValue));
    }
}
