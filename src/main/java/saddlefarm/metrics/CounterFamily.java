package saddlefarm.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.ArrayList;
import java.util.List;

/** A counter of one scrape, while its points are gathered. */
final class CounterFamily {

    // what the client takes for: not known since when it counts
    private static final long NO_TIME = 0;

    private final MetricMetadata metadata;
    private final List<CounterDataPointSnapshot> points = new ArrayList<>();

    /** @param name without {@code _total} */
    CounterFamily(String name, String help) {
        metadata = new MetricMetadata(name, help);
    }

    void add(Labels labels, double value) {
        points.add(new CounterDataPointSnapshot(value, labels, null, NO_TIME));
    }

    int size() {
        return points.size();
    }

    CounterSnapshot snapshot() {
        return new CounterSnapshot(metadata, points);
    }
}
