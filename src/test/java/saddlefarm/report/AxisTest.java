package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

    @Test
    void equalDifferencesOrEqualRatiosHaveEqualLengths() {
        var linear = new Axis(false, 10, 20, 100, 300);
        assertThat(linear.at(10)).isEqualTo(100);
        assertThat(linear.at(15)).isEqualTo(200);
        assertThat(linear.at(20)).isEqualTo(300);
        var logarithmic = new Axis(true, 1e-4, 1, 300, 100);
        assertThat(logarithmic.at(1e-4)).isEqualTo(300);
        assertThat(logarithmic.at(1e-2)).isEqualTo(200, within(1e-9));
        assertThat(logarithmic.at(1)).isEqualTo(100);
    }

    @Test
    void whatIsBeyondTheEndsIsAtTheEnds() {
        var axis = new Axis(true, 1, 10, 0, 50);
        assertThat(axis.at(0)).isZero();
        assertThat(axis.at(1000)).isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | 0 | 10 | 0 2 4 6 8 10",
                "false | 0 | 32000 | 0 5000 10000 15000 20000 25000 30000",
                "false | 0 | 3000000 | 0 500000 1e6 1.5e6 2e6 2.5e6 3e6",
                "false | 0.408 | 0.411 | 0.408 0.4085 0.409 0.4095 0.41 0.4105 0.411",
                "false | 0 | 0.0006 | 0 1e-4 2e-4 3e-4 4e-4 5e-4 6e-4",
                "true | 0.1 | 10 | 0.1 0.2 0.3 0.5 0.7 1 2 3 5 7 10",
                "true | 0.01 | 10 | 0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10",
                "true | 1e-6 | 1 | 1e-6 1e-5 1e-4 0.001 0.01 0.1 1",
            })
    void marksAreAtRoundValuesAndSayThem(boolean logarithmic, double least, double greatest, String labels) {
        var ticks = new Axis(logarithmic, least, greatest, 0, 100).ticks();
        assertThat(ticks.stream().map(Axis.Tick::label)).containsExactly(labels.split(" ", -1));
        for (Axis.Tick tick : ticks) {
            assertThat(Double.parseDouble(tick.label())).isEqualTo(tick.value(), within(1e-9 * Math.abs(tick.value())));
        }
    }

    @Test
    void anAxisHasTwoEnds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Axis(false, 1, 1, 0, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new Axis(false, 1, Double.NaN, 0, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new Axis(true, 0, 1, 0, 100));
    }
}
