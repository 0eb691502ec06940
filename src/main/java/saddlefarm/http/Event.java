package saddlefarm.http;

import akka.util.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.Json;

/**
 * What clients of the event stream are told, as it goes over the wire (<i>HTML Living Standard</i>, WHATWG, section
 * 9.2, Server-sent events). Clients share one text, made when the first of them wants it.
 */
final class Event {

    private final String name;
    private final Supplier<Map<String, @Nullable Object>> document;
    private final Supplier<Map<String, @Nullable Object>> more;
    // Made twice at worst, if two clients are the first.
    private volatile @Nullable ByteString text;
    private volatile @Nullable ByteString textWithMore;

    /** @param name {@code status}, {@code snapshot} or {@code finding} */
    Event(String name, Supplier<Map<String, @Nullable Object>> document) {
        this(name, document, Map::of);
    }

    /** @param more members for those who ask for details */
    Event(String name, Supplier<Map<String, @Nullable Object>> document, Supplier<Map<String, @Nullable Object>> more) {
        this.name = name;
        this.document = document;
        this.more = more;
    }

    /**
     * An event of another node.
     *
     * @param text as {@link #text} made it there
     * @param detailed the same with details; null if nobody asked for them
     */
    static Event of(String text, @Nullable String detailed) {
        var event = new Event("", Map::of);
        event.text = ByteString.fromString(text);
        event.textWithMore = detailed == null ? event.text : ByteString.fromString(detailed);
        return event;
    }

    /** The event but for its id and the empty line that ends it. */
    ByteString text(boolean detailed) {
        @Nullable ByteString made = detailed ? textWithMore : text;
        if (made == null) {
            made = ByteString.fromString("event: %s\ndata: %s\n".formatted(name, Json.text(members(detailed))));
            if (detailed) {
                textWithMore = made;
            } else {
                text = made;
            }
        }
        return made;
    }

    private Map<String, @Nullable Object> members(boolean detailed) {
        var members = new LinkedHashMap<>(document.get());
        if (detailed) {
            members.putAll(more.get());
        }
        return members;
    }
}
