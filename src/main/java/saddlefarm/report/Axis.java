package saddlefarm.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Where values lie along one side of a plot.
 *
 * @param logarithmic whether equal ratios have equal lengths; then least is above 0
 * @param least value, at {@code from}
 * @param greatest value, at {@code to}
 * @param from position of the least value
 * @param to position of the greatest value
 */
record Axis(boolean logarithmic, double least, double greatest, double from, double to) {

    /** A mark on the axis. */
    record Tick(double value, String label) {}

    Axis {
        if (!(least < greatest) || (logarithmic && least <= 0)) {
            throw new IllegalArgumentException("no axis from %s to %s".formatted(least, greatest));
        }
    }

    /** The position of a value; values beyond the ends are at the ends. */
    double at(double value) {
        double inside = Math.max(least, Math.min(greatest, value));
        double part = logarithmic
                ? StrictMath.log(inside / least) / StrictMath.log(greatest / least)
                : (inside - least) / (greatest - least);
        return from + part * (to - from);
    }

    /** Marks at round values: powers of ten, with 2 and 5 between where there are few; or 1, 2, 5 times a power. */
    List<Tick> ticks() {
        return logarithmic ? logarithmicTicks() : linearTicks();
    }

    private List<Tick> logarithmicTicks() {
        int low = (int) Math.floor(StrictMath.log10(least));
        int high = (int) Math.ceil(StrictMath.log10(greatest));
        double decades = StrictMath.log10(greatest / least);
        int[] multiples = decades < 2.5 ? new int[] {1, 2, 3, 5, 7} : decades < 4 ? new int[] {1, 2, 5} : new int[] {1};
        int stride = Math.max(1, (int) Math.ceil(decades / 8));
        var ticks = new ArrayList<Tick>();
        for (int exponent = low; exponent <= high; exponent += stride) {
            for (int multiple : multiples) {
                add(ticks, multiple * StrictMath.pow(10, exponent));
            }
        }
        return ticks;
    }

    private List<Tick> linearTicks() {
        double rough = (greatest - least) / 6;
        double power = StrictMath.pow(10, Math.floor(StrictMath.log10(rough)));
        double part = rough / power;
        double spacing = power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
        var ticks = new ArrayList<Tick>();
        for (double i = Math.ceil(least / spacing); i * spacing <= greatest * (1 + 1e-12); i++) {
            add(ticks, i * spacing);
        }
        return ticks;
    }

    private void add(List<Tick> ticks, double value) {
        if (value >= least * (1 - 1e-12) && value <= greatest * (1 + 1e-12)) {
            ticks.add(new Tick(value, label(value)));
        }
    }

    /** The value to eight digits, more than marks differ by; with an exponent where it is far from 1. */
    private static String label(double value) {
        BigDecimal digits = new BigDecimal(value).round(new MathContext(8)).stripTrailingZeros();
        double size = Math.abs(value);
        if (size == 0 || (size >= 1e-3 * (1 - 1e-12) && size < 1e6)) {
            return digits.toPlainString();
        }
        int exponent = digits.precision() - digits.scale() - 1;
        return digits.movePointLeft(exponent).toPlainString() + "e" + exponent;
    }
}
