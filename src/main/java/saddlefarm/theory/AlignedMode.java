package saddlefarm.theory;

/**
 * One mode of a deep linear network on whitened inputs, from a start that is balanced and aligned with the task: the
 * product of its L equal singular values follows {@code c' = L c^{2−2/L} (s − c)} under gradient flow, whatever the
 * other modes do (A. Saxe, J. McClelland, S. Ganguli, <i>Exact solutions to the nonlinear dynamics of learning in deep
 * linear neural networks</i>, 2014).
 *
 * @param depth L ≥ 2
 * @param strength s > 0, where the mode ends
 * @param start c(0), between 0 and s
 */
public record AlignedMode(int depth, double strength, double start) {

    // Gauss's rule of five points, the middle one with the weight 128/225
    private static final double INNER = Math.sqrt(5 - 2 * Math.sqrt(10.0 / 7)) / 3;
    private static final double OUTER = Math.sqrt(5 + 2 * Math.sqrt(10.0 / 7)) / 3;
    private static final double INNER_WEIGHT = (322 + 13 * Math.sqrt(70)) / 900;
    private static final double OUTER_WEIGHT = (322 - 13 * Math.sqrt(70)) / 900;

    /** e^{−y} is less than a unit in the last place of 1, and c is s. */
    private static final double END = 40;

    public AlignedMode {
        if (depth < 2 || !(strength > 0) || !Double.isFinite(strength) || !(start > 0) || !(start < strength)) {
            throw new IllegalArgumentException(
                    "a mode has a depth from 2 and 0 < start < strength, not %d, start %s, strength %s"
                            .formatted(depth, start, strength));
        }
    }

    /** c after a flow time t ≥ 0. */
    public double value(double time) {
        return depth == 2 ? sigmoid(time) : strength * StrictMath.pow(x(solve(time)), depth);
    }

    /** The flow time at which c has a value between its start and s. */
    public double time(double value) {
        if (!(value >= start) || !(value < strength)) {
            throw new IllegalArgumentException(
                    "the mode passes values from %s to %s but not %s".formatted(start, strength, value));
        }
        return timeAt(y(value));
    }

    /** The flow time at which c is s/2; 0 where it starts beyond. */
    public double halfTime() {
        return start >= strength / 2 ? 0 : time(strength / 2);
    }

    /** {@code a(t) = s e^{2st} / (e^{2st} − 1 + s/a0)}, divided by e^{2st} so that nothing overflows. */
    private double sigmoid(double time) {
        double decay = StrictMath.exp(-2 * strength * time);
        return strength / (1 - decay + strength / start * decay);
    }

    // From L = 3 the flow has no elementary solution, but its time has one of good nature. With c = s x^L it is
    //   t = s^{2/L−2} ∫ dx / (x^{L−1} (1 − x^L)) = s^{2/L−2} [ ∫ x^{1−L} dx + ∫ x / (1 − x^L) dx ],
    // where the first integral is elementary, and with x = 1 − e^{−y} the second is one over y, of
    //   x / (1 + x + … + x^{L−1}), smooth and bounded from the start to the end, which y reaches at infinity.

    private double timeAt(double y) {
        double from = y(start);
        double unit = StrictMath.pow(strength, 2.0 / depth - 2);
        double growth = StrictMath.log(x(y) / x(from));
        double leaving = depth == 2
                ? growth
                : -StrictMath.expm1((2 - depth) * growth) * StrictMath.pow(x(from), 2 - depth) / (depth - 2);
        return unit * (leaving + integral(from, y));
    }

    private double y(double value) {
        return -StrictMath.log1p(-StrictMath.pow(value / strength, 1.0 / depth));
    }

    private static double x(double y) {
        return -StrictMath.expm1(-y);
    }

    private double integrand(double y) {
        double x = x(y);
        double sum = 0;
        for (int l = 0; l < depth; l++) {
            sum = 1 + x * sum;
        }
        return x / sum;
    }

    /** By Gauss's rule of five points on pieces of at most an eighth, whose error is of the order 1e-16. */
    private double integral(double from, double to) {
        int pieces = Math.max(1, (int) Math.ceil(8 * (to - from)));
        double half = (to - from) / (2 * pieces);
        double sum = 0;
        for (int piece = 0; piece < pieces; piece++) {
            double middle = from + (2 * piece + 1) * half;
            sum += 128.0 / 225 * integrand(middle);
            for (int side = -1; side <= 1; side += 2) {
                sum += INNER_WEIGHT * integrand(middle + side * INNER * half);
                sum += OUTER_WEIGHT * integrand(middle + side * OUTER * half);
            }
        }
        return half * sum;
    }

    /** The y at a time, by bisection: times ascend with y. */
    private double solve(double time) {
        double low = y(start);
        double high = 2 * low + 1;
        while (timeAt(high) < time && high < END) {
            low = high;
            high *= 2;
        }
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                return middle;
            }
            if (timeAt(middle) < time) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
