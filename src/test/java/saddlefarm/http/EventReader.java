package saddlefarm.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A client of the event stream that reads as HTML's standard says, one event after the other. */
final class EventReader implements AutoCloseable {

    /**
     * One event.
     *
     * @param id empty where the stream gave none
     */
    record Received(String name, String id, JsonNode data) {

        boolean is(String expected, String run) {
            return name.equals(expected) && data.path("run").asText().equals(run);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stream<String> body;
    private final Iterator<String> lines;

    EventReader(HttpResponse<Stream<String>> response) {
        body = response.body();
        lines = body.iterator();
    }

    /** The next event; waits for it. */
    Received next() {
        String name = "";
        String id = "";
        String data = "";
        while (true) {
            String line = lines.next();
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Received(name, id, json(data));
            }
        }
    }

    /** The events up to one, and that. */
    List<Received> until(Predicate<Received> last) {
        Stream.Builder<Received> events = Stream.builder();
        Received event;
        do {
            event = next();
            events.add(event);
        } while (!last.test(event));
        return events.build().toList();
    }

    /** What was there when the client came. */
    List<Received> history() {
        return until(event -> event.name().equals("live"));
    }

    @Override
    public void close() {
        body.close();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
