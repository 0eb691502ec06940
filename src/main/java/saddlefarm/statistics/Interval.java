package saddlefarm.statistics;

/**
 * Where a number probably is.
 *
 * @param low the least; −∞ if there is none
 * @param high the greatest; ∞ if there is none
 */
public record Interval(double low, double high) {

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("no interval from %s to %s".formatted(low, high));
        }
    }
}
