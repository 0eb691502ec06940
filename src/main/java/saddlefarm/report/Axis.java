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

    private static final double LEAST_PLAIN = 1e-3;
    private static final double GREATEST_PLAIN = 1e6;
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /** A mark on the axis. */
    record Tick(double value, String label) {}

    Axis {
        if (!(least < greatest) || (logarithmic && least <= 0)) {
            throw new IllegalArgumentException("no axis from %s to %s".formatted(least, greatest));
        }
    }

    /** The same values from one position to another. */
    Axis between(double newFrom, double newTo) {
        return new Axis(logarithmic, least, greatest, newFrom, newTo);
    }

    /** The position of a value; values beyond the ends are at the ends. */
    double at(double value) {
        double inside = Math.max(least, Math.min(greatest, value));
        double part = logarithmic
                ? StrictMath.log(inside / least) / StrictMath.log(greatest / least)
                : (inside - least) / (greatest - least);
        return from + part * (to - from);
    }

    /**
     * Marks at round values: powers of ten, with 2 and 5 between where there are few; or 1, 2, 5 times a power.
     *
     * @param room what a mark takes of the axis, at least
     */
    List<Tick> ticks(double room) {
        int most = Math.max(2, (int) (Math.abs(to - from) / room));
        return logarithmic ? logarithmicTicks(most) : linearTicks(most);
    }

    private List<Tick> logarithmicTicks(int most) {
        int low = (int) Math.floor(StrictMath.log10(least));
        int high = (int) Math.ceil(StrictMath.log10(greatest));
        double decades = StrictMath.log10(greatest / least);
        int[] multiples = multiples(most / decades);
        int stride = Math.max(1, (int) Math.ceil(decades / most));
        boolean powers = multiples.length == 1 && (least < LEAST_PLAIN || greatest >= GREATEST_PLAIN);
        var ticks = new ArrayList<Tick>();
        for (int exponent = Math.floorDiv(low, stride) * stride; exponent <= high; exponent += stride) {
            for (int multiple : multiples) {
                double value = multiple * StrictMath.pow(10, exponent);
                add(ticks, value, powers ? power(exponent) : label(value));
            }
        }
        return ticks;
    }

    private static int[] multiples(double marksPerDecade) {
        return marksPerDecade >= 9
                ? new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}
                : marksPerDecade >= 5
                        ? new int[] {1, 2, 3, 5, 7}
                        : marksPerDecade >= 3 ? new int[] {1, 2, 5} : new int[] {1};
    }

    private List<Tick> linearTicks(int most) {
        double rough = (greatest - least) / most;
        double power = StrictMath.pow(10, Math.floor(StrictMath.log10(rough)));
        double part = rough / power * (1 - 1e-9);
        double spacing = power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
        var ticks = new ArrayList<Tick>();
        for (double i = Math.ceil(least / spacing); i * spacing <= greatest * (1 + 1e-12); i++) {
            add(ticks, i * spacing, label(i * spacing));
        }
        return ticks;
    }

    private void add(List<Tick> ticks, double value, String label) {
        if (value >= least * (1 - 1e-12) && value <= greatest * (1 + 1e-12)) {
            ticks.add(new Tick(value, label));
        }
    }

    /** The value to eight digits, more than marks differ by; with a power of ten where it is far from 1. */
    private static String label(double value) {
        BigDecimal digits = new BigDecimal(value).round(new MathContext(8)).stripTrailingZeros();
        double size = Math.abs(value);
        if (size == 0 || (size >= LEAST_PLAIN * (1 - 1e-12) && size < GREATEST_PLAIN)) {
            return digits.toPlainString();
        }
        int exponent = digits.precision() - digits.scale() - 1;
        String first = digits.movePointLeft(exponent).toPlainString();
        return first.equals("1") ? power(exponent) : first + "·" + power(exponent);
    }

    private static String power(int exponent) {
        var label = new StringBuilder("10");
        Integer.toString(exponent).chars().forEach(c -> label.append(c == '-' ? '⁻' : SUPERSCRIPTS.charAt(c - '0')));
        return label.toString();
    }
}
