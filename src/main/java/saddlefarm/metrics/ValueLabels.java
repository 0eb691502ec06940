package saddlefarm.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.stream.IntStream;
import saddlefarm.analysis.Spectra;

/**
 * The labels of a run's singular values, kept from scrape to scrape: to make them, which checks every name each time,
 * would take as long as everything else. There are as many as there may be series at most.
 */
final class ValueLabels {

    private static final String[] NAMES = {"index", "layer", "run"};

    private final String run;
    // Made twice at worst, when two scrape for the first time.
    private volatile Labels[][] made = {};

    ValueLabels(String run) {
        this.run = run;
    }

    /** Those of every value of every layer. */
    Labels[][] of(Spectra spectra) {
        Labels[][] labels = made;
        if (!fits(labels, spectra)) {
            labels = make(spectra);
            made = labels;
        }
        return labels;
    }

    private static boolean fits(Labels[][] labels, Spectra spectra) {
        return labels.length == spectra.depth()
                && IntStream.range(0, labels.length).allMatch(i -> labels[i].length == spectra.count(i + 1));
    }

    private Labels[][] make(Spectra spectra) {
        return IntStream.rangeClosed(1, spectra.depth())
                .mapToObj(layer -> IntStream.rangeClosed(1, spectra.count(layer))
                        .mapToObj(index ->
                                Labels.of(NAMES, new String[] {Integer.toString(index), Integer.toString(layer), run}))
                        .toArray(Labels[]::new))
                .toArray(Labels[][]::new);
    }
}
