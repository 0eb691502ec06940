package saddlefarm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LineTest {

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
    void oneXHasNoLine() {
        assertThat(Line.fit(List.of(0.1, 0.1, 0.1), List.of(1.0, 2.0, 4.0))).isEmpty();
        assertThat(Line.fit(List.of(), List.of())).isEmpty();
    }

    @Test
    void eachXHasAY() {
        assertThatThrownBy(() -> Line.fit(List.of(1.0, 2.0), List.of(1.0))).hasMessageContaining("2 x and 1 y");
    }
}
