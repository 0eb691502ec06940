package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The numbers themselves, which belong to the bits of every run, and their statistics. Seeds are fixed, so a test of
 * statistics either always passes or never; its bound is five standard errors.
 */
class RandomStreamTest {

    private static final int DRAWS = 100_000;

    /** The first outputs of SplitMix64 from state 1234567, as published with the xoshiro generators. */
    @Test
    void theGeneratorIsSplitMix64() {
        var random = fromState(1234567);
        assertThat(List.of(
                        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()))
                .containsExactly(
                        6457827717110365317L,
                        3203168211198807973L,
                        Long.parseUnsignedLong("9817491932198370423"),
                        4593380528125082431L,
                        Long.parseUnsignedLong("16408922859458223821"));
    }

    /** From the recurrences in Python's integers: each character c of the role turns h into mix(h xor c · γ). */
    @ParameterizedTest
    @CsvSource({
        "0, data, 674965534763954375, -8809353257157174080, -7441736322832650197",
        "1, initialization, 501765025440075206, -6295591701232148521, 2637812334858853833",
        "-1, curvature, 6902516354813407215, -3622428029907831625, -4735520661531924913",
    })
    void seedAndRoleGiveTheStream(long seed, String role, long first, long second, long third) {
        var random = RandomStream.of(seed, role);
        assertThat(List.of(random.nextLong(), random.nextLong(), random.nextLong()))
                .containsExactly(first, second, third);
    }

    /** The published outputs above, shifted right by 11 and divided by 2⁵³ in Python. */
    @Test
    void aDoubleIsTheUpper53Bits() {
        var random = fromState(1234567);
        assertThat(random.nextDouble()).isEqualTo(0.3500795420214081);
        assertThat(random.nextDouble()).isEqualTo(0.17364409667091263);
        assertThat(random.nextDouble()).isEqualTo(0.5322073040624192);
    }

    /** The published outputs above, shifted right by 1, modulo 10. */
    @Test
    void aBoundedIntegerIsTheUpper63BitsModuloTheBound() {
        var random = fromState(1234567);
        assertThat(IntStream.generate(() -> random.nextInt(10)).limit(5)).containsExactly(8, 6, 1, 5, 0);
    }

    /** The polar method on the published outputs, with logarithm and root to 40 digits in Python's decimals. */
    @Test
    void gaussiansAreThoseOfThePolarMethod() {
        var random = fromState(1234567);
        double[] expected = {
            -0.48024295503152287,
            -1.0454218558291988,
            0.21006674945905976,
            -1.6370555402784706,
            0.9421149164695647,
            -0.18601929207459866
        };
        for (double value : expected) {
            // a logarithm, a quotient, a root and a product, each rounded
            assertThat(random.nextGaussian()).isCloseTo(value, within(4 * Math.ulp(value)));
        }
    }

    @Test
    void doublesAreUniformBetweenZeroAndOne() {
        double[] draws = draw(RandomStream.of(0, "uniform"), RandomStream::nextDouble);
        assertThat(Arrays.stream(draws)).allMatch(value -> value >= 0 && value < 1);
        assertMean(draws, 0.5);
        assertMean(map(draws, x -> x * x), 1.0 / 3);
        assertFrequencies(Arrays.stream(draws).mapToInt(x -> (int) (x * 20)).toArray(), 20);
    }

    @Test
    void gaussiansHaveTheMomentsOfTheStandardNormalDistribution() {
        double[] draws = draw(RandomStream.of(0, "normal"), RandomStream::nextGaussian);
        assertMean(draws, 0);
        assertMean(map(draws, x -> x * x), 1);
        assertMean(map(draws, x -> x * x * x), 0);
        assertMean(map(draws, x -> x * x * x * x), 3);
    }

