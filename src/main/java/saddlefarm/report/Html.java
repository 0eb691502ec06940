package saddlefarm.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A page in the making, element by element, as HTML that is XML as well. */
final class Html {

    /** Elements within lines of text, after which no line ends: it would be a space. */
    private static final Set<String> INLINE = Set.of("a", "b", "code", "span");

    private final OutputStream out;

    Html(OutputStream out) {
        this.out = out;
    }

    /** @param attributes names and values in turn */
    Html open(String tag, String... attributes) throws IOException {
        return write(start(tag, attributes) + ">");
    }

    Html close(String tag) throws IOException {
        return write("</" + tag + (INLINE.contains(tag) ? ">" : ">\n"));
    }

    /** An element without content. */
    Html empty(String tag, String... attributes) throws IOException {
        return write(start(tag, attributes) + "/>");
    }

    Html element(String tag, String text, String... attributes) throws IOException {
        return open(tag, attributes).text(text).close(tag);
    }

    Html text(String text) throws IOException {
        return write(Markup.escaped(text));
    }

    /** Text that is markup already. */
    Html markup(String markup) throws IOException {
        return write(markup);
    }

    private static String start(String tag, String... attributes) {
        var start = new StringBuilder("<" + tag);
        for (int i = 0; i < attributes.length; i += 2) {
            start.append(' ').append(attributes[i]).append("=\"");
            start.append(Markup.escaped(attributes[i + 1])).append('"');
        }
        return start.toString();
    }

    private Html write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }
}
