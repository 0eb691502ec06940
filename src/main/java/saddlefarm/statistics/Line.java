package saddlefarm.statistics;

import java.util.List;
import java.util.Optional;

/**
 * A straight line, y = intercept + slope x.
 *
 * @param slope change of y for each unit of x
 * @param intercept y at x = 0
 */
public record Line(double slope, double intercept) {

    /**
     * The line of least squares, all points weighing the same.
     *
     * @param x finite
     * @param y finite, as many
     * @return empty if there are not two different x
     */
    public static Optional<Line> fit(List<Double> x, List<Double> y) {
        if (x.size() != y.size()) {
            throw new IllegalArgumentException("%d x and %d y".formatted(x.size(), y.size()));
        }
        double middleX = mean(x);
        double middleY = mean(y);
        double squares = 0;
        double products = 0;
        for (int i = 0; i < x.size(); i++) {
            double distance = x.get(i) - middleX;
            squares += distance * distance;
            products += distance * (y.get(i) - middleY);
        }
        if (x.stream().distinct().count() < 2) {
            return Optional.empty();
        }
        double slope = products / squares;
        return Optional.of(new Line(slope, middleY - slope * middleX));
    }

    /** y at an x. */
    public double at(double x) {
        return intercept + slope * x;
    }

    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }
}
