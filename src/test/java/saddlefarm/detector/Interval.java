package saddlefarm.detector;

import java.util.Locale;

/**
 * A part of a whole, with its 95% interval (E. B. Wilson, <i>Probable inference, the law of succession, and statistical
 * inference</i>, 1927).
 */
record Interval(int part, int whole) {

    /** The standard normal distribution has 95% of its mass within this. */
    private static final double Z = 1.959963984540054;

    double value() {
        return (double) part / whole;
    }

    double low() {
        return centre() - half();
    }

    double high() {
        return centre() + half();
    }

    private double centre() {
        return (part + Z * Z / 2) / (whole + Z * Z);
    }

    private double half() {
        double spread = (double) part * (whole - part) / whole + Z * Z / 4;
        return Z / (whole + Z * Z) * Math.sqrt(spread);
    }

    @Override
    public String toString() {
        return whole == 0
                ? "–"
                : String.format(Locale.ROOT, "%d of %d: %.3f (%.3f to %.3f)", part, whole, value(), low(), high());
    }
}
