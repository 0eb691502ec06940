package saddlefarm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStatus;

/** Which runs have series, and of these which have room. */
class RunTableTest {

    // of LiveRuns.withRow: run_info, 4 without and 4 with a row, 2 layer ranks, 2 ratios
    private static final int BASE_SERIES = 13;
    private static final int SINGULAR_VALUES = 5;

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "DIVERGED", "FAILED", "CANCELLED"})
    void anEndedRunHasItsSeriesInTwoMoreScrapes(RunStatus end) {
        try (var metrics = new FarmMetrics(1000)) {
            RunSpec run = LiveRuns.named("r");
            metrics.show(LiveRuns.withRow(run, RunStatus.RUNNING));
            Scrape.of(metrics);
            metrics.show(LiveRuns.withRow(run, end));

            assertThat(Scrape.of(metrics).seriesOf("r")).hasSize(BASE_SERIES + SINGULAR_VALUES);
            assertThat(Scrape.of(metrics).seriesOf("r")).hasSize(BASE_SERIES + SINGULAR_VALUES);
            Scrape third = Scrape.of(metrics);
            assertThat(third.seriesOf("r")).isEmpty();
            assertThat(third.series("saddlefarm_farm_runs"))
                    .contains("saddlefarm_farm_runs{status=\"%s\"} 1.0".formatted(end.label()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "RUNNING", "PAUSED"})
    void aRunThatHasNotEndedKeepsItsSeries(RunStatus status) {
        try (var metrics = new FarmMetrics(1000)) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("r"), status));

            for (int scrape = 0; scrape < 5; scrape++) {
                assertThat(Scrape.of(metrics).seriesOf("r")).hasSize(BASE_SERIES + SINGULAR_VALUES);
            }
        }
    }

    @Test
    void whatIsLearnedOfARunAfterItsSeriesAreGoneIsForgotten() {
        try (var metrics = new FarmMetrics(1000)) {
            RunSpec run = LiveRuns.named("r");
            metrics.show(LiveRuns.withRow(run, RunStatus.COMPLETED));
            Scrape.of(metrics);
            Scrape.of(metrics);
            metrics.leftOrigin(run, 36, 30.5);
            metrics.show(LiveRuns.withRow(run, RunStatus.QUEUED));

            assertThat(Scrape.of(metrics).seriesOf("r")).hasSize(BASE_SERIES + SINGULAR_VALUES);
        }
    }

    @Test
    void anEndShownAgainIsNoNewEnd() {
        try (var metrics = new FarmMetrics(1000)) {
            RunSpec run = LiveRuns.named("r");
            metrics.show(LiveRuns.withRow(run, RunStatus.COMPLETED));
            Scrape.of(metrics);
            Scrape.of(metrics);
            metrics.show(LiveRuns.withRow(run, RunStatus.COMPLETED));

            assertThat(Scrape.of(metrics).seriesOf("r")).isEmpty();
        }
    }

    @Test
    void whileNobodyScrapesTheRunsThatEndedEarliestLoseTheirSeries() {
        try (var metrics = new FarmMetrics(1000)) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("resumed"), RunStatus.CANCELLED));
            metrics.show(LiveRuns.withRow(LiveRuns.named("resumed"), RunStatus.QUEUED));
            metrics.show(LiveRuns.withRow(LiveRuns.named("first"), RunStatus.COMPLETED));
            metrics.show(LiveRuns.withRow(LiveRuns.named("second"), RunStatus.COMPLETED));
            for (int run = 1; run < RunTable.MOST_ENDED; run++) {
                metrics.show(LiveRuns.withRow(LiveRuns.named("later" + run), RunStatus.COMPLETED));
            }

            Scrape scrape = Scrape.of(metrics);
            assertThat(scrape.seriesOf("first")).isEmpty();
            assertThat(scrape.seriesOf("second")).isNotEmpty();
            assertThat(scrape.seriesOf("resumed")).isNotEmpty();
            assertThat(scrape.series("saddlefarm_farm_runs"))
                    .contains("saddlefarm_farm_runs{status=\"completed\"} %d.0".formatted(RunTable.MOST_ENDED + 1));
        }
    }

    @Test
    void aRunThatIsResumedHasItsSeriesAgain() {
        try (var metrics = new FarmMetrics(1000)) {
            RunSpec run = LiveRuns.named("r");
            metrics.show(LiveRuns.withRow(run, RunStatus.CANCELLED));
            Scrape.of(metrics);
            Scrape.of(metrics);
            metrics.show(LiveRuns.withRow(run, RunStatus.QUEUED));

            Scrape scrape = Scrape.of(metrics);
            assertThat(scrape.seriesOf("r")).hasSize(BASE_SERIES + SINGULAR_VALUES);
            assertThat(scrape.series("saddlefarm_farm_runs"))
                    .contains("saddlefarm_farm_runs{status=\"queued\"} 1.0")
                    .contains("saddlefarm_farm_runs{status=\"cancelled\"} 0.0");
        }
    }

    @Test
    void runsAreCountedByEveryStatusThereIs() {
        try (var metrics = new FarmMetrics(1000)) {
            metrics.show(LiveRuns.fresh(LiveRuns.named("a"), RunStatus.RUNNING));
            metrics.show(LiveRuns.fresh(LiveRuns.named("b"), RunStatus.RUNNING));
            metrics.show(LiveRuns.fresh(LiveRuns.named("c"), RunStatus.FAILED));

            assertThat(Scrape.of(metrics).series("saddlefarm_farm_runs"))
                    .containsExactlyInAnyOrder(
                            "saddlefarm_farm_runs{status=\"queued\"} 0.0",
                            "saddlefarm_farm_runs{status=\"running\"} 2.0",
                            "saddlefarm_farm_runs{status=\"paused\"} 0.0",
                            "saddlefarm_farm_runs{status=\"completed\"} 0.0",
                            "saddlefarm_farm_runs{status=\"diverged\"} 0.0",
                            "saddlefarm_farm_runs{status=\"failed\"} 1.0",
                            "saddlefarm_farm_runs{status=\"cancelled\"} 0.0");
        }
    }

    @Test
    void singularValuesThatReachTheCapExactlyAreAllShown() {
        try (var metrics = new FarmMetrics(2 * (BASE_SERIES + SINGULAR_VALUES))) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("a"), RunStatus.RUNNING));
            metrics.show(LiveRuns.withRow(LiveRuns.named("b"), RunStatus.RUNNING));

            assertThat(Scrape.of(metrics).series("saddlefarm_layer_singular_value"))
                    .hasSize(2 * SINGULAR_VALUES);
            assertThat(Scrape.of(metrics).series("saddlefarm_farm_series_dropped"))
                    .containsExactly("saddlefarm_farm_series_dropped 0.0");
        }
    }

    @Test
    void beyondTheCapARunHasAllItsSingularValuesOrNone() {
        try (var metrics = new FarmMetrics(2 * (BASE_SERIES + SINGULAR_VALUES) - 1)) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("b"), RunStatus.RUNNING));
            metrics.show(LiveRuns.withRow(LiveRuns.named("a"), RunStatus.RUNNING));

            Scrape scrape = Scrape.of(metrics);
            assertThat(scrape.seriesOf("a")).hasSize(BASE_SERIES + SINGULAR_VALUES);
            assertThat(scrape.seriesOf("b")).hasSize(BASE_SERIES);
            assertThat(scrape.series("saddlefarm_farm_series_dropped"))
                    .containsExactly("saddlefarm_farm_series_dropped %d.0".formatted(SINGULAR_VALUES));
        }
    }

    @Test
    void runningRunsHaveSingularValuesBeforeOthers() {
        try (var metrics = new FarmMetrics(2 * BASE_SERIES + SINGULAR_VALUES)) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("a"), RunStatus.PAUSED));
            metrics.show(LiveRuns.withRow(LiveRuns.named("b"), RunStatus.RUNNING));

            Scrape scrape = Scrape.of(metrics);
            assertThat(scrape.seriesOf("a")).hasSize(BASE_SERIES);
            assertThat(scrape.seriesOf("b")).hasSize(BASE_SERIES + SINGULAR_VALUES);
        }
    }

    /** Whoever watches some experiments gives them a priority. */
    @Test
    void runsOfAHigherPriorityHaveSingularValuesBeforeOthers() {
        RunSpec last = LiveRuns.prioritized("z", 1);
        try (var metrics = new FarmMetrics(2 * BASE_SERIES + SINGULAR_VALUES)) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("a"), RunStatus.RUNNING));
            metrics.show(LiveRuns.withRow(last, RunStatus.RUNNING));

            Scrape scrape = Scrape.of(metrics);
            assertThat(scrape.seriesOf("a")).hasSize(BASE_SERIES);
            assertThat(scrape.seriesOf("z")).hasSize(BASE_SERIES + SINGULAR_VALUES);
        }
    }

    @Test
    void noCapDropsAnythingButSingularValues() {
        try (var metrics = new FarmMetrics(0)) {
            metrics.show(LiveRuns.withRow(LiveRuns.named("a"), RunStatus.RUNNING));
            metrics.show(LiveRuns.withRow(LiveRuns.named("b"), RunStatus.RUNNING));

            Scrape scrape = Scrape.of(metrics);
            assertThat(scrape.seriesOf("a")).hasSize(BASE_SERIES);
            assertThat(scrape.seriesOf("b")).hasSize(BASE_SERIES);
            assertThat(scrape.series("saddlefarm_farm_series_dropped"))
                    .containsExactly("saddlefarm_farm_series_dropped %d.0".formatted(2 * SINGULAR_VALUES));
        }
    }

    @Test
    void scrapesAmongRunsBeingShownSeeEachOfThemOnce() throws Exception {
        int threads = 4;
        int runs = 200;
        ExecutorService actors = Executors.newFixedThreadPool(threads);
        try (var metrics = new FarmMetrics(100_000)) {
            List<RunSpec> specs = IntStream.range(0, runs)
                    .mapToObj(i -> LiveRuns.named("r" + i))
                    .toList();
            specs.forEach(run -> metrics.show(LiveRuns.withRow(run, RunStatus.QUEUED)));
            var started = new CountDownLatch(threads);
            List<Future<?>> shown = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int mine = thread;
                shown.add(actors.submit(() -> {
                    started.countDown();
                    for (int round = 0; round < 50; round++) {
                        for (int i = mine; i < runs; i += threads) {
                            metrics.show(LiveRuns.withRow(specs.get(i), RunStatus.RUNNING));
                            metrics.countSteps(3);
                        }
                    }
                }));
            }
            started.await();
            for (int scrape = 0; scrape < 10; scrape++) {
                assertThat(Scrape.of(metrics).series("saddlefarm_run_loss")).hasSize(runs);
            }
            for (Future<?> actor : shown) {
                actor.get();
            }
            Scrape last = Scrape.of(metrics);
            assertThat(last.series("saddlefarm_farm_runs")).contains("saddlefarm_farm_runs{status=\"running\"} 200.0");
            assertThat(last.series("saddlefarm_farm_steps_total"))
                    .containsExactly("saddlefarm_farm_steps_total %d.0".formatted(50 * runs * 3));
        } finally {
            actors.shutdownNow();
        }
    }
}
