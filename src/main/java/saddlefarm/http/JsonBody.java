package saddlefarm.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.Spelling;

/**
 * A body that is one JSON object, read to the letter: no key twice or unknown, and no value of another type than asked
 * for. Whatever is wrong is a 400 that tells key, value and what is allowed.
 */
final class JsonBody {

    private static final int MOST_SHOWN = 300;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> members;

    private JsonBody(Map<String, JsonNode> members) {
        this.members = members;
    }

    /** @param keys that the object may have */
    static JsonBody of(String text, List<String> keys) {
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw noObject();
            }
            var body = new JsonBody(members(json, keys));
            if (json.nextToken() != null) {
                throw noObject();
            }
            return body;
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest("the body cannot be read as JSON"
                    + Optional.ofNullable(e.getLocation()) // none for what is nested too deeply
                            .map(at -> " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()))
                            .orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not from a text
        }
    }

    private static Map<String, JsonNode> members(JsonParser json, List<String> keys) throws IOException {
        var members = new LinkedHashMap<String, JsonNode>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            if (!keys.contains(key)) {
                throw ApiException.badRequest(
                        "%s is not a key%s".formatted(shown(key), Spelling.suggestion(key, keys)));
            }
            json.nextToken();
            if (members.put(key, json.readValueAsTree()) != null) {
                throw ApiException.badRequest(key + " is given twice");
            }
        }
        return members;
    }

    private static ApiException noObject() {
        return ApiException.badRequest("the body must be one JSON object");
    }

    boolean has(String key) {
        return members.containsKey(key);
    }

    /** A whole number. */
    int whole(String key, int least) {
        return value(
                        key,
                        "a whole number from %d to %d".formatted(least, Integer.MAX_VALUE),
                        value -> value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= least)
                .intValue();
    }

    /** A number; infinite where it is beyond all doubles. */
    double number(String key) {
        return value(key, "a number", JsonNode::isNumber).doubleValue();
    }

    String text(String key) {
        return value(key, "a text", JsonNode::isTextual).textValue();
    }

    List<String> texts(String key) {
        return value(
                        key,
                        "a list of texts",
                        value -> value.isArray() && value.valueStream().allMatch(JsonNode::isTextual))
                .valueStream()
                .map(JsonNode::textValue)
                .toList();
    }

    private JsonNode value(String key, String rule, Predicate<JsonNode> isAllowed) {
        @Nullable JsonNode value = members.get(key);
        if (value == null || !isAllowed.test(value)) {
            throw ApiException.badRequest("%s must be %s but was %s"
                    .formatted(key, rule, value == null ? "missing" : shown(value.toString())));
        }
        return value;
    }

    private static String shown(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
