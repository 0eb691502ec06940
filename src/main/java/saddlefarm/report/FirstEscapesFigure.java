package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.KaplanMeier;
import saddlefarm.statistics.Observation;

/** The part of each group's runs that is still at the origin, over time. */
final class FirstEscapesFigure {

    private FirstEscapesFigure() {}

    static Figure draw(String name, List<GroupOutcomes> groups) {
        var legend =
                new Legend(groups.stream().map(group -> group.group().label()).toList());
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT + legend.height(), "Runs at the origin over time");
        double[] times = groups.stream()
                .flatMap(group -> group.outcomes().stream())
                .mapToDouble(outcome -> outcome.escape().time())
                .filter(time -> time > 0)
                .toArray();
        var time = times.length == 0
                ? new Axis(true, 1, 10, Frame.LEFT, Frame.RIGHT)
                : EscapeTimesFigure.logarithmic(times, 1.5, Frame.LEFT, Frame.RIGHT);
        var plot = new Plot(svg, time, new Axis(false, 0, 1, Frame.BOTTOM, Frame.TOP));
        plot.frame("flow time", "part of the runs at the origin");
        for (int i = 0; i < groups.size(); i++) {
            draw(plot, time, groups.get(i), Ink.ordered(i, groups.size()));
        }
        legend.draw(svg, Frame.HEIGHT);
        return new Figure(
                name + ".first-escapes",
                "Runs at the origin over time",
                "Kaplan-Meier estimates of the part of each group's runs whose loss has not yet fallen by 2%, with their"
                        + " pointwise 95% intervals (Greenwood, log-log). A dot is a run"
                        + " that ended before it escaped.",
                svg.end(),
                csv(groups));
    }

    private static void draw(Plot plot, Axis time, GroupOutcomes group, Ink ink) {
        KaplanMeier escapes = group.escapes();
        drawBand(plot, escapes, ink);
        var x = DoubleStream.builder().add(time.least());
        var y = DoubleStream.builder().add(1);
        double remaining = 1;
        for (KaplanMeier.Step step : escapes.steps()) {
            x.add(step.time()).add(step.time());
            y.add(remaining).add(step.remaining());
            remaining = step.remaining();
        }
        x.add(escapes.end());
        y.add(remaining);
        plot.curve(x.build().toArray(), y.build().toArray(), ink, 1.6, Plot.SOLID);
        group.outcomes().stream()
                .map(Outcome::escape)
                .filter(escape -> !escape.happened() && escape.time() > 0)
                .mapToDouble(Observation::time)
                .distinct()
                .forEach(end -> plot.dot(end, escapes.remaining(end), ink));
    }

    /** From step to step, and from the last to the end; none where nothing remains. */
    private static void drawBand(Plot plot, KaplanMeier escapes, Ink ink) {
        var x = DoubleStream.builder();
        var low = DoubleStream.builder();
        var high = DoubleStream.builder();
        for (int i = 0; i < escapes.steps().size(); i++) {
            KaplanMeier.Step step = escapes.steps().get(i);
            @Nullable Interval interval = step.interval();
            if (interval != null) {
                boolean last = i == escapes.steps().size() - 1;
                x.add(step.time())
                        .add(last ? escapes.end() : escapes.steps().get(i + 1).time());
                low.add(interval.low()).add(interval.low());
                high.add(interval.high()).add(interval.high());
            }
        }
        plot.band(x.build().toArray(), low.build().toArray(), high.build().toArray(), ink);
    }

    private static String csv(List<GroupOutcomes> groups) {
        List<String> keys = new ArrayList<>(groups.get(0).group().values().keySet());
        return Table.csv(csv -> {
            keys.forEach(csv::cell);
            csv.cells("runs", "flow_time", "watched", "escaped", "remaining", "remaining_low", "remaining_high")
                    .endRow();
            for (GroupOutcomes group : groups) {
                KaplanMeier escapes = group.escapes();
                for (KaplanMeier.Step step : escapes.steps()) {
                    keys.forEach(key -> csv.cell(SweptKey.exact(group.value(key))));
                    csv.cell((long) escapes.observations())
                            .cell(step.time())
                            .cell((long) step.watched())
                            .cell((long) step.happened())
                            .cell(step.remaining());
                    csv.interval(step.interval());
                    csv.endRow();
                }
                // Until when the rest was watched.
                keys.forEach(key -> csv.cell(SweptKey.exact(group.value(key))));
                csv.cell((long) escapes.observations())
                        .cell(escapes.end())
                        .cell((String) null)
                        .cell(0L)
                        .cell(escapes.remaining(escapes.end()));
                csv.interval(
                        escapes.steps().isEmpty()
                                ? null
                                : escapes.steps()
                                        .get(escapes.steps().size() - 1)
                                        .interval());
                csv.endRow();
            }
        });
    }
}
