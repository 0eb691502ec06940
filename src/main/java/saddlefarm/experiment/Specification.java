package saddlefarm.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The JSON text that says everything about a run, and the id that follows from it. */
public final class Specification {

    private static final int ID_DIGITS = 12;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Specification() {}

    /** The text for values by dotted key. */
    static String text(SortedMap<String, Object> values) {
        var root = new TreeMap<String, Object>();
        values.forEach((key, value) -> {
            Map<String, Object> section = root;
            String rest = key;
            for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
                section = section(section, rest.substring(0, dot));
                rest = rest.substring(dot + 1);
            }
            section.put(rest, value);
        });
        return Json.text(root);
    }

    /**
     * The part of a specification that results depend on: without {@code checkpoint}, {@code scheduling} and
     * {@code notify}, and without the paths of files whose SHA-256 is there. The same wherever and however often the
     * run is made, so exports hold this one.
     */
    public static String canonical(String specification) {
        return Json.text(canonicalValues(specification));
    }

    private static Map<String, Object> canonicalValues(String specification) {
        Map<String, Object> root = read(specification);
        root.remove("checkpoint");
        root.remove("scheduling");
        root.remove("notify");
        for (Object section : root.values()) {
            if (section instanceof Map<?, ?> keys) {
                keys.keySet().removeIf(key -> keys.containsKey(key + Keys.SHA256));
            }
        }
        return root;
    }

    /** The id of the run: the first 12 hexadecimal digits of the SHA-256 of the canonical specification. */
    public static String id(String specification) {
        byte[] canonical = canonical(specification).getBytes(StandardCharsets.UTF_8);
        return InputFiles.sha256(canonical).substring(0, ID_DIGITS);
    }

    /**
     * The part of a specification that says what is learned by which network: what theory of the origin depends on, and
     * not where training starts or how it goes on.
     */
    public static String problem(String specification) {
        Map<String, Object> root = canonicalValues(specification);
        root.keySet().retainAll(List.of("arithmetic", "data", "loss", "network"));
        return Json.text(root);
    }

    /**
     * SHA-256 of all of a specification that a run's trajectory and its rows depend on: of all but where it stops. Of
     * two runs that share it, one is the beginning of the other, but for what its end adds.
     */
    public static String trajectory(String specification) {
        Map<String, Object> root = canonicalValues(specification);
        root.remove("stop");
        return InputFiles.sha256(Json.text(root).getBytes(StandardCharsets.UTF_8));
    }

    /** The values of a specification, sections as maps: as its JSON reads. */
    public static Map<String, Object> values(String specification) {
        return read(specification);
    }

    /** The values of a specification as JSON texts by dotted key. */
    public static SortedMap<String, String> entries(String specification) {
        var entries = new TreeMap<String, String>();
        flatten("", read(specification), entries);
        return entries;
    }

    /** The value of a dotted key in a specification, as JSON text; empty where it has none. */
    public static Optional<String> value(String specification, String key) {
        Object value = read(specification);
        for (String part : key.split("\\.", -1)) {
            if (!(value instanceof Map<?, ?> section) || !section.containsKey(part)) {
                return Optional.empty();
            }
            value = section.get(part);
        }
        return Optional.of(Json.text(value));
    }

    /** The value that a JSON text stands for, such as that of a swept key. */
    public static Object plain(String json) {
        return Objects.requireNonNull(read("{\"value\":" + json + "}").get("value"));
    }

    private static void flatten(String prefix, Map<?, ?> section, SortedMap<String, String> entries) {
        section.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flatten(prefix + key + ".", inner, entries);
            } else {
                entries.put(prefix + key, Json.text(value));
            }
        });
    }

    private static Map<String, Object> read(String specification) {
        try {
            return MAPPER.readValue(specification, new TypeReference<TreeMap<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a specification: " + specification, e);
        }
    }

    @SuppressWarnings("unchecked") // sections are made here alone
    private static Map<String, Object> section(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.computeIfAbsent(name, n -> new TreeMap<String, Object>());
    }
}
