package saddlefarm.report;

/** Text of an SVG drawing, shape by shape. Positions in pixels, to a tenth. */
final class Svg {

    private final StringBuilder text = new StringBuilder();

    Svg(double width, double height, String title) {
        text.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\""
                        .formatted(number(width), number(height), number(width), number(height)));
        text.append(" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\"");
        text.append(Ink.TEXT.fill()).append(">\n<title>");
        text.append(Markup.escaped(title)).append("</title>\n");
        rectangle(0, 0, width, height, Ink.PAPER);
    }

    Svg rectangle(double x, double y, double width, double height, Ink ink) {
        return add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"%s/>"
                .formatted(number(x), number(y), number(width), number(height), ink.fill()));
    }

    /** @param more attributes, beginning with a space, or nothing */
    Svg line(double x1, double y1, double x2, double y2, Ink ink, String more) {
        return add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"%s%s/>"
                .formatted(number(x1), number(y1), number(x2), number(y2), ink.stroke(), more));
    }

    /** @param points x and y in turn, with commas between */
    Svg curve(String points, Ink ink, double width, String more) {
        return add("<polyline points=\"%s\" fill=\"none\"%s stroke-width=\"%s\" stroke-linejoin=\"round\"%s/>"
                .formatted(points, ink.stroke(), number(width), more));
    }

    /** @param points x and y in turn, with commas between */
    Svg area(String points, Ink ink, String more) {
        return add("<polygon points=\"%s\"%s%s/>".formatted(points, ink.fill(), more));
    }

    Svg dot(double x, double y, double radius, Ink ink) {
        return add(
                "<circle cx=\"%s\" cy=\"%s\" r=\"%s\"%s/>".formatted(number(x), number(y), number(radius), ink.fill()));
    }

    /** @param anchor start, middle or end */
    Svg text(double x, double y, String anchor, String content, String more) {
        return add("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>"
                .formatted(number(x), number(y), anchor, more, Markup.escaped(content)));
    }

    /** The whole drawing. */
    String end() {
        return text + "</svg>\n";
    }

    /** To a tenth. Drawings are mostly such numbers, so that a format would take most of the time. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        long whole = Math.abs(tenths) / 10;
        long part = Math.abs(tenths) % 10;
        return (tenths < 0 ? "-" : "") + whole + (part == 0 ? "" : "." + part);
    }

    private Svg add(String shape) {
        text.append(shape).append('\n');
        return this;
    }
}
