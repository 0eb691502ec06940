package saddlefarm.linalg;

/**
 * e^x for x ≤ 0, of operations that every vector unit rounds alike. With {@code x = n ln 2 + r}, n whole and |r| ≤ ½ ln
 * 2, it is 2^n times the Taylor polynomial of e^r, whose remainder is below 5e-18 (N. Higham, <i>Accuracy and Stability
 * of Numerical Algorithms</i>, 2002, on the reduction with two constants). Off by less than one unit in the last place.
 */
final class Exponential {

    /** Below it the result is 0; 2^n stays a normal number above. */
    static final double LEAST = -708;

    static final double LOG2_E = 0x1.71547652b82fep0;

    /** Added to a number of smaller magnitude than 2^51 it leaves the nearest whole one in the last bits. */
    static final double ROUND = 0x1.8p52;

    // ln 2 to 107 bits; the first product with n is exact within the fused multiply-add, and so is its difference to x
    static final double LN2_HIGH = 0x1.62e42fefa39efp-1;
    static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

    static final int EXPONENT_BIAS = 1023;
    static final int MANTISSA_BITS = 52;

    /** 1/13!, 1/12!, …, 1/0!: in the order of Horner's scheme. */
    static final double[] TAYLOR = taylor();

    private Exponential() {}

    /** e^x, 0 below {@link #LEAST}; not a number where x is none. */
    static double of(double x) {
        double rounded = Math.fma(x, LOG2_E, ROUND);
        double n = rounded - ROUND;
        double r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, x));
        double sum = TAYLOR[0];
        for (int k = 1; k < TAYLOR.length; k++) {
            sum = Math.fma(sum, r, TAYLOR[k]);
        }
        long power = (Double.doubleToRawLongBits(rounded) + EXPONENT_BIAS) << MANTISSA_BITS;
        return x < LEAST ? 0 : sum * Double.longBitsToDouble(power);
    }

    private static double[] taylor() {
        double[] coefficients = new double[14];
        double factorial = 1;
        for (int k = 0; k < coefficients.length; k++) {
            factorial *= Math.max(1, k);
            coefficients[coefficients.length - 1 - k] = 1 / factorial;
        }
        return coefficients;
    }
}
