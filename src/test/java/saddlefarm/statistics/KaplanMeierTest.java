package saddlefarm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KaplanMeierTest {

    /**
     * Weeks of remission under 6-mercaptopurine (E. Freireich and others, <i>The effect of 6-mercaptopurine on the
     * duration of steroid-induced remissions in acute leukemia</i>, 1963), the example of the textbooks.
     */
    private static final List<Observation> REMISSIONS = Stream.concat(
                    DoubleStream.of(6, 6, 6, 7, 10, 13, 16, 22, 23).mapToObj(Observation::at),
                    DoubleStream.of(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
                            .mapToObj(Observation::after))
            .toList();

    @Test
    void theTableOfTheRemissionDataIsThatOfTheTextbooks() {
        // D. Kleinbaum, M. Klein, Survival Analysis: A Self-Learning Text, 2012, table 2.1: to four digits.
        var estimate = KaplanMeier.of(REMISSIONS);

        assertThat(estimate.steps().stream().map(KaplanMeier.Step::time))
                .containsExactly(6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0);
        assertThat(estimate.steps().stream().map(KaplanMeier.Step::watched)).containsExactly(21, 17, 15, 12, 11, 7, 6);
        assertThat(estimate.steps().stream().map(KaplanMeier.Step::happened)).containsExactly(3, 1, 1, 1, 1, 1, 1);
        double[] published = {0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482};
        for (int i = 0; i < published.length; i++) {
            assertThat(estimate.steps().get(i).remaining()).isCloseTo(published[i], within(5e-5));
        }
    }

    @Test
    void theMedianRemissionIsTwentyThreeWeeksAndThatOfThePlaceboEight() {
        List<Observation> placebo = DoubleStream.of(
                        1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
                .mapToObj(Observation::at)
                .toList();

        assertThat(KaplanMeier.of(REMISSIONS).median()).isEqualTo(23);
        assertThat(KaplanMeier.of(placebo).median()).isEqualTo(8);
    }

    @Test
    void quantilesBeyondWhatWasSeenAreNotKnown() {
        var estimate = KaplanMeier.of(REMISSIONS);

        // The curve ends at .4482.
        assertThat(estimate.quantile(0.55)).isEqualTo(23);
        assertThat(estimate.quantile(0.56)).isNull();
        assertThat(KaplanMeier.of(List.of(Observation.after(3))).median()).isNull();
        assertThat(KaplanMeier.of(List.of()).median()).isNull();
    }

    @Test
    void withoutCensoringItIsThePartThatIsGreater() {
        // The complement of the empirical distribution, by counting.
        var random = new Random(5);
        List<Double> times = IntStream.range(0, 40)
                .mapToObj(i -> (double) random.nextInt(15))
                .toList();

        var estimate = KaplanMeier.of(times.stream().map(Observation::at).toList());

        for (double time = 0; time <= 15; time += 0.5) {
            double now = time;
            double greater = times.stream().filter(t -> t > now).count() / 40.0;
            assertThat(estimate.remaining(time)).isCloseTo(greater, within(1e-14));
        }
    }

    @Test
    void whatEndsWhileItHappensToOthersWasWatchedAtThatTime() {
        // One of four at time 2, with all four watched: 3/4, and not 2/3.
        var estimate =
                KaplanMeier.of(List.of(Observation.after(2), Observation.at(2), Observation.at(5), Observation.at(5)));

        assertThat(estimate.remaining(2)).isEqualTo(0.75);
        assertThat(estimate.remaining(5)).isZero();
    }

    @Test
    void aHalfIsReachedWhereTheProductIsRounded() {
        // 23/24 · 22/23 · … · 12/13 is a half, and more than a half in floating point.
        List<Observation> times =
                IntStream.rangeClosed(1, 24).mapToObj(Observation::at).toList();

        assertThat(KaplanMeier.of(times).remaining(12)).isGreaterThan(0.5);
        assertThat(KaplanMeier.of(times).median()).isEqualTo(12);
        assertThat(KaplanMeier.of(times).quantile(0.25)).isEqualTo(6);
        assertThat(KaplanMeier.of(times).quantile(1)).isEqualTo(24);
    }

    @Test
    void theVarianceIsGreenwoodsSumAndTheIntervalThatOfTheLogarithmOfTheLogarithm() {
        // One and then another of four, and two that were watched on. S = 3/4 with 1/(4·3) = 1/12, then S = 1/2 with
        // 1/12 + 1/(3·2) = 1/4: S^exp(±1.96 √(1/4) / ln 2) = 2^−exp(±1.414).
        List<KaplanMeier.Step> steps = KaplanMeier.of(
                        List.of(Observation.at(1), Observation.at(2), Observation.after(3), Observation.after(3)))
                .steps();

        assertThat(steps.get(0).variance()).isCloseTo(1 / 12.0, within(1e-15));
        assertThat(steps.get(1).variance()).isCloseTo(1 / 4.0, within(1e-15));
        double exponent = 1.959963984540054 / 2 / Math.log(2);
        Interval interval = Objects.requireNonNull(steps.get(1).interval());
        assertThat(interval.low()).isCloseTo(Math.pow(2, -Math.exp(exponent)), within(1e-14));
        assertThat(interval.high()).isCloseTo(Math.pow(2, -Math.exp(-exponent)), within(1e-14));
    }

    @Test
    void theIntervalsOfTheRemissionDataAreThoseOfTheFormulas() {
        // Standard errors S √variance and log-log intervals by both formulas from the published counts, in Python.
        double[] errors = {0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346};
        double[][] intervals = {
            {0.620, 0.952},
            {0.563, 0.923},
            {0.503, 0.889},
            {0.432, 0.849},
            {0.368, 0.805},
            {0.268, 0.747},
            {0.188, 0.680}
        };
        List<KaplanMeier.Step> steps = KaplanMeier.of(REMISSIONS).steps();
        for (int i = 0; i < errors.length; i++) {
            KaplanMeier.Step step = steps.get(i);
            assertThat(step.remaining() * Math.sqrt(step.variance())).isCloseTo(errors[i], within(5e-5));
            Interval interval = Objects.requireNonNull(step.interval());
            assertThat(interval.low()).isCloseTo(intervals[i][0], within(5e-4));
            assertThat(interval.high()).isCloseTo(intervals[i][1], within(5e-4));
        }
    }

    @Test
    void withoutCensoringTheVarianceIsThatOfAPart() {
        // Of a binomial, S(1 − S)/n, for S itself: (1 − S)/(nS) for its logarithm.
        var estimate = KaplanMeier.of(
                IntStream.rangeClosed(1, 20).mapToObj(Observation::at).toList());

        for (KaplanMeier.Step step : estimate.steps().subList(0, 19)) {
            assertThat(step.variance()).isCloseTo((1 - step.remaining()) / (20 * step.remaining()), within(1e-13));
        }
        assertThat(estimate.steps().get(19).interval()).as("nothing remains").isNull();
    }

    @Test
    void theOrderOfObservationsMakesNoDifference() {
        var shuffled = new ArrayList<>(REMISSIONS);
        Collections.shuffle(shuffled, new Random(11));

        assertThat(KaplanMeier.of(shuffled)).isEqualTo(KaplanMeier.of(REMISSIONS));
    }

    @Test
    void itTellsHowManyItIsOf() {
        var estimate = KaplanMeier.of(REMISSIONS);

        assertThat(estimate.observations()).isEqualTo(21);
        assertThat(estimate.happened()).isEqualTo(9);
        assertThat(estimate.end()).isEqualTo(35);
    }

    @Test
    void noTimeIsBelowZeroOrEndless() {
        assertThatThrownBy(() -> Observation.at(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Observation.after(Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
        assertThatThrownBy(() -> Observation.at(Double.NaN)).hasMessageContaining("NaN");
    }
}
