package saddlefarm.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

    /**
     * The four cases of method 3 in the table of R. Newcombe, <i>Two-sided confidence intervals for the single
     * proportion: comparison of seven methods</i>, 1998, to the four digits printed there.
     */
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0, 0.1611",
        "1, 29, 0.0061, 0.1718",
    })
    void agreesWithThePublishedIntervals(int part, int whole, double low, double high) {
        var interval = new Interval(part, whole);
        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    @Test
    void aPercentileIsTheLeastValueThatThisPartDoesNotExceed() {
        var quantiles = new Quantiles(List.of(0.5, 0.1, 0.3, 0.2, 0.4));
        assertThat(quantiles.at(0.5)).isEqualTo(0.3);
        assertThat(quantiles.at(0.8)).isEqualTo(0.4);
        assertThat(quantiles.at(0.81)).isEqualTo(0.5);
        assertThat(quantiles.at(1)).isEqualTo(0.5);
    }
}
