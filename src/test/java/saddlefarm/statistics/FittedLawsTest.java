package saddlefarm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FittedLawsTest {

    private static final Offset<Double> ROUNDING = within(1e-13);

    @Test
    void aLineThroughPointsOnALineIsThatLine() {
        Line line = Line.fit(List.of(1.0, 2.0, 5.0), List.of(1.0, -1.0, -7.0)).orElseThrow();

        assertThat(line.slope()).isCloseTo(-2, ROUNDING);
        assertThat(line.intercept()).isCloseTo(3, ROUNDING);
        assertThat(line.at(10)).isCloseTo(-17, ROUNDING);
    }

    @Test
    void theFirstSetOfAnscombeHasThePublishedLine() {
        // F. Anscombe, Graphs in statistical analysis, 1973: y = 3.00 + 0.500 x.
        Line line = Line.fit(
                        List.of(10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0),
                        List.of(8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68))
                .orElseThrow();

        assertThat(line.slope()).isCloseTo(0.500, within(5e-4));
        assertThat(line.intercept()).isCloseTo(3.00, within(5e-3));
    }

    @Test
    void aPowerLawIsFoundFromItsValues() {
        List<Double> x = List.of(0.0025, 0.005, 0.01, 0.3);

        PowerLaw law =
                PowerLaw.fit(x, x.stream().map(v -> 7 / (v * v)).toList()).orElseThrow();

        assertThat(law.exponent()).isCloseTo(-2, ROUNDING);
        assertThat(law.factor()).isCloseTo(7, within(1e-12));
        assertThat(law.at(0.1)).isCloseTo(700, within(1e-9));
    }

    @Test
    void aPowerLawOfTwoPointsGoesThroughBoth() {
        // The exponent of two points is the ratio of the logarithms of the ratios: ln(8)/ln(2) = 3.
        PowerLaw law = PowerLaw.fit(List.of(3.0, 6.0), List.of(2.0, 16.0)).orElseThrow();

        assertThat(law.exponent()).isCloseTo(3, ROUNDING);
        assertThat(law.at(6)).isCloseTo(16, within(1e-12));
    }

    @Test
    void oneXHasNoLine() {
        assertThat(Line.fit(List.of(0.1, 0.1, 0.1), List.of(1.0, 2.0, 4.0))).isEmpty();
        assertThat(PowerLaw.fit(List.of(2.0), List.of(1.0))).isEmpty();
        assertThat(Line.fit(List.of(), List.of())).isEmpty();
    }

    @Test
    void eachXHasAY() {
        assertThatThrownBy(() -> Line.fit(List.of(1.0, 2.0), List.of(1.0))).hasMessageContaining("2 x and 1 y");
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertThat(Median.of(List.of(5, 1, 3))).isEqualTo(3);
        assertThat(Median.of(List.of(4.0, 1.0, 10.0, 2.0))).isEqualTo(3);
    }
}
