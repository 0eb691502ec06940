package saddlefarm.linalg;

/**
 * A stream of random numbers that is the same on every machine and JDK.
 *
 * <p>The generator is SplitMix64 (G. Steele, D. Lea, C. Flood, <i>Fast splittable pseudorandom number generators</i>,
 * 2014). Streams of one seed and different roles are independent for all practical purposes, so drawing more data does
 * not change the initial weights.
 */
public final class RandomStream {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;
    private double spareGaussian;
    private boolean hasSpareGaussian;

    private RandomStream(long state) {
        this.state = state;
    }

    /** The stream that a seed gives for a role such as {@code "data"} or {@code "initialization"}. */
    public static RandomStream of(long seed, String role) {
        long hash = mix(seed + GOLDEN_GAMMA);
        for (int i = 0; i < role.length(); i++) {
            hash = mix(hash ^ (role.charAt(i) * GOLDEN_GAMMA));
        }
        return new RandomStream(hash);
    }

    /** 64 uniform bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in {0, …, bound − 1}, without bias; bound ≥ 1. */
    public int nextInt(int bound) {
        // Rejects the incomplete last block of the 63-bit range (D. Lemire's remark on modulo bias).
        long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
        long bits = nextLong() >>> 1;
        while (bits >= limit) {
            bits = nextLong() >>> 1;
        }
        return (int) (bits % bound);
    }

    /**
     * Standard normal, by G. Marsaglia's polar method; StrictMath, because Math's logarithm may differ between
     * machines.
     */
    public double nextGaussian() {
        if (hasSpareGaussian) {
            hasSpareGaussian = false;
            return spareGaussian;
        }
        double u;
        double v;
        double square;
        do {
            u = 2 * nextDouble() - 1;
            v = 2 * nextDouble() - 1;
            square = u * u + v * v;
        } while (square >= 1 || square == 0);
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spareGaussian = v * factor;
        hasSpareGaussian = true;
        return u * factor;
    }

    /** A uniform permutation of 0 … n − 1 (Fisher and Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
