package saddlefarm.experiment;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.io.Serial;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A type of single values with its bounds.
 *
 * @param parse from the text of a value; throws {@link Misfit} for a text that is no value of the type
 * @param substitute some value of the type
 */
record Scalar<T>(Function<String, T> parse, T substitute) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** A text is no value of the type. */
    static final class Misfit extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        private final String advice;

        /**
         * @param rule that is broken, such as {@code must be above 0}
         * @param advice after the value, may be empty
         */
        Misfit(String rule, String advice) {
            super(rule, null, false, false);
            this.advice = advice;
        }

        /** For instance {@code must be above 0 but was -0.1}. */
        String says(String value) {
            return "%s but was %s%s".formatted(getMessage(), value, advice);
        }
    }

    /** From 1 to so many characters, none of them a control character. */
    static Scalar<String> text(int greatestLength) {
        return new Scalar<>(
                text -> {
                    require(
                            !text.isBlank() && text.length() <= greatestLength,
                            "must have 1 to %d characters".formatted(greatestLength));
                    require(text.chars().noneMatch(Character::isISOControl), "must have no control characters");
                    return text;
                },
                "none");
    }

    /** The SHA-256 of a file. */
    static Scalar<String> sha256() {
        return new Scalar<>(
                text -> {
                    require(SHA256.matcher(text).matches(), "must be 64 hexadecimal digits in lower case");
                    return text;
                },
                "0".repeat(64));
    }

    /** One of some names. */
    static Scalar<String> oneOf(List<String> names) {
        return new Scalar<>(
                text -> {
                    if (!names.contains(text)) {
                        throw new Misfit(
                                "must be one of " + String.join(", ", names), Spelling.suggestion(text, names));
                    }
                    return text;
                },
                names.get(0));
    }

    /** True or false. */
    static Scalar<Boolean> flag() {
        return new Scalar<>(
                text -> {
                    require(text.equals("true") || text.equals("false"), "must be true or false");
                    return text.equals("true");
                },
                false);
    }

    /** A whole number within bounds, both included. */
    static Scalar<Long> whole(long least, long greatest) {
        return new Scalar<>(
                text -> {
                    BigDecimal number = number(text, "must be a whole number");
                    require(number.compareTo(BigDecimal.valueOf(least)) >= 0, "must be at least " + least);
                    require(number.compareTo(BigDecimal.valueOf(greatest)) <= 0, "must be at most " + greatest);
                    require(Decimals.isWhole(number), "must be a whole number");
                    return number.longValueExact();
                },
                Math.min(Math.max(least, 1), greatest));
    }

    /** A number above 0. */
    static Scalar<Double> positive() {
        return new Scalar<>(
                text -> {
                    double number = real(text);
                    require(number > 0, "must be above 0");
                    return number;
                },
                1.0);
    }

    /** A number of at least 0. */
    static Scalar<Double> notNegative() {
        return new Scalar<>(
                text -> {
                    double number = real(text);
                    require(number >= 0, "must be at least 0");
                    return number;
                },
                1.0);
    }

    /** A number above 0 and below 1. */
    static Scalar<Double> fraction() {
        return new Scalar<>(
                text -> {
                    double number = real(text);
                    require(number > 0 && number < 1, "must be above 0 and below 1");
                    return number;
                },
                0.5);
    }

    /** A time of at least a millisecond; its unit is never left to guess. */
    static Scalar<Duration> duration() {
        return new Scalar<>(
                text -> {
                    String rule = "must be a time with its unit, such as 10s,";
                    require(Decimals.parse(text).isEmpty(), rule);
                    Duration duration;
                    try {
                        duration =
                                ConfigValueFactory.fromAnyRef(text).atKey("it").getDuration("it");
                    } catch (ConfigException e) {
                        throw new Misfit(rule, "");
                    }
                    require(duration.toMillis() >= 1, "must be at least 1ms");
                    return duration;
                },
                Duration.ofSeconds(1));
    }

    private static double real(String text) {
        BigDecimal number = number(text, "must be a number");
        double nearest = number.doubleValue();
        require(Double.isFinite(nearest), "must be within ±" + Decimals.text(Double.MAX_VALUE));
        require(
                nearest != 0 || number.signum() == 0,
                "must not be nearer to 0 than the smallest double, %s,".formatted(Decimals.text(Double.MIN_VALUE)));
        return nearest + 0.0; // -0 becomes 0, which means the same and must give the same id
    }

    private static BigDecimal number(String text, String rule) {
        return Decimals.parse(text).orElseThrow(() -> new Misfit(rule, ""));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new Misfit(rule, "");
        }
    }
}
