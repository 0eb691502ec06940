package saddlefarm.http;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request to the API, taken apart.
 *
 * @param name what stands in the path for the part in braces, such as a run's id; empty where there is none
 * @param query values of each query parameter, in their order
 * @param lastEventId up to where a client of the event stream had read; empty for the beginning
 * @param mediaType of the body, such as {@code application/json}
 */
record Call(
        String name, Map<String, List<String>> query, Optional<String> lastEventId, String mediaType, ByteString body) {

    /** The value of a query parameter that may be given once. */
    Optional<String> one(String parameter) {
        List<String> values = query.getOrDefault(parameter, List.of());
        if (values.size() > 1) {
            throw ApiException.badRequest("%s is given %d times".formatted(parameter, values.size()));
        }
        return values.stream().findFirst();
    }

    /** A query parameter that is a whole number. */
    long whole(String parameter, long missing, long least, long greatest) {
        Optional<String> text = one(parameter);
        if (text.isEmpty()) {
            return missing;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= least && value <= greatest) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw ApiException.badRequest(
                "%s must be a whole number from %d to %d but was %s".formatted(parameter, least, greatest, text.get()));
    }

    /** The body as text. */
    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.toArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("the body is not a text in UTF-8");
        }
    }
}
