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
                "false | 0 | 3000000 | 0 500000 10⁶ 1.5·10⁶ 2·10⁶ 2.5·10⁶ 3·10⁶",
                "false | 0.408 | 0.411 | 0.408 0.4085 0.409 0.4095 0.41 0.4105 0.411",
                "false | 0 | 0.0006 | 0 10⁻⁴ 2·10⁻⁴ 3·10⁻⁴ 4·10⁻⁴ 5·10⁻⁴ 6·10⁻⁴",
                "true | 0.3 | 1.2 | 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1",
                "true | 0.3 | 4 | 0.3 0.5 0.7 1 2 3",
                "true | 0.1 | 10 | 0.1 0.2 0.5 1 2 5 10",
                "true | 0.01 | 10 | 0.01 0.1 1 10",
                "true | 1e-6 | 1 | 10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰",
                "true | 1e-12 | 1 | 10⁻¹² 10⁻¹⁰ 10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 10⁰",
            })
    void marksAreAtRoundValuesAndSayThem(boolean logarithmic, double least, double greatest, String labels) {
        // room for seven marks
        var ticks = new Axis(logarithmic, least, greatest, 0, 350).ticks(50);
        assertThat(ticks.stream().map(Axis.Tick::label)).containsExactly(labels.split(" ", -1));
        for (Axis.Tick tick : ticks) {
            assertThat(number(tick.label())).isEqualTo(tick.value(), within(1e-9 * Math.abs(tick.value())));
        }
    }

    @Test
    void aShortAxisHasFewMarks() {
        assertThat(new Axis(true, 1e-9, 1, 0, 110).ticks(50).stream().map(Axis.Tick::label))
                .containsExactly("10⁻⁵", "10⁰");
        assertThat(new Axis(false, 0, 32000, 0, 110).ticks(50).stream().map(Axis.Tick::label))
                .containsExactly("0", "20000");
    }

    @Test
    void anAxisHasTwoEnds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Axis(false, 1, 1, 0, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new Axis(false, 1, Double.NaN, 0, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new Axis(true, 0, 1, 0, 100));
    }

    /** Of a label such as {@code 2·10⁻⁶}. */
    private static double number(String label) {
        String plain = label.replace('⁻', '-');
        for (int digit = 0; digit < 10; digit++) {
            plain = plain.replace("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit), (char) ('0' + digit));
        }
        boolean power = !plain.equals(label);
        return Double.parseDouble(power ? plain.replaceFirst("^10", "1e").replace("·10", "e") : label);
    }
}
