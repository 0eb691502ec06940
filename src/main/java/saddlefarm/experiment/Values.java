package saddlefarm.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The values of one run, read with their types and bounds. A mistake is noted and a value within bounds taken instead,
 * so one reading finds all of them; {@link #requireNoErrors()} ends it.
 *
 * <p>Mutable. Remembers what was read, and from that the specification is made: so whatever a run depends on is in it.
 */
final class Values {

    private final SortedMap<String, Given> given;
    private final String origin;
    private final SortedMap<String, Object> read = new TreeMap<>();
    private final SortedMap<String, Object> specification = new TreeMap<>();
    private final Set<String> errors = new LinkedHashSet<>();

    /**
     * @param given by key
     * @param origin name of the file, for what is missing in it
     */
    Values(SortedMap<String, Given> given, String origin) {
        this.given = given;
        this.origin = origin;
    }

    /** Whether the user gave the key. */
    boolean has(String key) {
        return given.containsKey(key);
    }

    /** Whether this is the specification of a run, which was checked when it was made. */
    boolean stored() {
        return has("arithmetic");
    }

    /** A single value. */
    <T> T one(String key, Scalar<T> type) {
        T value = find(key).map(found -> parse(key, found, type)).orElseGet(() -> missing(key, type.substitute()));
        remember(key, value);
        return value;
    }

    /** A single whole number in the range of int. */
    int integer(String key, int least, int greatest) {
        return Math.toIntExact(one(key, Scalar.whole(least, greatest)));
    }

    /** A list with at least one value. */
    <T> List<T> list(String key, Scalar<T> type) {
        List<T> values = find(key).map(found -> parseList(key, found, type)).orElseGet(() -> missing(key, List.of()));
        remember(key, values);
        return values;
    }

    /** A value as written or by default, which does not count as read. */
    Optional<ConfigValue> peek(String key) {
        return find(key).map(Given::value);
    }

    /** Replaces what the specification says of a key, by what it means: the absolute path of a relative one. */
    void settle(String key, Object value) {
        specification.put(key, value);
    }

    /** Leaves a key out of the specification, because others say the same. */
    void omit(String key) {
        specification.remove(key);
    }

    /**
     * What was read, by key, as the user meant it: text, whole number, double, truth value, or a list of one of these.
     */
    SortedMap<String, Object> read() {
        return read;
    }

    /** What was read, by key, as it is to be written down. */
    SortedMap<String, Object> specification() {
        return specification;
    }

    /** Notes a mistake about a value. */
    void error(String key, String message) {
        errors.add("%s (%s)"
                .formatted(message, find(key).map(Given::place).map(Place::text).orElse(origin)));
    }

    /** Notes that something is missing. */
    void missing(String message) {
        errors.add("%s (%s)".formatted(message, origin));
    }

    /** Notes that a value breaks a rule. */
    void broken(String key, String rule) {
        error(
                key,
                "%s %s but was %s"
                        .formatted(key, rule, find(key).map(Given::shown).orElse("missing")));
    }

    /** Whether no mistake was noted, so that values may be compared with each other. */
    boolean sound() {
        return errors.isEmpty();
    }

    /** @throws ExperimentException with a line for each mistake noted so far */
    void requireNoErrors() {
        if (!errors.isEmpty()) {
            throw new ExperimentException(String.join("\n", errors));
        }
    }

    private void remember(String key, Object value) {
        read.put(key, value);
        specification.put(key, value);
    }

    private Optional<Given> find(String key) {
        return Optional.ofNullable(given.get(key))
                .or(() -> underMethod(key))
                .or(() -> Defaults.of(key))
                .or(() -> {
                    boolean sourceRead = key.startsWith("data.") && read.containsKey("data.source");
                    return sourceRead ? Defaults.of(key, String.valueOf(read.get("data.source"))) : Optional.empty();
                });
    }

    private Optional<Given> underMethod(String key) {
        Object method = read.get("descent.method");
        return method == null ? Optional.empty() : Defaults.underMethod(key, String.valueOf(method));
    }

    private <T> T parse(String key, Given found, Scalar<T> type) {
        Optional<String> text = found.scalar();
        if (text.isEmpty()) {
            broken(key, "must be a single value");
            return type.substitute();
        }
        try {
            return type.parse().apply(text.get());
        } catch (Scalar.Misfit misfit) {
            error(key, key + " " + misfit.says(found.shown()));
            return type.substitute();
        }
    }

    private <T> List<T> parseList(String key, Given found, Scalar<T> type) {
        if (!(found.value() instanceof ConfigList list) || list.isEmpty()) {
            broken(key, "must be a list of at least one value");
            return List.of();
        }
        var values = new ArrayList<T>();
        for (ConfigValue item : list) {
            String itemKey = "item %d of %s".formatted(values.size() + 1, key);
            try {
                String text = Given.scalar(item).orElseThrow(() -> new Scalar.Misfit("must be a single value", ""));
                values.add(type.parse().apply(text));
            } catch (Scalar.Misfit misfit) {
                error(key, itemKey + " " + misfit.says(new Given(item, found.place()).shown()));
                values.add(type.substitute());
            }
        }
        return values;
    }

    private <T> T missing(String key, T substitute) {
        String when = Keys.chooser(key)
                .map(chooser -> ": %s = %s needs it".formatted(chooser, read.get(chooser)))
                .orElse("");
        missing("%s is missing%s".formatted(key, when));
        return substitute;
    }
}
