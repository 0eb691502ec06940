package saddlefarm.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One plot of a figure: two axes, and what lies between them. What is drawn later lies above. */
final class Plot {

    /** Strokes, as attributes of SVG. */
    static final String SOLID = "";

    static final String DASHED = " stroke-dasharray=\"4 3\"";
    static final String DOTTED = " stroke-dasharray=\"1.5 2.5\"";

    private static final double ROOM_FOR_NUMBERS = 46;
    private static final double ROOM_FOR_LINES = 20;

    private final Svg svg;
    private final Axis x;
    private final Axis y;
    private boolean wholeX;
    private boolean wholeY;

    /**
     * @param x from left to right
     * @param y from bottom to top
     */
    Plot(Svg svg, Axis x, Axis y) {
        this.svg = svg;
        this.x = x;
        this.y = y;
    }

    /** Marks at whole numbers only: what the axis counts has nothing between them. */
    Plot counting(boolean alongX, boolean alongY) {
        wholeX = alongX;
        wholeY = alongY;
        return this;
    }

    /** The values of an x axis from one to another, all over the height. */
    Plot shade(double from, double to, Ink ink) {
        if (x.at(to) > x.at(from)) {
            svg.rectangle(x.at(from), y.to(), x.at(to) - x.at(from), y.from() - y.to(), ink);
        }
        return this;
    }

    /** Marks and names of both axes. A name of null: the axis has marks without numbers, as its neighbour has them. */
    Plot frame(@Nullable String xName, @Nullable String yName) {
        for (Axis.Tick tick : marks(y, ROOM_FOR_LINES, wholeY)) {
            double at = y.at(tick.value());
            svg.line(x.from(), at, x.to(), at, Ink.GRID, "");
            svg.text(x.from() - 6, at + 4, "end", tick.label(), "");
        }
        for (Axis.Tick tick : marks(x, ROOM_FOR_NUMBERS, wholeX)) {
            double at = x.at(tick.value());
            svg.line(at, y.from(), at, y.from() + 4, Ink.AXIS, "");
            if (xName != null) {
                svg.text(at, y.from() + 17, "middle", tick.label(), "");
            }
        }
        svg.line(x.from(), y.to(), x.from(), y.from(), Ink.AXIS, "");
        svg.line(x.from(), y.from(), x.to(), y.from(), Ink.AXIS, "");
        if (xName != null) {
            svg.text((x.from() + x.to()) / 2, y.from() + 34, "middle", xName, "");
        }
        if (yName != null) {
            double middle = (y.from() + y.to()) / 2;
            svg.text(13, middle, "middle", yName, " transform=\"rotate(-90 13 %s)\"".formatted(Svg.number(middle)));
        }
        return this;
    }

    /** A curve through points. */
    Plot curve(double[] xs, double[] ys, Ink ink, double width, String stroke) {
        svg.curve(points(xs, ys), ink, width, stroke);
        return this;
    }

    /** What lies between two curves; nothing where they have no points. */
    Plot band(double[] xs, double[] low, double[] high, Ink ink) {
        if (xs.length == 0) {
            return this;
        }
        var back = new StringBuilder(points(xs, high));
        for (int i = xs.length - 1; i >= 0; i--) {
            back.append(',').append(point(xs[i], low[i]));
        }
        svg.area(back.toString(), ink, " fill-opacity=\"0.22\"");
        return this;
    }

    Plot dot(double atX, double atY, Ink ink) {
        svg.dot(x.at(atX), y.at(atY), 3.2, ink);
        return this;
    }

    /** An arrow from a point upwards: a value that is known to be greater. */
    Plot beyond(double atX, double atY, Ink ink) {
        double left = x.at(atX);
        double foot = y.at(atY);
        svg.line(left, foot, left, foot - 12, ink, " stroke-width=\"1.6\"");
        String head = "%s,%s,%s,%s,%s,%s"
                .formatted(
                        Svg.number(left - 4),
                        Svg.number(foot - 11),
                        Svg.number(left + 4),
                        Svg.number(foot - 11),
                        Svg.number(left),
                        Svg.number(foot - 18));
        svg.area(head, ink, "");
        return this;
    }

    /** A line across, if its value is on the axis. */
    Plot level(double value, Ink ink, String stroke) {
        if (value >= y.least() && value <= y.greatest()) {
            svg.line(x.from(), y.at(value), x.to(), y.at(value), ink, stroke);
        }
        return this;
    }

    /** A line from bottom to top, if its value is on the axis. */
    Plot moment(double value, Ink ink, String stroke) {
        if (value >= x.least() && value <= x.greatest()) {
            svg.line(x.at(value), y.from(), x.at(value), y.to(), ink, stroke);
        }
        return this;
    }

    private static List<Axis.Tick> marks(Axis axis, double room, boolean whole) {
        return axis.ticks(room).stream()
                .filter(tick -> !whole || tick.value() == Math.rint(tick.value()))
                .toList();
    }

    /** Positions of points without those on a level line, which change nothing. */
    private String points(double[] xs, double[] ys) {
        var points = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            boolean within = i > 0 && i < xs.length - 1;
            String here = Svg.number(y.at(ys[i]));
            if (within && here.equals(Svg.number(y.at(ys[i - 1]))) && here.equals(Svg.number(y.at(ys[i + 1])))) {
                continue;
            }
            points.append(points.isEmpty() ? "" : ",").append(point(xs[i], ys[i]));
        }
        return points.toString();
    }

    private String point(double atX, double atY) {
        return Svg.number(x.at(atX)) + "," + Svg.number(y.at(atY));
    }
}
