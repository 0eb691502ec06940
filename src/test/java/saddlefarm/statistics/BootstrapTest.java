package saddlefarm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import saddlefarm.linalg.RandomStream;

class BootstrapTest {

    private static final Bootstrap BOOTSTRAP = new Bootstrap(1000, 0.95, 0);

    @Test
    void intervalsHoldTheMeanAsOftenAsTheySay() {
        // For 30 normal numbers the percentile interval is about ±1.96 √((n−1)/n) s/√n, which holds the mean in 93.7%
        // by Student's distribution. Of 1000 samples that is 937 ± 8; three standard deviations are allowed.
        var random = RandomStream.of(1, "coverage");
        int covered = 0;
        for (int i = 0; i < 1000; i++) {
            List<Double> sample =
                    Stream.generate(() -> 3 + random.nextGaussian()).limit(30).toList();
            Interval interval = new Bootstrap(400, 0.95, i)
                    .interval(sample, BootstrapTest::mean)
                    .orElseThrow();
            covered += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
        }

        assertThat(covered).isBetween(937 - 24, 937 + 24);
    }

    @Test
    void theIntervalOfAMeanIsThatOfTheNormalDistribution() {
        // 1 to 101: mean 51, standard deviation of the mean √((101² − 1)/12/101) = 2.901. The ends of an interval from
        // 100,000 samples have an error of .02.
        List<Double> sample = Stream.iterate(1.0, x -> x + 1).limit(101).toList();

        Interval interval = new Bootstrap(100_000, 0.9, 7)
                .interval(sample, BootstrapTest::mean)
                .orElseThrow();

        assertThat(interval.low()).isCloseTo(51 - 1.645 * 2.901, within(0.06));
        assertThat(interval.high()).isCloseTo(51 + 1.645 * 2.901, within(0.06));
    }

    @Test
    void theSameSeedDrawsTheSame() {
        var random = RandomStream.of(2, "sample");
        List<Double> sample = Stream.generate(random::nextGaussian).limit(40).toList();

        assertThat(BOOTSTRAP.interval(sample, BootstrapTest::mean))
                .isEqualTo(BOOTSTRAP.interval(sample, BootstrapTest::mean))
                .isNotEqualTo(new Bootstrap(1000, 0.95, 1).interval(sample, BootstrapTest::mean));
    }

    @Test
    void ofOneItemTheIntervalIsItsValue() {
        assertThat(BOOTSTRAP.interval(List.of(4.0), BootstrapTest::mean)).contains(new Interval(4, 4));
    }

    @Test
    void aMedianThatManySamplesDoNotReachHasNoUpperEnd() {
        List<Observation> times = List.of(
                Observation.at(1), Observation.at(2), Observation.at(3), Observation.after(9), Observation.after(9));

        Interval interval = BOOTSTRAP
                .interval(times, sample -> {
                    Double median = KaplanMeier.of(sample).median();
                    return median == null ? Double.POSITIVE_INFINITY : median;
                })
                .orElseThrow();

        // Three or more of five are censored with probability Σ_{k≥3} C(5,k) .4^k .6^(5−k) = .317; the median is 1 or
        // more, and is 1 with probability P(at least 3 of 5 are the first) = .058.
        assertThat(interval).isEqualTo(new Interval(1, Double.POSITIVE_INFINITY));
    }

    @Test
    void whereASampleHasNoValueThereIsNoInterval() {
        assertThat(BOOTSTRAP.interval(List.of(1.0, 2.0), sample -> mean(sample) < 1.2 ? Double.NaN : 1.0))
                .isEmpty();
    }

    @Test
    void levelsAreParts() {
        assertThatThrownBy(() -> new Bootstrap(1000, 95, 0)).hasMessageContaining("95");
        assertThatThrownBy(() -> new Bootstrap(0, 0.95, 0)).hasMessageContaining("0 samples");
        assertThatThrownBy(() -> new Interval(2, 1)).hasMessageContaining("from 2.0 to 1.0");
    }

    private static double mean(List<Double> sample) {
        return sample.stream().mapToDouble(x -> x).sum() / sample.size();
    }
}
