package saddlefarm.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.Decimals;

/** Numbers as people read them in a table. */
public final class Rounded {

    private Rounded() {}

    /** A count, with its thousands apart; nothing for none. */
    public static String count(@Nullable Number value) {
        return value == null ? "" : String.format(Locale.ROOT, "%,d", value.longValue());
    }

    /** A quantity, to four digits; nothing for none. */
    public static String quantity(@Nullable Double value) {
        if (value == null) {
            return "";
        }
        return value != 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
                ? String.format(Locale.ROOT, "%.3e", value)
                : String.format(Locale.ROOT, "%.4f", value);
    }

    /** A number to four digits, without zeros at its end. */
    static String brief(double value) {
        var digits = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        double size = Math.abs(value);
        return size == 0 || (size >= 1e-3 && size < 1e6) ? digits.toPlainString() : Decimals.text(digits.doubleValue());
    }

    /** A number of any size in little room, to three digits or two: {@code 0.0731}, {@code 1.3e5}. */
    static String narrow(double value) {
        BigDecimal digits = new BigDecimal(value).round(new MathContext(3));
        double size = Math.abs(value);
        return size == 0 || (size >= 0.01 && size < 10_000)
                ? digits.stripTrailingZeros().toPlainString()
                : String.format(Locale.ROOT, "%.1e", value).replaceFirst("e\\+?(-?)0*", "e$1");
    }
}
