package saddlefarm.experiment;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.util.Optional;

/** How numbers are written: the shortest decimal that reads back exactly, the same on every JDK. */
public final class Decimals {

    private Decimals() {}

    /**
     * The text of a double as JDK 19 and later print it (before, {@code Double.toString(2e23)} was a digit too long).
     */
    public static String text(double value) {
        return NumberOutput.toString(value, true);
    }

    /** The exact number that a text such as {@code 1e-3} means; empty when it means none. */
    static Optional<BigDecimal> parse(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether a number is whole, found without writing out its digits: it may be 1e999999999. */
    static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }
}
