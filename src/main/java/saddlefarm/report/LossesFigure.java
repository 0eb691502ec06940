package saddlefarm.report;

import java.util.List;
import saddlefarm.analysis.Snapshot;

/** The losses of all runs of an experiment over each other, coloured by what they differ in besides their seeds. */
final class LossesFigure {

    /**
     * The loss of one run.
     *
     * @param completed whether it ended as it was meant to
     * @param rows at least two
     */
    record Curve(String run, boolean completed, List<Snapshot> rows) {

        /** Flow time of the last row. */
        double end() {
            return rows.get(rows.size() - 1).flowTime();
        }

        /** The loss at a flow time, between rows along the line from one to the next. */
        double lossAt(double flowTime) {
            int next = 0;
            while (next < rows.size() && rows.get(next).flowTime() < flowTime) {
                next++;
            }
            if (next == 0 || next == rows.size()) {
                return rows.get(Math.min(next, rows.size() - 1)).loss();
            }
            Snapshot before = rows.get(next - 1);
            Snapshot after = rows.get(next);
            double part = (flowTime - before.flowTime()) / (after.flowTime() - before.flowTime());
            return before.loss() + part * (after.loss() - before.loss());
        }
    }

    /** Curves of a group, of the runs of which some may have too few rows for one. */
    record Bundle(SweepGroup group, List<Curve> curves) {}

    private LossesFigure() {}

    /** @param bundles with at least one curve */
    static Figure draw(String name, List<Bundle> bundles, TimeAxis time) {
        List<Snapshot> all = bundles.stream()
                .flatMap(bundle -> bundle.curves().stream())
                .flatMap(curve -> curve.rows().stream())
                .toList();
        long curves =
                bundles.stream().mapToLong(bundle -> bundle.curves().size()).sum();
        var legend = new Legend(
                bundles.stream().map(bundle -> bundle.group().label()).toList());
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT + legend.height(), "Losses of %d runs".formatted(curves));
        var plot = new Plot(svg, time.over(all, Frame.LEFT, Frame.RIGHT), LossAxis.over(all, Frame.BOTTOM, Frame.TOP));
        plot.frame(time.title(), "loss C");
        String opacity = curves > 12 ? " stroke-opacity=\"0.55\"" : "";
        for (int g = 0; g < bundles.size(); g++) {
            for (Curve curve : bundles.get(g).curves()) {
                plot.curve(
                        curve.rows().stream().mapToDouble(time::of).toArray(),
                        curve.rows().stream().mapToDouble(Snapshot::loss).toArray(),
                        Ink.ordered(g, bundles.size()),
                        1.2,
                        opacity);
            }
        }
        legend.draw(svg, Frame.HEIGHT);
        return new Figure(
                "%s.losses.%s".formatted(name, time.key()),
                "Loss of every run",
                "The losses of %d runs%s. Rows are thinned; the extremes are kept."
                        .formatted(curves, bundles.size() > 1 ? ", coloured by what they differ in besides seeds" : ""),
                svg.end(),
                csv(bundles));
    }

    private static String csv(List<Bundle> bundles) {
        return Table.csv(csv -> {
            csv.cells("run", "step", "flow_time", "loss").endRow();
            for (Bundle bundle : bundles) {
                for (Curve curve : bundle.curves()) {
                    for (Snapshot row : curve.rows()) {
                        csv.cell(curve.run())
                                .cell(row.step())
                                .cell(row.flowTime())
                                .cell(row.loss())
                                .endRow();
                    }
                }
            }
        });
    }
}
