package saddlefarm.detector;

import java.util.List;
import java.util.Locale;

/** Median, 90th percentile and greatest of some parts, written as per cent. */
record Quantiles(List<Double> values) {

    Quantiles {
        values = values.stream().sorted().toList();
    }

    /** The least value that a part of them does not exceed. */
    double at(double part) {
        return values.get(Math.max(0, (int) Math.ceil(part * values.size()) - 1));
    }

    @Override
    public String toString() {
        return values.isEmpty()
                ? "–"
                : String.format(Locale.ROOT, "%+.1f%%, %+.1f%%, %+.1f%%", 100 * at(0.5), 100 * at(0.9), 100 * at(1));
    }
}
