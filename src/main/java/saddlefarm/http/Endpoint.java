package saddlefarm.http;

import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that the API does.
 *
 * @param path below {@code /api/v1}, such as {@code /runs/{run}}; at most one part is in braces
 * @param parameters names of its query parameters
 * @param handler what does it, and may take its time
 */
record Endpoint(HttpMethod method, String path, List<String> parameters, Function<Call, HttpResponse> handler) {

    /** The part of a path that stands for the one in braces, or nothing in its place; empty if this is another path. */
    Optional<String> match(List<String> segments) {
        List<String> template = new ArrayList<>(List.of(path.split("/", -1)));
        template.remove(0);
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        String name = "";
        for (int i = 0; i < template.size(); i++) {
            if (template.get(i).startsWith("{")) {
                name = segments.get(i);
            } else if (!template.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(name);
    }
}
