package saddlefarm.statistics;

import java.util.List;
import java.util.Optional;

/**
 * y = factor · x^exponent.
 *
 * @param exponent the slope on logarithmic axes
 * @param factor y at x = 1, above 0
 */
public record PowerLaw(double exponent, double factor) {

    /**
     * The line of least squares through the logarithms, all points weighing the same.
     *
     * @param x above 0
     * @param y above 0, as many
     * @return empty if there are not two different x
     */
    public static Optional<PowerLaw> fit(List<Double> x, List<Double> y) {
        return Line.fit(logarithms(x), logarithms(y))
                .map(line -> new PowerLaw(line.slope(), StrictMath.exp(line.intercept())));
    }

    /** y at an x above 0. */
    public double at(double x) {
        return factor * StrictMath.pow(x, exponent);
    }

    private static List<Double> logarithms(List<Double> values) {
        return values.stream().map(StrictMath::log).toList();
    }
}
