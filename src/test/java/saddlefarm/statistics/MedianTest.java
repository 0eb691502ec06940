package saddlefarm.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {

    @Test
    void itIsInTheMiddleOfTheValuesInOrder() {
        assertThat(Median.of(List.of(5, 1, 3))).isEqualTo(3);
        assertThat(Median.of(List.of(7.5))).isEqualTo(7.5);
    }

    @Test
    void betweenTwoInTheMiddleItIsTheirMean() {
        assertThat(Median.of(List.of(4.0, 1.0, 10.0, 2.0))).isEqualTo(3);
    }
}
