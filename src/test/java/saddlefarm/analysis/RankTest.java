package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.linalg.RandomStream;

class RankTest {

    @Test
    void aLayerWhoseLargestValueHasGrownByLessThanAQuarterHasRankZero() {
        assertThat(rank(1, 1.2499, 0.1)).isZero();
        assertThat(rank(1, 1.25, 0.1)).isEqualTo(1);
    }

    @Test
    void theRankIsThePositionOfTheLargestRatioOfNeighbours() {
        assertThat(rank(0.01, 4, 3.8, 0.5, 0.45)).isEqualTo(2);
        assertThat(rank(0.01, 4, 1, 0.9, 0.8)).isEqualTo(1);
        assertThat(rank(0.01, 4, 3, 2, 0.3)).isEqualTo(3);
    }

    @Test
    void differencesDoNotCountButRatios() {
        // 10 − 4 is the largest difference, 4 : 1 the largest ratio.
        assertThat(rank(0.01, 10, 4, 1, 0.9)).isEqualTo(2);
    }

    @Test
    void valuesBelowSevenTenthsOfTheInitialLargestAreNotToldApart() {
        // Without this floor 1 : 1e-6 would be the largest ratio and the rank 2.
        assertThat(rank(1, 8, 1, 1e-6)).isEqualTo(1);
        // Ratios to the floor of .7: 1.67, 1.71. A floor of .75 gives 1.
        assertThat(rank(1, 2, 1.2, 0.65)).isEqualTo(2);
        // Ratios to the floor of .7: 1.74, 1.64. A floor of .65 gives 2.
        assertThat(rank(1, 2, 1.15, 0.5)).isEqualTo(1);
    }

    @Test
    void valuesBelowATwentiethOfTheCurrentLargestAreNotToldApart() {
        // Without this floor .15 : 1e-9 would be the largest ratio and the rank 3.
        assertThat(rank(1e-6, 4, 2, 0.15, 1e-9)).isEqualTo(2);
        // Ratios to the floor of .5: 4.35, 4.6. A floor of .055 times the largest gives 1.
        assertThat(rank(1e-6, 10, 2.3, 0.1)).isEqualTo(2);
        // Ratios to the floor of .5: 4.55, 4.4. A floor of .045 times the largest gives 2.
        assertThat(rank(1e-6, 10, 2.2, 0.1)).isEqualTo(1);
    }

    @Test
    void theLargerOfTheTwoFloorsCounts() {
        assertThat(rank(1, 20, 4, 0.75)).isEqualTo(1); // floor 1, not .7
        assertThat(rank(1, 10, 4, 0.55)).isEqualTo(2); // floor .7, not .5
    }

    @Test
    void aTwoLayerNetworkHasTheRankOfWhatItHasLearnedAboveItsNoise() {
        // Unlearned modes grow by orders of magnitude and still lie far below what is learned.
        assertThat(rank(1e-6, 2, 1e-6, 5e-7, 1e-7)).isEqualTo(1);
        assertThat(rank(1e-6, 2, 1.4, 3e-4, 5e-7)).isEqualTo(2);
        assertThat(rank(1e-6, 2, 1.4, 1, 1e-2)).isEqualTo(3);
    }

    @Test
    void aLayerThatHasLearnedInAllDirectionsHasFullRank() {
        assertThat(rank(0.01, 4, 3, 2.5, 2)).isEqualTo(4);
        assertThat(rank(0.01, 3)).isEqualTo(1);
    }

    @Test
    void aSquareLayerOfTheInitialNoiseHasTheRankOfItsGapAndNotOneLess() {
        // The last of many values of a square Gaussian matrix is tiny: a gap that means nothing.
        double[] values = noise(50, 0.4);
        values[0] = 2;
        values[1] = 1.5;
        assertThat(Rank.ofLayer(spectra(values), spectra(noise(50, 0.4)), 1)).isEqualTo(2);
    }

    @Test
    void everyLayerIsMeasuredAgainstItsOwnStart() {
        var initial = new Spectra(new double[][] {{1}, {0.1}, {1}});
        var spectra = new Spectra(new double[][] {{1.2, 0.1}, {1.2, 0.1}, {3, 2.9}});
        assertThat(Rank.ofLayers(spectra, initial)).containsExactly(0, 1, 2);
    }

    @Test
    void theRankOfARunIsTheMedianOfItsLayers() {
        assertThat(Rank.ofRun(List.of(5))).isEqualTo(5);
        assertThat(Rank.ofRun(List.of(2, 9, 1))).isEqualTo(2);
        assertThat(Rank.ofRun(List.of(4, 3, 3, 2, 7))).isEqualTo(3);
    }

    @Test
    void anEvenNumberOfLayersHasItsLowerMiddleOne() {
        assertThat(Rank.ofRun(List.of(2, 1))).isEqualTo(1);
        assertThat(Rank.ofRun(List.of(3, 0, 2, 1))).isEqualTo(1);
        assertThat(Rank.ofRun(List.of(7, 3, 3, 3))).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aGapThatIsWiderThanAnyOtherDecidesWhateverTheValues(long seed) {
        var random = RandomStream.of(seed, "rank");
        for (int round = 0; round < 20; round++) {
            int count = 1 + random.nextInt(12);
            int rank = 1 + random.nextInt(count);
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                // learned: from 1 to 4; noise: at most the initial largest value, .01. The floor is at most .2.
                values[i] = i < rank ? 1 + 3 * random.nextDouble() : 0.01 * random.nextDouble();
            }
            assertThat(rank(0.01, descending(values))).as("round " + round).isEqualTo(rank);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithASlowReferenceOnRandomSpectra(long seed) {
        var random = RandomStream.of(seed, "spectra");
        for (int round = 0; round < 200; round++) {
            double[] values = new double[1 + random.nextInt(8)];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.exp(3 * random.nextGaussian());
            }
            double initial = Math.exp(2 * random.nextGaussian());
            double[] sorted = descending(values);
            assertThat(rank(initial, sorted)).as("round " + round).isEqualTo(reference(initial, sorted));
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 10);
    }

    /** The rule with logarithms of lists, word by word. */
    private static int reference(double initial, double[] values) {
        if (values[0] < 1.25 * initial) {
            return 0;
        }
        double floor = Math.max(0.7 * initial, 0.05 * values[0]);
        List<Double> raised = new ArrayList<>();
        for (double value : values) {
            raised.add(Math.log(Math.max(value, floor)));
        }
        raised.add(Math.log(floor));
        List<Double> gaps = new ArrayList<>();
        for (int i = 0; i + 1 < raised.size(); i++) {
            gaps.add(raised.get(i) - raised.get(i + 1));
        }
        return gaps.indexOf(Collections.max(gaps)) + 1;
    }

    private static int rank(double initialLargest, double... values) {
        return Rank.ofLayer(spectra(values), spectra(initialLargest), 1);
    }

    private static Spectra spectra(double... layer) {
        return new Spectra(new double[][] {layer});
    }

    /** Falls from a largest value in a line to nearly nothing. */
    private static double[] noise(int count, double largest) {
        return IntStream.range(0, count)
                .mapToDouble(i -> i == count - 1 ? 1e-4 : largest * (1 - i / (double) count))
                .toArray();
    }

    private static double[] descending(double[] values) {
        return DoubleStream.of(values).map(x -> -x).sorted().map(x -> -x).toArray();
    }
}
