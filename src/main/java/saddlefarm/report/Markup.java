package saddlefarm.report;

/** Text inside XML and HTML. */
final class Markup {

    private static final int REPLACEMENT = 0xFFFD;

    private Markup() {}

    /** A text as the content of an element or of an attribute in double quotes, whatever is in it. */
    static String escaped(String content) {
        var escaped = new StringBuilder(content.length());
        content.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(allowed(c) ? c : REPLACEMENT);
            }
        });
        return escaped.toString();
    }

    /** What XML 1.0 has as characters; the others can be written in no way at all. */
    private static boolean allowed(int c) {
        return c == '\t' || c == '\n' || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c <= REPLACEMENT) || c >= 0x10000;
    }
}
