package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {

    /** As JDK 19 and later print them; JDK 17 prints 2.0E-3 as 0.0020 nowhere, but 2e23 and 2^-44 a digit too long. */
    @ParameterizedTest
    @CsvSource({"0.1,0.1", "2e23,2.0E23", "1e-4,1.0E-4", "0.001,0.001", "4.9e-324,4.9E-324", "3,3.0", "1e7,1.0E7"})
    void aNumberIsItsShortestDecimal(double number, String text) {
        assertThat(Decimals.text(number)).isEqualTo(text);
        assertThat(Double.parseDouble(Decimals.text(number))).isEqualTo(number);
    }
}
