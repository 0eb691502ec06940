package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.RunStore;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.KaplanMeier;

/** The time of the first escape over the scale of the initial weights, and the law that it follows. */
final class EscapeTimesFigure {

    private static final int CURVE = 60;

    /** A group's times, and the interval of their median. */
    private record Point(GroupOutcomes group, KaplanMeier escapes, Interval interval) {

        static Point of(GroupOutcomes group) {
            return new Point(group, group.escapes(), group.medianEscape());
        }

        double scale() {
            return EscapeLine.scale(group);
        }

        /** Null where it was not reached, but is beyond the end of the estimate. */
        @Nullable
        Double median() {
            return escapes.median();
        }

        /** Where it is drawn. */
        double height() {
            Double median = median();
            return median == null ? escapes.end() : median;
        }
    }

    private record Series(EscapeLine line, List<Point> points, EscapeLine.@Nullable Fit fit) {

        String label() {
            String name = line.values().isEmpty()
                    ? "median"
                    : new SweepGroup(line.values(), line.groups().get(0).group().runs()).label();
            return fit == null ? name + ": too few medians for a law" : name + ": " + words(fit);
        }

        private static String words(EscapeLine.Fit fit) {
            String value = "%s %.3f".formatted(fit.quantity().symbol(), fit.value());
            String interval = fit.interval() == null
                    ? ""
                    : " (%.3f to %.3f)"
                            .formatted(fit.interval().low(), fit.interval().high());
            return value + interval + (fit.predicted() == null ? "" : ", predicted %.0f".formatted(fit.predicted()));
        }
    }

    private EscapeTimesFigure() {}

    /** Where the scale is swept, alone or with other keys. */
    static Optional<Figure> draw(RunStore store, String name, List<GroupOutcomes> groups) {
        List<Series> series = EscapeLine.of(store, groups).stream()
                .map(line -> new Series(
                        line,
                        line.groups().stream().map(Point::of).toList(),
                        line.fit().orElse(null)))
                .toList();
        double[] heights = series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(Point::height)
                .filter(height -> height > 0)
                .toArray();
        if (heights.length == 0) {
            return Optional.empty();
        }
        return Optional.of(new Figure(
                name + ".escape-times",
                "First escape over the scale of the initial weights",
                "Median time, over seeds, at which the loss has fallen by 2%, with its 95% bootstrap interval. Runs that had"
                        + " not escaped when they ended count as such (Kaplan-Meier); an arrow is a median beyond its"
                        + " foot. Dashed: the law through the two smallest scales with a median, its exponent and interval"
                        + " beside what theory predicts as the scale goes to 0.",
                svg(series, heights),
                csv(series)));
    }

    private static String svg(List<Series> series, double[] heights) {
        var legend = new Legend(series.stream().map(Series::label).toList(), 1);
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT + legend.height(), "First escape over scale");
        double[] scales = series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(Point::scale)
                .toArray();
        var plot = new Plot(
                svg,
                logarithmic(scales, 1.3, Frame.LEFT, Frame.RIGHT),
                logarithmic(heights, 2, Frame.BOTTOM, Frame.TOP));
        plot.frame("scale α of the initial weights", "flow time of the first escape");
        for (int i = 0; i < series.size(); i++) {
            draw(plot, series.get(i), Ink.ordered(i, series.size()));
        }
        legend.draw(svg, Frame.HEIGHT);
        return svg.end();
    }

    private static void draw(Plot plot, Series series, Ink ink) {
        List<Point> known = series.points().stream()
                .filter(point -> point.median() != null && point.height() > 0)
                .toList();
        EscapeLine.Fit fit = series.fit();
        if (fit != null) {
            drawLaw(plot, series.points(), fit, ink);
        }
        if (known.size() > 1) {
            plot.band(
                    array(known.stream().map(Point::scale).toList()),
                    array(known.stream().map(point -> point.interval().low()).toList()),
                    array(known.stream().map(point -> point.interval().high()).toList()),
                    ink);
        }
        for (Point point : known) {
            plot.dot(point.scale(), point.height(), ink);
        }
        series.points().stream()
                .filter(point -> point.median() == null && point.height() > 0)
                .forEach(point -> plot.beyond(point.scale(), point.height(), ink));
    }

    private static void drawLaw(Plot plot, List<Point> points, EscapeLine.Fit fit, Ink ink) {
        double least = points.get(0).scale();
        double greatest = points.get(points.size() - 1).scale();
        var x = new ArrayList<Double>();
        var y = new ArrayList<Double>();
        for (int i = 0; i <= CURVE; i++) {
            double scale = least * StrictMath.pow(greatest / least, (double) i / CURVE);
            double time = fit.time(scale);
            if (time > 0) {
                x.add(scale);
                y.add(time);
            }
        }
        plot.curve(array(x), array(y), ink, 1.2, Plot.DASHED);
    }

    /** An axis with room at both ends, by a factor. */
    static Axis logarithmic(double[] values, double room, double from, double to) {
        double least = DoubleStream.of(values).min().orElseThrow();
        double greatest = DoubleStream.of(values).max().orElseThrow();
        return new Axis(true, least / room, greatest * room, from, to);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String csv(List<Series> series) {
        List<String> keys = series.stream()
                .flatMap(one -> one.line().values().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        return Table.csv(csv -> {
            keys.forEach(csv::cell);
            csv.cells(EscapeLine.SCALE, "runs", "escaped", "median", "median_low", "median_high", "watched_until");
            csv.cells("quantity", "fitted", "fitted_low", "fitted_high", "predicted")
                    .endRow();
            for (Series one : series) {
                for (Point point : one.points()) {
                    keys.forEach(
                            key -> csv.cell(SweptKey.exact(one.line().values().getOrDefault(key, ""))));
                    csv.cell(point.group().value(EscapeLine.SCALE))
                            .cell((long) point.escapes().observations())
                            .cell((long) point.escapes().happened())
                            .cell(point.median());
                    csv.interval(point.interval());
                    csv.cell(point.escapes().end());
                    fit(csv, one.fit());
                    csv.endRow();
                }
            }
        });
    }

    private static void fit(CsvWriter csv, EscapeLine.@Nullable Fit fit) {
        csv.cell(fit == null ? null : fit.quantity().label());
        csv.cell(fit == null ? null : Double.valueOf(fit.value()));
        csv.interval(fit == null ? null : fit.interval());
        csv.cell(fit == null ? null : fit.predicted());
    }
}
