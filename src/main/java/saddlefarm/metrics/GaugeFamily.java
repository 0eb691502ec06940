package saddlefarm.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.ArrayList;
import java.util.List;

/** A gauge of one scrape, while its points are gathered. */
final class GaugeFamily {

    private final MetricMetadata metadata;
    private final List<GaugeDataPointSnapshot> points = new ArrayList<>();

    GaugeFamily(String name, String help) {
        metadata = new MetricMetadata(name, help);
    }

    void add(Labels labels, double value) {
        points.add(new GaugeDataPointSnapshot(value, labels, null));
    }

    int size() {
        return points.size();
    }

    GaugeSnapshot snapshot() {
        return new GaugeSnapshot(metadata, points);
    }
}