    /** The second of a pair from the polar method must not be the first again, nor its mirror image. */
    @Test
    void gaussiansThatFollowEachOtherAreIndependent() {
        double[] draws = draw(RandomStream.of(1, "normal"), RandomStream::nextGaussian);
        assertMean(
                IntStream.range(1, DRAWS)
                        .mapToDouble(i -> draws[i - 1] * draws[i])
                        .toArray(),
                0);
        assertMean(
                IntStream.range(1, DRAWS)
                        .mapToDouble(i -> draws[i - 1] * draws[i - 1] * draws[i] * draws[i])
                        .toArray(),
                1);
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "10", "97"})
    void boundedIntegersAreUniform(int bound) {
        var random = RandomStream.of(2, "integers");
        assertFrequencies(
                IntStream.generate(() -> random.nextInt(bound)).limit(DRAWS).toArray(), bound);
    }

    @Test
    void boundedIntegersKeepToTheSmallestAndTheLargestBound() {
        var random = RandomStream.of(3, "integers");
        assertThat(IntStream.generate(() -> random.nextInt(1)).limit(100)).containsOnly(0);
        double[] draws = draw(random, stream -> stream.nextInt(Integer.MAX_VALUE));
        assertThat(Arrays.stream(draws)).allMatch(value -> value >= 0 && value < Integer.MAX_VALUE);
        assertMean(map(draws, x -> x / Integer.MAX_VALUE), 0.5);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "5", "1797"})
    void aPermutationHasEveryNumberOnce(int n) {
        int[] permutation = RandomStream.of(4, "permutation").permutation(n);
        assertThat(permutation).containsExactlyInAnyOrder(IntStream.range(0, n).toArray());
    }

    /** A shuffle that swaps with any place instead of the places so far makes some orders a fifth more frequent. */
    @Test
    void allPermutationsAreEquallyFrequent() {
        var random = RandomStream.of(5, "permutation");
        List<List<Integer>> orders = List.of(
                List.of(0, 1, 2),
                List.of(0, 2, 1),
                List.of(1, 0, 2),
                List.of(1, 2, 0),
                List.of(2, 0, 1),
                List.of(2, 1, 0));
        int[] drawn = IntStream.range(0, DRAWS)
                .map(i -> orders.indexOf(
                        Arrays.stream(random.permutation(3)).boxed().toList()))
                .toArray();
        assertFrequencies(drawn, orders.size());
    }

    @Test
    void theSameSeedAndRoleGiveTheSameNumbersHoweverMany() {
        var few = RandomStream.of(6, "data");
        double[] first = DoubleStream.generate(few::nextGaussian).limit(7).toArray();
        var many = RandomStream.of(6, "data");
        assertThat(DoubleStream.generate(many::nextGaussian).limit(1000).toArray())
                .startsWith(first);
    }

    @Test
    void streamsThatAreDrawnInTurnsDoNotTouchEachOther() {
        double[] alone = draw(RandomStream.of(7, "data"), RandomStream::nextGaussian);
        var data = RandomStream.of(7, "data");
        var weights = RandomStream.of(7, "initialization");
        double[] inTurns = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            inTurns[i] = data.nextGaussian();
            weights.nextGaussian();
        }
        assertThat(inTurns).isEqualTo(alone);
    }

    @Test
    void streamsOfOtherRolesOrSeedsAreUncorrelated() {
        List<double[]> streams = new ArrayList<>();
        for (long seed : new long[] {0, 1, 2, -1, Long.MIN_VALUE}) {
            for (String role : List.of("data", "atad", "initialization", "")) {
                streams.add(draw(RandomStream.of(seed, role), RandomStream::nextGaussian));
            }
        }
        for (int i = 0; i < streams.size(); i++) {
            for (int j = 0; j < i; j++) {
                double[] x = streams.get(i);
                double[] y = streams.get(j);
                assertMean(
                        IntStream.range(0, DRAWS).mapToDouble(k -> x[k] * y[k]).toArray(), 0);
            }
        }
    }

    /**
     * A stream whose state is the given one. An empty role leaves mix(seed + γ) as the state, so the seed is the state
     * under the inverse of mix, less γ.
     */
    private static RandomStream fromState(long state) {
        long z = unshift(state, 31) * inverse(0x94d049bb133111ebL);
        z = unshift(z, 27) * inverse(0xbf58476d1ce4e5b9L);
        return RandomStream.of(unshift(z, 30) - 0x9e3779b97f4a7c15L, "");
    }

    /** The x of which {@code x ^ (x >>> bits)} is z; bits ≥ 22. */
    private static long unshift(long z, int bits) {
        return z ^ (z >>> bits) ^ (z >>> (2 * bits));
    }

    private static long inverse(long odd) {
        return BigInteger.valueOf(odd)
                .modInverse(BigInteger.ONE.shiftLeft(Long.SIZE))
                .longValue();
    }

    private static double[] draw(RandomStream random, ToDoubleFunction<RandomStream> draw) {
        return DoubleStream.generate(() -> draw.applyAsDouble(random))
                .limit(DRAWS)
                .toArray();
    }

    private static double[] map(double[] values, DoubleUnaryOperator function) {
        return Arrays.stream(values).map(function).toArray();
    }

    private static void assertMean(double[] values, double expected) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance =
                Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / values.length;
        assertThat(mean).isCloseTo(expected, within(5 * Math.sqrt(variance / values.length)));
    }

    /** That each of 0 … kinds − 1 is there with the frequency of a fair draw. */
    private static void assertFrequencies(int[] values, int kinds) {
        int[] counts = new int[kinds];
        for (int value : values) {
            counts[value]++;
        }
        double expected = (double) values.length / kinds;
        double deviation = Math.sqrt(expected * (1 - 1.0 / kinds));
        for (int count : counts) {
            assertThat((double) count).isCloseTo(expected, within(5 * deviation));
        }
    }
}
