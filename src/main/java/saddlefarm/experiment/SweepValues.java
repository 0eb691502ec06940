package saddlefarm.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValueFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The values of one swept key: a list, or
 *
 * <ul>
 *   <li>{@code range(a, b[, step])}: a, a + step, … before b, in exact decimals;
 *   <li>{@code linspace(a, b, n)}: n values from a to b, evenly spaced, to 34 digits;
 *   <li>{@code logspace(a, b, n)}: n values from a to b, evenly spaced in their logarithm, those between the ends to 15
 *       digits: so powers of ten come out as such.
 * </ul>
 */
final class SweepValues {

    private static final Pattern CALL = Pattern.compile("(range|linspace|logspace)\\s*\\(([^()]*)\\)");
    private static final MathContext INNER_DIGITS = new MathContext(15);

    private final String key;
    private final Given axis;

    private SweepValues(String key, Given axis) {
        this.key = key;
        this.axis = axis;
    }

    /** The values in order, at least one. */
    static List<Given> of(String key, Given axis) {
        List<Given> values = new SweepValues(key, axis).values();
        if (values.isEmpty()) {
            throw error(key, axis, "must have at least one value");
        }
        return values;
    }

    private static ExperimentException error(String key, Given axis, String bound) {
        return new ExperimentException("%s%s %s but was %s (%s)"
                .formatted(Keys.SWEEP, key, bound, axis.shown(), axis.place().text()));
    }

    private ExperimentException error(String bound) {
        return error(key, axis, bound);
    }

    private List<Given> values() {
        if (axis.value() instanceof ConfigList list) {
            return list.stream().map(item -> new Given(item, axis.place())).toList();
        }
        Matcher call = CALL.matcher(axis.scalar().orElse("").strip());
        if (!call.matches()) {
            throw error("must be a list, range(a, b[, step]), linspace(a, b, n) or logspace(a, b, n)");
        }
        List<BigDecimal> arguments = arguments(call.group(2));
        Stream<String> texts = switch (call.group(1)) {
            case "range" -> range(arguments);
            case "linspace" -> linspace(arguments);
            default -> logspace(arguments);
        };
        return texts.map(text -> new Given(ConfigValueFactory.fromAnyRef(text), axis.place()))
                .toList();
    }

    private List<BigDecimal> arguments(String text) {
        var arguments = new ArrayList<BigDecimal>();
        for (String argument : text.split(",", -1)) {
            arguments.add(Decimals.parse(argument)
                    .filter(SweepValues::isDouble)
                    .orElseThrow(() -> error("must have numbers in the parentheses")));
        }
        return arguments;
    }

    /** Keeps 1e999999999 from being written out. */
    private static boolean isDouble(BigDecimal number) {
        return number.signum() == 0
                ? Math.abs(number.scale()) <= 400
                : number.doubleValue() != 0 && Double.isFinite(number.doubleValue());
    }

    private Stream<String> range(List<BigDecimal> arguments) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw error("must be range(a, b) or range(a, b, step)");
        }
        BigDecimal start = arguments.get(0);
        BigDecimal end = arguments.get(1);
        BigDecimal step = arguments.size() == 3 ? arguments.get(2) : BigDecimal.ONE;
        if (step.signum() == 0) {
            throw error("must have a step other than 0");
        }
        int count = count(end.subtract(start).divide(step, 0, RoundingMode.CEILING));
        return texts(count, i -> start.add(step.multiply(BigDecimal.valueOf(i))));
    }

    private Stream<String> linspace(List<BigDecimal> arguments) {
        int count = spaces("linspace(a, b, n)", arguments);
        BigDecimal start = arguments.get(0);
        BigDecimal end = arguments.get(1);
        return texts(count, i -> {
            if (i == 0) {
                return start;
            }
            if (i == count - 1) {
                return end;
            }
            BigDecimal weighted =
                    start.multiply(BigDecimal.valueOf(count - 1 - i)).add(end.multiply(BigDecimal.valueOf(i)));
            return weighted.divide(BigDecimal.valueOf(count - 1), MathContext.DECIMAL128);
        });
    }

    private Stream<String> logspace(List<BigDecimal> arguments) {
        int count = spaces("logspace(a, b, n)", arguments);
        BigDecimal start = arguments.get(0);
        BigDecimal end = arguments.get(1);
        if (start.signum() <= 0 || end.signum() <= 0) {
            throw error("must have both ends above 0");
        }
        double logStart = StrictMath.log10(start.doubleValue());
        double logEnd = StrictMath.log10(end.doubleValue());
        return texts(count, i -> {
            if (i == 0) {
                return start;
            }
            if (i == count - 1) {
                return end;
            }
            double exponent = (logStart * (count - 1 - i) + logEnd * i) / (count - 1);
            return new BigDecimal(StrictMath.pow(10, exponent), INNER_DIGITS);
        });
    }

    private int spaces(String form, List<BigDecimal> arguments) {
        if (arguments.size() != 3 || !Decimals.isWhole(arguments.get(2))) {
            throw error("must be %s with a whole number n".formatted(form));
        }
        return count(arguments.get(2));
    }

    private int count(BigDecimal count) {
        if (count.compareTo(BigDecimal.valueOf(Sweep.MOST_RUNS)) > 0) {
            throw error("must have at most %d values".formatted(Sweep.MOST_RUNS));
        }
        return count.signum() > 0 ? count.intValueExact() : 0;
    }

    private static Stream<String> texts(int count, IntFunction<BigDecimal> value) {
        return IntStream.range(0, count).mapToObj(value).map(BigDecimal::toString);
    }
}
