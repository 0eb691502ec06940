package saddlefarm.report;

import java.util.List;
import java.util.stream.IntStream;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;

/** σ_1/σ_2 of each layer of one run over time, beside ℓ^{1/4}. */
final class RatioFigure {

    /** Greater ratios are drawn here: such layers are of rank one. */
    private static final double GREATEST = 1e3;

    private RatioFigure() {}

    /** Whether a run has layers with two singular values. */
    static boolean isDrawable(Trajectory trajectory) {
        return !layers(trajectory).isEmpty();
    }

    static Figure draw(Trajectory trajectory, TimeAxis time) {
        String id = trajectory.run().id();
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT, "σ₁/σ₂ of each layer of run " + id);
        Axis x = time.over(trajectory.rows(), Frame.LEFT, Frame.RIGHT);
        double greatest = layers(trajectory).stream()
                .flatMapToDouble(layer -> trajectory.rows().stream().mapToDouble(row -> ratio(row.spectra(), layer)))
                .max()
                .orElseThrow();
        double above = 1.4 * bound(trajectory.depth());
        var plot = new Plot(
                svg,
                x,
                new Axis(true, 0.9, Math.max(above, 1.2 * Math.min(greatest, GREATEST)), Frame.BOTTOM, Frame.TOP));
        trajectory.annotate(plot, time);
        plot.frame(time.title(), "σ₁/σ₂");
        for (int layer : layers(trajectory)) {
            Ink ink = Ink.ordered(layer - 1, trajectory.depth());
            plot.level(bound(layer), ink, Plot.DOTTED + " stroke-width=\"1.4\"");
            plot.curve(
                    trajectory.values(time::of),
                    trajectory.values(row -> ratio(row.spectra(), layer)),
                    ink,
                    1.6,
                    Plot.SOLID);
        }
        legend(svg, trajectory);
        return new Figure(
                "%s.ratios.%s".formatted(id, time.key()),
                "σ₁/σ₂ of each layer",
                ("σ₁/σ₂ of each layer ℓ of run %s; dotted, in the same colour, ℓ^(1/4), which an optimal escape direction"
                                + " reaches in all but finitely many first layers. Shaded: plateaus. Dashed: transitions."
                                + " %s Ratios above %.0f are drawn there.")
                        .formatted(id, trajectory.drawn(), GREATEST),
                svg.end(),
                csv(trajectory));
    }

    private static double ratio(Spectra spectra, int layer) {
        double second = spectra.value(layer, 2);
        return second > 0 ? spectra.value(layer, 1) / second : Double.MAX_VALUE;
    }

    private static double bound(int layer) {
        return Math.sqrt(Math.sqrt(layer));
    }

    private static List<Integer> layers(Trajectory trajectory) {
        return IntStream.rangeClosed(1, trajectory.depth())
                .filter(layer -> trajectory.rows().get(0).spectra().count(layer) > 1)
                .boxed()
                .toList();
    }

    private static void legend(Svg svg, Trajectory trajectory) {
        double x = Frame.RIGHT;
        List<Integer> layers = layers(trajectory);
        for (int i = layers.size() - 1; i >= 0; i--) {
            int layer = layers.get(i);
            svg.text(x, 14, "end", Integer.toString(layer), "");
            svg.line(x - 26, 10, x - 12, 10, Ink.ordered(layer - 1, trajectory.depth()), " stroke-width=\"2.5\"");
            x -= 36;
        }
        svg.text(x, 14, "end", "layer", "");
    }

    private static String csv(Trajectory trajectory) {
        return Table.csv(csv -> {
            csv.cells("step", "flow_time");
            for (int layer : layers(trajectory)) {
                csv.cells("layer%d_ratio".formatted(layer), "layer%d_bound".formatted(layer));
            }
            csv.endRow();
            for (Snapshot row : trajectory.rows()) {
                csv.cell(row.step()).cell(row.flowTime());
                for (int layer : layers(trajectory)) {
                    csv.cell(row.spectra().value(layer, 1) / row.spectra().value(layer, 2))
                            .cell(bound(layer));
                }
                csv.endRow();
            }
        });
    }
}
