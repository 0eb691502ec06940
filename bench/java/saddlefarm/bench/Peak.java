package saddlefarm.bench;

import java.util.Arrays;
import java.util.Locale;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The peak of one core: twelve chains of fused multiply-adds on the widest vectors, independent of each other, so that
 * none waits for its own last result; nothing is loaded or stored. Prints GFLOP/s, median of nine rounds, then their
 * least and greatest.
 */
final class Peak {

    private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int PASSES = 1_000_000;
    private static final int CALLS = 100;

    private Peak() {}

    public static void main(String[] args) {
        double sum = 0;
        double[] rates = new double[9];
        // The first two until the code is compiled.
        for (int round = -2; round < rates.length; round++) {
            long begin = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
                sum += chains(0.5, 1);
            }
            long elapsed = System.nanoTime() - begin;
            if (round >= 0) {
                rates[round] = 2.0 * LANES.length() * CHAINS * PASSES * CALLS / elapsed;
            }
        }
        // Each chain ends at 1 / (1 − ½).
        if (sum != 2.0 * LANES.length() * CHAINS * CALLS * (rates.length + 2)) {
            throw new IllegalStateException("not what the chains end at: " + sum);
        }
        Arrays.sort(rates);
        System.out.printf(
                Locale.ROOT,
                "%.1f GFLOP/s (%.1f to %.1f), %d-bit vectors%n",
                rates[rates.length / 2],
                rates[0],
                rates[rates.length - 1],
                LANES.vectorBitSize());
    }

    /** {@code x ← factor · x + term} in each chain. Written out: only local variables stay in registers. */
    private static double chains(double factor, double term) {
        DoubleVector f = DoubleVector.broadcast(LANES, factor);
        DoubleVector t = DoubleVector.broadcast(LANES, term);
        DoubleVector x0 = DoubleVector.zero(LANES);
        DoubleVector x1 = x0;
        DoubleVector x2 = x0;
        DoubleVector x3 = x0;
        DoubleVector x4 = x0;
        DoubleVector x5 = x0;
        DoubleVector x6 = x0;
        DoubleVector x7 = x0;
        DoubleVector x8 = x0;
        DoubleVector x9 = x0;
        DoubleVector x10 = x0;
        DoubleVector x11 = x0;
        for (int pass = 0; pass < PASSES; pass++) {
            x0 = x0.fma(f, t);
            x1 = x1.fma(f, t);
            x2 = x2.fma(f, t);
            x3 = x3.fma(f, t);
            x4 = x4.fma(f, t);
            x5 = x5.fma(f, t);
            x6 = x6.fma(f, t);
            x7 = x7.fma(f, t);
            x8 = x8.fma(f, t);
            x9 = x9.fma(f, t);
            x10 = x10.fma(f, t);
            x11 = x11.fma(f, t);
        }
        DoubleVector sum = x0.add(x1).add(x2).add(x3).add(x4).add(x5);
        return sum.add(x6).add(x7).add(x8).add(x9).add(x10).add(x11).reduceLanes(VectorOperators.ADD);
    }
}
