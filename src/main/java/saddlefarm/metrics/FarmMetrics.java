package saddlefarm.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard;

/**
 * The board of a farm as Prometheus series: what each run is doing, what the farm as a whole does, and how the process
 * that it lives in fares. Any thread may use it.
 */
public final class FarmMetrics implements RunBoard, AutoCloseable {

    private final PrometheusRegistry series = new PrometheusRegistry();
    private final PrometheusMeterRegistry process =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, series, Clock.SYSTEM);
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    private final RunTable runs;
    private final Gauge head = Gauge.builder()
            .name("saddlefarm_farm_head")
            .help("1 where somebody sees to what is wanted of the farm's runs, which is one of its nodes; 0 elsewhere.")
            .register(series);
    private final Counter steps = Counter.builder()
            .name("saddlefarm_farm_steps")
            .help("Steps taken by all runs.")
            .register(series);
    private final Counter snapshots = Counter.builder()
            .name("saddlefarm_farm_snapshots")
            .help("Snapshots analyzed of all runs.")
            .register(series);
    private final Histogram slices = Histogram.builder()
            .name("saddlefarm_slice_seconds")
            .help("Time of a slice of training, which ends at a step's end.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
            .register(series);
    private final Histogram commits = Histogram.builder()
            .name("saddlefarm_commit_seconds")
            .help("Time of a commit to the store.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
            .register(series);

    private final Counter failedCommits = Counter.builder()
            .name("saddlefarm_farm_commits_failed")
            .help("Commits that the store did not take, each attempt at a store that is away among them.")
            .register(series);

    /** @param seriesCap how many series of runs are shown; singular values beyond it are left out */
    public FarmMetrics(int seriesCap) {
        runs = new RunTable(seriesCap);
        series.register(runs);
        new ClassLoaderMetrics().bindTo(process);
        new JvmMemoryMetrics().bindTo(process);
        new JvmThreadMetrics().bindTo(process);
        garbageCollection.bindTo(process);
        new ProcessorMetrics().bindTo(process);
        new FileDescriptorMetrics().bindTo(process);
        new UptimeMetrics().bindTo(process);
    }

    @Override
    public void show(LiveRun run) {
        runs.show(run);
    }

    @Override
    public void forget(String run) {
        runs.forget(run);
    }

    @Override
    public void leftPlateau(RunSpec run, double flowTime) {
        runs.leftPlateau(run, flowTime);
    }

    @Override
    public void leftOrigin(RunSpec run, double flowTime, double earliest) {
        runs.leftOrigin(run, flowTime, earliest);
    }

    @Override
    public void head(boolean here) {
        // A head that ends may do so after the next has begun.
        head.inc(here ? 1 : -1);
    }

    @Override
    public void countSteps(long taken) {
        steps.inc(taken);
    }

    @Override
    public void countSnapshot() {
        snapshots.inc();
    }

    @Override
    public void slice(String run, double seconds) {
        slices.observeWithExemplar(seconds, Labels.of("run", run));
    }

    @Override
    public void commit(String run, double seconds) {
        commits.observeWithExemplar(seconds, Labels.of("run", run));
    }

    @Override
    public void countFailedCommit() {
        failedCommits.inc();
    }

    /** The format that suits a scraper best: text 0.0.4 unless its Accept header asks for another. */
    public String contentType(@Nullable String acceptHeader) {
        return formats.findWriter(acceptHeader).getContentType();
    }

    /** One scrape, in the format of {@link #contentType}. Takes about 0.1 s at the default cap. */
    public void write(@Nullable String acceptHeader, OutputStream out) throws IOException {
        formats.findWriter(acceptHeader).write(out, series.scrape());
    }

    /** Stops listening to the garbage collector. */
    @Override
    public void close() {
        garbageCollection.close();
        process.close();
    }
}
