package saddlefarm.report;

import java.util.Locale;

/** Text of an SVG drawing, shape by shape. Positions in pixels, to a hundredth. */
final class Svg {

    private final StringBuilder text = new StringBuilder();

    Svg(double width, double height, String title) {
        text.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\""
                        + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#222\">%n",
                number(width),
                number(height),
                number(width),
                number(height)));
        text.append("<title>").append(escaped(title)).append("</title>\n");
        rectangle(0, 0, width, height, "#ffffff");
    }

    Svg rectangle(double x, double y, double width, double height, String fill) {
        return add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
                .formatted(number(x), number(y), number(width), number(height), fill));
    }

    Svg line(double x1, double y1, double x2, double y2, String stroke, String more) {
        return add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"%s/>"
                .formatted(number(x1), number(y1), number(x2), number(y2), stroke, more));
    }

    Svg path(String points, String stroke, double width) {
        return add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linejoin=\"round\"/>"
                .formatted(points, stroke, number(width)));
    }

    /** @param anchor start, middle or end */
    Svg text(double x, double y, String anchor, String content, String more) {
        return add("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>"
                .formatted(number(x), number(y), anchor, more, escaped(content)));
    }

    /** The whole drawing. */
    String end() {
        return text + "</svg>\n";
    }

    static String number(double value) {
        String fixed = String.format(Locale.ROOT, "%.2f", value);
        return fixed.replaceFirst("\\.?0+$", "");
    }

    private Svg add(String shape) {
        text.append(shape).append('\n');
        return this;
    }

    private static String escaped(String content) {
        return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
