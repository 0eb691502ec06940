package saddlefarm.linalg;

/**
 * Operations on plain vectors.
 *
 * <p>Sums run over eight interleaved partial sums, element i into sum i mod 8, which are then added in order, then the
 * elements beyond the last multiple of eight: fast on any vector width, and the same bits on each.
 */
public final class Vectors {

    private Vectors() {}

    /** {@code Σ x_i y_i}. */
    public static double dot(double[] x, double[] y) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int whole = x.length & -8;
        for (int i = 0; i < whole; i += 8) {
            s0 += x[i] * y[i];
            s1 += x[i + 1] * y[i + 1];
            s2 += x[i + 2] * y[i + 2];
            s3 += x[i + 3] * y[i + 3];
            s4 += x[i + 4] * y[i + 4];
            s5 += x[i + 5] * y[i + 5];
            s6 += x[i + 6] * y[i + 6];
            s7 += x[i + 7] * y[i + 7];
        }
        double sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
        for (int i = whole; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** {@code Σ x_i²}. */
    public static double squaredNorm(double[] x) {
        return dot(x, x);
    }

    /** The Euclidean norm. */
    public static double norm(double[] x) {
        return Math.sqrt(squaredNorm(x));
    }

    /** {@code y += a x}. */
    public static void addScaled(double a, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] += a * x[i];
        }
    }

    /** {@code x *= a}. */
    public static void scale(double a, double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= a;
        }
    }

    /** The largest magnitude of an element; 0 when there is none, NaN when one is not a number. */
    static double largest(double[] x) {
        double largest = 0;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /**
     * The power of two just below a magnitude, to scale by without rounding; kept within 2^±1000, so that its
     * reciprocal is finite too, and 1 for 0.
     */
    static double powerOfTwo(double magnitude) {
        return magnitude == 0 ? 1 : Math.scalb(1.0, Math.max(-1000, Math.min(Math.getExponent(magnitude), 1000)));
    }
}
