package saddlefarm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The series of the farm and of its process. */
class FarmMetricsTest {

    private final FarmMetrics metrics = new FarmMetrics(1000);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void stepsAndSnapshotsAreCounted() {
        metrics.countSteps(40);
        metrics.countSteps(2);
        metrics.countSnapshot();

        assertThat(scrape("saddlefarm_farm_steps_total")).containsExactly("saddlefarm_farm_steps_total 42.0");
        assertThat(scrape("saddlefarm_farm_snapshots_total")).containsExactly("saddlefarm_farm_snapshots_total 1.0");
    }

    @Test
    void failedCommitsAreCountedFromZero() {
        assertThat(scrape("saddlefarm_farm_commits_failed_total"))
                .containsExactly("saddlefarm_farm_commits_failed_total 0.0");
        metrics.countFailedCommit();
        assertThat(scrape("saddlefarm_farm_commits_failed_total"))
                .containsExactly("saddlefarm_farm_commits_failed_total 1.0");
    }

    @Test
    void slicesAndCommitsAreHistograms() {
        metrics.slice("0123456789ab", 0.25);
        metrics.slice("0123456789ab", 0.0078125);
        metrics.commit("0123456789ab", 30);

        assertThat(scrape("saddlefarm_slice_seconds_bucket"))
                .contains(
                        "saddlefarm_slice_seconds_bucket{le=\"0.005\"} 0",
                        "saddlefarm_slice_seconds_bucket{le=\"0.01\"} 1",
                        "saddlefarm_slice_seconds_bucket{le=\"0.2\"} 1",
                        "saddlefarm_slice_seconds_bucket{le=\"0.5\"} 2",
                        "saddlefarm_slice_seconds_bucket{le=\"+Inf\"} 2");
        assertThat(scrape("saddlefarm_slice_seconds_sum")).containsExactly("saddlefarm_slice_seconds_sum 0.2578125");
        assertThat(scrape("saddlefarm_commit_seconds_bucket"))
                .contains(
                        "saddlefarm_commit_seconds_bucket{le=\"10.0\"} 0",
                        "saddlefarm_commit_seconds_bucket{le=\"+Inf\"} 1");
        assertThat(scrape("saddlefarm_commit_seconds_count")).containsExactly("saddlefarm_commit_seconds_count 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jvm_memory_used_bytes",
                "jvm_gc_memory_allocated_bytes_total",
                "jvm_threads_live_threads",
                "jvm_classes_loaded_classes",
                "process_cpu_usage",
                "process_files_open_files",
                "process_uptime_seconds",
                "system_cpu_usage"
            })
    void theProcessShowsItself(String name) {
        assertThat(scrape(name)).isNotEmpty();
    }

    @Test
    void theTextFormatIsTheDefault() {
        assertThat(metrics.contentType(null)).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.contentType("text/html")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(Scrape.of(metrics).text()).contains("# TYPE saddlefarm_farm_steps_total counter\n");
    }

    @Test
    void openMetricsIsWrittenForWhoAcceptsIt() {
        String accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

        assertThat(metrics.contentType(accept)).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(Scrape.as(metrics, accept).text())
                .contains("# TYPE saddlefarm_farm_steps counter\n")
                .endsWith("# EOF\n");
    }

    private List<String> scrape(String name) {
        return Scrape.of(metrics).series(name);
    }
}
