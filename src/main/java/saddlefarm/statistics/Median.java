package saddlefarm.statistics;

import java.util.List;

/** The middle of values. */
public final class Median {

    private Median() {}

    /**
     * The median; of an even number of values the mean of the two in the middle.
     *
     * @param values at least one
     */
    public static double of(List<? extends Number> values) {
        double[] sorted =
                values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
