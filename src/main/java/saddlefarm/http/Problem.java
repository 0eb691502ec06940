package saddlefarm.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An error as a client reads it (M. Nottingham, E. Wilde, S. Dalal, <i>Problem Details for HTTP APIs</i>, RFC 9457,
 * 2023).
 *
 * @param type {@code about:blank}: the status says what kind of problem it is
 * @param title the status in words
 * @param status code
 * @param detail what is wrong this time
 */
record Problem(String type, String title, int status, String detail) {

    private static final ContentType JSON =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Problem of(StatusCode status, String detail) {
        return new Problem("about:blank", status.reason(), status.intValue(), detail);
    }

    HttpResponse response() {
        try {
            return HttpResponse.create()
                    .withStatus(status)
                    .withEntity(HttpEntities.create(JSON, MAPPER.writeValueAsBytes(this)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // not from texts and a number
        }
    }
}
