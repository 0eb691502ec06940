package saddlefarm.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import saddlefarm.experiment.Json;

/**
 * An error as a client reads it (M. Nottingham, E. Wilde, S. Dalal, <i>Problem Details for HTTP APIs</i>, RFC 9457,
 * 2023).
 *
 * @param type {@code about:blank}: the status says what kind of problem it is
 * @param title the status in words
 * @param status code
 * @param detail what is wrong this time
 * @param candidates of which the client has to choose; an extension member, left out when empty
 */
record Problem(String type, String title, int status, String detail, List<String> candidates) {

    private static final ContentType JSON =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    static Problem of(StatusCode status, String detail) {
        return of(status, detail, List.of());
    }

    static Problem of(StatusCode status, String detail, List<String> candidates) {
        return new Problem("about:blank", status.reason(), status.intValue(), detail, candidates);
    }

    HttpResponse response() {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", type);
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        if (!candidates.isEmpty()) {
            members.put("candidates", candidates);
        }
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(JSON, Json.text(members).getBytes(StandardCharsets.UTF_8)));
    }
}
