package saddlefarm.metrics;

import static java.util.Comparator.comparing;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard.LiveRun;
import saddlefarm.run.RunStatus;

/**
 * The runs as last shown, made into series when somebody scrapes: publishing a run is a put into a map, and however
 * many series there are, nothing but the labels of singular values exists between scrapes.
 */
final class RunTable implements MultiCollector {

    /** How many scrapes still have the series of a run after its end, so that its last values are not missed. */
    private static final int SCRAPES_AFTER_END = 2;

    /** How many runs that have ended wait for these scrapes at most: it may be that nobody scrapes. */
    static final int MOST_ENDED = 1000;

    private record Row(LiveRun run, LeftPlateaus left, ValueLabels labels, AtomicInteger scrapes) {

        Row with(LiveRun newer) {
            return new Row(newer, left, labels, new AtomicInteger());
        }

        Row with(LeftPlateaus newer) {
            return new Row(run, newer, labels, scrapes);
        }
    }

    private static final Comparator<Row> BY_ID = comparing(row -> row.run.spec().id());

    private final int seriesCap;
    private final ConcurrentMap<String, Row> rows = new ConcurrentHashMap<>();
    // ids in the order of the ends; also of runs that have no series any more, or were taken up again
    private final BlockingQueue<String> ended = new ArrayBlockingQueue<>(MOST_ENDED);
    // of every run ever shown
    private final ConcurrentMap<String, RunStatus> statuses = new ConcurrentHashMap<>();

    RunTable(int seriesCap) {
        this.seriesCap = seriesCap;
    }

    /** Shows a run in place of what was shown of it before. A run that has ended and is shown again stays ended. */
    void show(LiveRun run) {
        RunStatus before = statuses.put(run.spec().id(), run.status());
        if (before == null || !before.ended() || !run.status().ended()) {
            rows.compute(
                    run.spec().id(),
                    (id, shown) -> shown == null
                            ? new Row(run, LeftPlateaus.NONE, new ValueLabels(id), new AtomicInteger())
                            : shown.with(run));
            if (run.status().ended()) {
                noteEnd(run.spec().id());
            }
        }
    }

    /** Shows a run no more, and does not count it. */
    void forget(String run) {
        rows.remove(run);
        statuses.remove(run);
    }

    /** So that memory is bounded: the runs that ended earliest lose their series. */
    private void noteEnd(String id) {
        while (!ended.offer(id)) {
            @Nullable String first = ended.poll();
            if (first != null) {
                rows.computeIfPresent(first, (run, row) -> row.run.status().ended() ? null : row);
            }
        }
    }

    /** Shows how long the plateau was that a run left last, while the run has series. */
    void leftPlateau(RunSpec run, double flowTime) {
        left(run, left -> left.withLast(flowTime));
    }

    /** Shows when a run left the origin beside the earliest that theory allows, while the run has series. */
    void leftOrigin(RunSpec run, double flowTime, double earliest) {
        left(run, left -> left.withOrigin(flowTime, earliest));
    }

    private void left(RunSpec run, UnaryOperator<LeftPlateaus> change) {
        rows.computeIfPresent(run.id(), (id, row) -> row.with(change.apply(row.left)));
    }

    @Override
    public MetricSnapshots collect() {
        List<Row> scraped = scrapeRows();
        var series = new RunSeries();
        scraped.stream().sorted(BY_ID).forEach(row -> series.add(row.run, row.left));
        long dropped = addSingularValues(scraped, series);
        List<MetricSnapshot> families = series.families();
        families.add(dropped(dropped));
        families.add(runsByStatus());
        return new MetricSnapshots(families);
    }

    /**
     * The runs of this scrape, in the order in which they are given singular values: running ones first, those of a
     * higher priority before others.
     */
    private List<Row> scrapeRows() {
        var scraped = new ArrayList<Row>();
        rows.forEach((id, row) -> {
            int scrapes = row.run.status().ended() ? row.scrapes.incrementAndGet() : 0;
            if (scrapes <= SCRAPES_AFTER_END) {
                scraped.add(row);
            }
            if (scrapes >= SCRAPES_AFTER_END) {
                rows.remove(id, row);
            }
        });
        scraped.sort(comparing((Row row) -> row.run.status() != RunStatus.RUNNING)
                .thenComparing(row -> -row.run.spec().priority())
                .thenComparing(BY_ID));
        return scraped;
    }

    /** Adds those of each run, all or none, while there is room below the cap; returns how many were left out. */
    private long addSingularValues(List<Row> scraped, RunSeries series) {
        long room = (long) seriesCap - series.size();
        long dropped = 0;
        var shown = new ArrayList<Row>();
        for (Row row : scraped) {
            long count = RunSeries.singularValues(row.run);
            if (count <= room) {
                shown.add(row);
                room -= count;
            } else {
                dropped += count;
            }
        }
        series.addSingularValues(shown.stream()
                .sorted(BY_ID)
                .flatMap(row -> Stream.ofNullable(row.run.snapshot())
                        .map(Snapshot::spectra)
                        .map(spectra -> new RunSeries.Values(spectra, row.labels.of(spectra))))
                .toList());
        return dropped;
    }

    private static MetricSnapshot dropped(long series) {
        var family = new GaugeFamily(
                "saddlefarm_farm_series_dropped", "Series of singular values left out of this scrape by the cap.");
        family.add(Labels.EMPTY, (double) series);
        return family.snapshot();
    }

    private GaugeSnapshot runsByStatus() {
        Map<RunStatus, Integer> counts = new EnumMap<>(RunStatus.class);
        statuses.values().forEach(status -> counts.merge(status, 1, Integer::sum));
        var family = new GaugeFamily("saddlefarm_farm_runs", "Runs seen since the start, by what they are now.");
        for (RunStatus status : RunStatus.values()) {
            family.add(Labels.of("status", status.label()), counts.getOrDefault(status, 0));
        }
        return family.snapshot();
    }
}
