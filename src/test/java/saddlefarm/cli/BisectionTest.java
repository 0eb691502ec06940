package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BisectionTest {

    @ParameterizedTest
    @CsvSource({"0.01, 10, 0.37", "10, 0.01, 0.37", "1e-9, 1, 3e-8", "0.2, 0.4, 0.39"})
    void itEndsAroundTheChange(BigDecimal left, BigDecimal right, double change) {
        var search = new Bisection(left, right, left.doubleValue() < change, 1.01);
        int probes = 0;
        for (Optional<BigDecimal> next = search.next(); next.isPresent(); next = search.next()) {
            search.answer(next.get(), next.get().doubleValue() < change);
            probes++;
        }

        assertThat(search.yes().doubleValue()).isLessThan(change);
        assertThat(search.no().doubleValue()).isGreaterThan(change);
        assertThat(search.ratio()).isBetween(1.0, 1.01);
        // Each halves the logarithm of the ratio.
        double halvings = Math.log(Math.abs(Math.log(left.doubleValue() / right.doubleValue())) / Math.log(1.01));
        assertThat(probes).isEqualTo((int) Math.ceil(halvings / Math.log(2)));
    }

    @Test
    void valuesHaveSixDigitsAndFollowFromTheAnswersAlone() {
        // √(.02 · 2) = .2, √(.2 · 2) = .632456, √(.2 · .632456) = .355656.
        var search = new Bisection(new BigDecimal("0.02"), new BigDecimal("2"), true, 1.05);
        var tried = new ArrayList<String>();
        for (boolean answer : List.of(true, false)) {
            BigDecimal value = search.next().orElseThrow();
            tried.add(value.toString());
            search.answer(value, answer);
        }

        assertThat(tried).containsExactly("0.2", "0.632456");
        assertThat(search.next()).contains(new BigDecimal("0.355656"));
    }

    @Test
    void endsWithNothingOfSixDigitsBetweenThemAreNearEnough() {
        assertThat(new Bisection(new BigDecimal("0.100000"), new BigDecimal("0.100001"), true, 1.0000001).next())
                .isEmpty();
    }
}
