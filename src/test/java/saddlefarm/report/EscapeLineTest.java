package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static saddlefarm.report.MadeUpSweep.group;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import saddlefarm.linalg.RandomStream;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.Observation;

/** Laws of escape times, found again from times that were made by them. */
class EscapeLineTest {

    private static final Offset<Double> ROUNDING = within(1e-12);
    private static final List<String> SCALES = List.of("0.01", "0.02", "0.05");

    @Test
    void timesThatGrowAsAPowerOfTheScaleGiveItsExponent() {
        EscapeLine.Fit fit =
                line(4, 1.5, times(scale -> 7 / (scale * scale))).fit().orElseThrow();

        assertThat(fit.quantity()).isEqualTo(EscapeLine.Quantity.EXPONENT);
        assertThat(fit.value()).isCloseTo(-2, ROUNDING);
        assertThat(fit.predicted()).isEqualTo(-2);
        assertThat(fit.time(0.1)).isCloseTo(700, within(1e-9));
    }

    @Test
    void atTwoLayersTheSlopeOverTheLogarithmIsComparedWithTheSpeed() {
        // t = ln(1/α)/s + 3 with s = 1.5.
        EscapeLine.Fit fit = line(2, 1.5, times(scale -> Math.log(1 / scale) / 1.5 + 3))
                .fit()
                .orElseThrow();

        assertThat(fit.quantity()).isEqualTo(EscapeLine.Quantity.SLOPE_TIMES_SPEED);
        assertThat(fit.value()).isCloseTo(1, ROUNDING);
        assertThat(fit.predicted()).isEqualTo(1);
        assertThat(fit.time(Math.exp(-6))).isCloseTo(6 / 1.5 + 3, ROUNDING);
    }

    @Test
    void withoutASpeedTheSlopeIsToldAndNothingPredicted() {
        EscapeLine.Fit fit =
                line(2, null, times(scale -> Math.log(1 / scale) / 1.5)).fit().orElseThrow();

        assertThat(fit.quantity()).isEqualTo(EscapeLine.Quantity.SLOPE);
        assertThat(fit.value()).isCloseTo(1 / 1.5, ROUNDING);
        assertThat(fit.predicted()).isNull();
    }

    @Test
    void nothingIsPredictedForNetworksWithBiases() {
        var line = new EscapeLine(new TreeMap<>(), times(scale -> 7 / scale), 3, 1.5, false);

        assertThat(line.fit().orElseThrow().predicted()).isNull();
    }

    @Test
    void seedsThatAreFastAtEveryScaleDoNotBlurTheExponent() {
        // Each seed has a factor of its own, from 1 to 8, the same at every scale: medians vary, their ratio does not.
        EscapeLine.Fit fit =
                line(3, 1.0, groups((scale, seed) -> (1 + seed) / scale)).fit().orElseThrow();

        Interval interval = Objects.requireNonNull(fit.interval());
        assertThat(interval.low()).isCloseTo(-1, ROUNDING);
        assertThat(interval.high()).isCloseTo(-1, ROUNDING);
    }

    @Test
    void luckThatIsAnotherAtEachScaleDoes() {
        var random = RandomStream.of(3, "luck");
        EscapeLine.Fit fit = line(3, 1.0, groups((scale, seed) -> (1 + random.nextDouble()) / scale))
                .fit()
                .orElseThrow();

        Interval interval = Objects.requireNonNull(fit.interval());
        // Medians of 8 have a deviation of about a tenth each, over ln 2: some tenths.
        assertThat(interval.high() - interval.low()).isBetween(0.2, 1.0);
        assertThat(interval.low()).isLessThan(-1);
        assertThat(interval.high()).isGreaterThan(-1);
    }

    @Test
    void onlyTheSmallestTwoScalesWithAMedianCount() {
        // At .01 most never escaped; 6/α at .02 and .05 and .1, but at .1 the law does not hold any more.
        List<GroupOutcomes> groups = List.of(
                group(scale("0.01"), List.of(Observation.at(500), Observation.after(600), Observation.after(600))),
                group(scale("0.02"), List.of(Observation.at(290), Observation.at(300), Observation.after(600))),
                group(scale("0.05"), List.of(Observation.at(120), Observation.at(120), Observation.at(500))),
                group(scale("0.1"), List.of(Observation.at(1), Observation.at(1), Observation.at(1))));

        EscapeLine.Fit fit = line(3, 1.0, groups).fit().orElseThrow();

        assertThat(fit.value()).isCloseTo(-1, ROUNDING);
        // Some draws take the run that never escaped twice: then there is no median.
        assertThat(fit.interval()).isNull();
    }

    @Test
    void oneMedianHasNoLaw() {
        List<GroupOutcomes> groups = List.of(
                group(scale("0.01"), List.of(Observation.after(600))),
                group(scale("0.02"), List.of(Observation.at(5))));

        assertThat(line(3, 1.0, groups).fit()).isEmpty();
    }

    private static EscapeLine line(int depth, @Nullable Double speed, List<GroupOutcomes> groups) {
        return new EscapeLine(new TreeMap<>(), groups, depth, speed, true);
    }

    private static List<GroupOutcomes> times(DoubleUnaryOperator time) {
        return groups((scale, seed) -> time.applyAsDouble(scale));
    }

    private interface Time {
        double of(double scale, int seed);
    }

    private static List<GroupOutcomes> groups(Time time) {
        return SCALES.stream()
                .map(text -> group(
                        scale(text),
                        IntStream.range(0, 8)
                                .mapToObj(seed -> Observation.at(time.of(Double.parseDouble(text), seed)))
                                .toList()))
                .toList();
    }

    private static Map<String, String> scale(String text) {
        return Map.of(EscapeLine.SCALE, text);
    }
}
