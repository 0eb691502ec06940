package saddlefarm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.analysis.Curvature;
import saddlefarm.experiment.RunSpec;
import saddlefarm.linalg.Lanczos.Ritz;
import saddlefarm.run.RunBoard.LiveRun;
import saddlefarm.run.RunStatus;

/** The series of one run. */
class RunSeriesTest {

    private final FarmMetrics metrics = new FarmMetrics(1000);
    private final RunSpec spec = LiveRuns.named("r");

    @AfterEach
    void close() {
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource({
        "saddlefarm_run_steps, 123",
        "saddlefarm_run_loss, 0.75",
        "saddlefarm_run_flow_time, 12.5",
        "saddlefarm_run_gradient_norm, 0.0625",
        "saddlefarm_run_rank, 1",
        "saddlefarm_run_plateau, 0",
        "saddlefarm_run_plateaus_total, 3",
        "saddlefarm_run_rank_transitions_total, 2",
        "saddlefarm_run_sharpness, 9.5",
        "saddlefarm_run_lambda_min, -0.125"
    })
    void aRunHasOneSeriesForEachOfItsScalars(String name, double value) {
        LiveRun row = LiveRuns.withRow(spec, RunStatus.RUNNING);
        var curvature = new Curvature(new Ritz(-0.125, 0), new Ritz(9.5, 0));
        metrics.show(
                new LiveRun(spec, row.status(), row.steps(), row.snapshot(), null, 3, 2, curvature, row.layerRanks()));

        assertThat(scrape(name)).containsExactly("%s{run=\"r\"} %s".formatted(name, value));
    }

    @Test
    void plateausThatWereLeftAreShownWithTheRun() {
        metrics.show(LiveRuns.fresh(spec, RunStatus.RUNNING));
        metrics.leftPlateau(spec, 40);
        metrics.leftPlateau(spec, 4.5);
        metrics.leftOrigin(spec, 36, 30.5);
        metrics.show(LiveRuns.withRow(spec, RunStatus.RUNNING));

        assertThat(scrape("saddlefarm_run_left_plateau_flow_time"))
                .containsExactly("saddlefarm_run_left_plateau_flow_time{run=\"r\"} 4.5");
        assertThat(scrape("saddlefarm_run_escape_flow_time"))
                .containsExactly("saddlefarm_run_escape_flow_time{run=\"r\"} 36.0");
        assertThat(scrape("saddlefarm_run_earliest_escape_flow_time"))
                .containsExactly("saddlefarm_run_earliest_escape_flow_time{run=\"r\"} 30.5");
    }

    /** Weights as large as those of config/first-light.conf may be: a ratio to 0 would tell nothing. */
    @Test
    void anEscapeThatTheoryHasNoBoundForIsShownAlone() {
        metrics.show(LiveRuns.withRow(spec, RunStatus.RUNNING));
        metrics.leftOrigin(spec, 36, 0);

        assertThat(scrape("saddlefarm_run_escape_flow_time"))
                .containsExactly("saddlefarm_run_escape_flow_time{run=\"r\"} 36.0");
        assertThat(scrape("saddlefarm_run_earliest_escape_flow_time")).isEmpty();
    }

    @Test
    void aPlateauIsOne() {
        metrics.show(LiveRuns.fresh(spec, RunStatus.RUNNING));

        assertThat(scrape("saddlefarm_run_plateau")).containsExactly("saddlefarm_run_plateau{run=\"r\"} 1.0");
    }

    @Test
    void layersAndTheirSingularValuesCountFromOne() {
        metrics.show(LiveRuns.withRow(spec, RunStatus.RUNNING));

        assertThat(scrape("saddlefarm_layer_rank"))
                .containsExactly(
                        "saddlefarm_layer_rank{layer=\"1\",run=\"r\"} 1.0",
                        "saddlefarm_layer_rank{layer=\"2\",run=\"r\"} 2.0");
        assertThat(scrape("saddlefarm_layer_singular_value"))
                .containsExactlyInAnyOrder(
                        "saddlefarm_layer_singular_value{index=\"1\",layer=\"1\",run=\"r\"} 4.0",
                        "saddlefarm_layer_singular_value{index=\"2\",layer=\"1\",run=\"r\"} 0.5",
                        "saddlefarm_layer_singular_value{index=\"3\",layer=\"1\",run=\"r\"} 0.25",
                        "saddlefarm_layer_singular_value{index=\"1\",layer=\"2\",run=\"r\"} 3.0",
                        "saddlefarm_layer_singular_value{index=\"2\",layer=\"2\",run=\"r\"} 1.5");
    }

    @Test
    void theSingularRatioIsTheFirstOverTheSecond() {
        metrics.show(LiveRuns.withRow(spec, RunStatus.RUNNING));

        assertThat(scrape("saddlefarm_layer_singular_ratio"))
                .containsExactly(
                        "saddlefarm_layer_singular_ratio{layer=\"1\",run=\"r\"} 8.0",
                        "saddlefarm_layer_singular_ratio{layer=\"2\",run=\"r\"} 2.0");
    }

    @Test
    void thereIsNoSingularRatioWithoutASecondSingularValueAboveZero() {
        metrics.show(LiveRuns.withSpectra(spec, RunStatus.RUNNING, new double[][] {{4, 0}, {3}, {2, 1}}));

        assertThat(scrape("saddlefarm_layer_singular_ratio"))
                .containsExactly("saddlefarm_layer_singular_ratio{layer=\"3\",run=\"r\"} 2.0");
    }

    @Test
    void aRunWithoutARowHasNoSeriesOfOne() {
        metrics.show(LiveRuns.fresh(spec, RunStatus.QUEUED));

        assertThat(Scrape.of(metrics).seriesOf("r"))
                .containsExactlyInAnyOrder(
                        "saddlefarm_run_info{experiment=\"one\",run=\"r\"} 1",
                        "saddlefarm_run_steps{run=\"r\"} 0.0",
                        "saddlefarm_run_plateau{run=\"r\"} 1.0",
                        "saddlefarm_run_plateaus_total{run=\"r\"} 0.0",
                        "saddlefarm_run_rank_transitions_total{run=\"r\"} 0.0");
    }

    @Test
    void whatIsShownLastReplacesWhatWasShownBefore() {
        metrics.show(LiveRuns.fresh(spec, RunStatus.QUEUED));
        metrics.show(LiveRuns.withRow(spec, RunStatus.RUNNING));

        assertThat(scrape("saddlefarm_run_steps")).containsExactly("saddlefarm_run_steps{run=\"r\"} 123.0");
    }

    private List<String> scrape(String name) {
        return Scrape.of(metrics).series(name);
    }
}
