package saddlefarm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
    void aHeadIsShownWhileThereIsOne() {
        assertThat(scrape("saddlefarm_farm_head")).containsExactly("saddlefarm_farm_head 0.0");
        metrics.head(true);
        assertThat(scrape("saddlefarm_farm_head")).containsExactly("saddlefarm_farm_head 1.0");
        // The next begins before the last has ended.
        metrics.head(true);
        metrics.head(false);
        assertThat(scrape("saddlefarm_farm_head")).containsExactly("saddlefarm_farm_head 1.0");
        metrics.head(false);
        assertThat(scrape("saddlefarm_farm_head")).containsExactly("saddlefarm_farm_head 0.0");
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

    /** What is slow is found by the run that it was: an exemplar leads from a bucket to one. */
    @Test
    void bucketsHaveARunAsTheirExemplar() {
        metrics.slice("0123456789ab", 0.25);
        metrics.commit("ba9876543210", 0.03125);

        String text = Scrape.as(metrics, "application/openmetrics-text; version=1.0.0")
                .text();
        assertThat(text)
                .containsPattern("saddlefarm_slice_seconds_bucket\\{le=\"0.5\"} 1 # \\{run=\"0123456789ab\"} 0.25 ")
                .containsPattern(
                        "saddlefarm_commit_seconds_bucket\\{le=\"0.05\"} 1 # \\{run=\"ba9876543210\"} 0.03125 ");
    }

    /** The format of Prometheus itself, as its bytes begin: the length and the name of the first family. */
    @Test
    void protobufIsWrittenForWhoAcceptsIt() throws Exception {
        String accept = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
        metrics.countSteps(42);
        var bytes = new ByteArrayOutputStream();
        metrics.write(accept, bytes);

        assertThat(metrics.contentType(accept)).startsWith("application/vnd.google.protobuf");
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
                .contains("\n\u001bsaddlefarm_farm_steps_total")
                .doesNotContain("# TYPE");
    }

    private List<String> scrape(String name) {
        return Scrape.of(metrics).series(name);
    }
}
