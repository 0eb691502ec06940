package saddlefarm.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import saddlefarm.analysis.Snapshot;

/** The median loss of runs that differ in their seeds alone, with the band of the middle half, in logarithmic time. */
final class MedianLossFigure {

    private static final int MOMENTS = 241;

    /**
     * A group's losses at some moments.
     *
     * @param median, with the lower and the upper quartile; each as long as the moments that the whole group has
     *     reached
     */
    private record Band(SweepGroup group, List<Double> lower, List<Double> median, List<Double> upper) {}

    private MedianLossFigure() {}

    /** Whether some group has runs to take a median of. */
    static boolean isDrawable(List<LossesFigure.Bundle> bundles) {
        return bundles.stream().anyMatch(bundle -> bundle.curves().size() > 1);
    }

    static Figure draw(String name, List<LossesFigure.Bundle> bundles) {
        List<Snapshot> all = bundles.stream()
                .flatMap(bundle -> bundle.curves().stream())
                .flatMap(curve -> curve.rows().stream())
                .toList();
        Axis x = TimeAxis.LOG_TIME.over(all, Frame.LEFT, Frame.RIGHT);
        double[] moments = moments(x);
        List<Band> bands = bundles.stream().map(bundle -> band(bundle, moments)).toList();
        var legend = new Legend(bands.stream().map(band -> band.group().label()).toList());
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT + legend.height(), "Median loss over seeds");
        var plot = new Plot(svg, x, LossAxis.over(all, Frame.BOTTOM, Frame.TOP));
        plot.frame(TimeAxis.LOG_TIME.title(), "loss C");
        for (int g = 0; g < bands.size(); g++) {
            Band band = bands.get(g);
            double[] until = Arrays.copyOf(moments, band.median().size());
            plot.band(until, array(band.lower()), array(band.upper()), Ink.ordered(g, bands.size()));
            plot.curve(until, array(band.median()), Ink.ordered(g, bands.size()), 1.8, Plot.SOLID);
        }
        legend.draw(svg, Frame.HEIGHT);
        return new Figure(
                name + ".median-loss",
                "Median loss over seeds",
                "Median and quartiles of the loss over the runs of each group, which differ in their seeds alone, as long"
                        + " as all of them last; a run that has completed keeps its last loss.",
                svg.end(),
                csv(bands, moments));
    }

    private static double[] moments(Axis time) {
        double ratio = time.greatest() / time.least();
        double[] moments = new double[MOMENTS];
        for (int i = 0; i < MOMENTS; i++) {
            moments[i] = time.least() * StrictMath.pow(ratio, (double) i / (MOMENTS - 1));
        }
        moments[MOMENTS - 1] = time.greatest();
        return moments;
    }

    private static Band band(LossesFigure.Bundle bundle, double[] moments) {
        var band = new Band(bundle.group(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (double moment : moments) {
            double[] losses = bundle.curves().stream()
                    .filter(curve -> curve.completed() || moment <= curve.end())
                    .mapToDouble(curve -> curve.lossAt(moment))
                    .sorted()
                    .toArray();
            if (losses.length < bundle.curves().size() || losses.length == 0) {
                break;
            }
            band.lower().add(quantile(losses, 0.25));
            band.median().add(quantile(losses, 0.5));
            band.upper().add(quantile(losses, 0.75));
        }
        return band;
    }

    /** Between the two nearest of values in order. */
    private static double quantile(double[] sorted, double part) {
        double position = part * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private static double[] array(List<Double> values) {
        return values.stream().flatMapToDouble(DoubleStream::of).toArray();
    }

    private static String csv(List<Band> bands, double[] moments) {
        return Table.csv(csv -> {
            csv.cells("group", "runs", "flow_time", "lower_quartile", "median", "upper_quartile")
                    .endRow();
            for (Band band : bands) {
                for (int i = 0; i < band.median().size(); i++) {
                    csv.cell(band.group().label())
                            .cell(Integer.valueOf(band.group().runs().size()))
                            .cell(moments[i])
                            .cell(band.lower().get(i))
                            .cell(band.median().get(i))
                            .cell(band.upper().get(i))
                            .endRow();
                }
            }
        });
    }
}
