package saddlefarm.report;

import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import saddlefarm.analysis.Snapshot;

/** The leading singular values of every layer of one run, a plot a layer, two side by side. */
final class SpectraFigure {

    private static final double HEIGHT_OF_ONE_LINE = 204;
    private static final double HEIGHT_OF_MORE = 112;
    private static final double TOP = 34;
    private static final double GAP = 26;
    private static final double BELOW = 40;
    private static final double MIDDLE = 272;
    private static final double LEFT_END = 240;
    /** Below this part of the greatest value a singular value does not matter. */
    private static final double LEAST_PART = 1e-4;

    private SpectraFigure() {}

    static Figure draw(Trajectory trajectory, TimeAxis time) {
        String id = trajectory.run().id();
        int lines = (trajectory.depth() + 1) / 2;
        double plotHeight = plotHeight(trajectory);
        double height = TOP + lines * plotHeight + (lines - 1) * GAP + BELOW;
        var svg = new Svg(Frame.WIDTH, height, "Singular values of run " + id);
        legend(svg, trajectory);
        for (int layer = 1; layer <= trajectory.depth(); layer++) {
            int line = (layer - 1) / 2;
            double top = TOP + line * (plotHeight + GAP);
            boolean left = layer % 2 == 1;
            boolean lowest = layer + 2 > trajectory.depth();
            Axis x = time.over(trajectory.rows(), left ? 40 : MIDDLE, left ? LEFT_END : Frame.RIGHT);
            plot(svg, trajectory, layer, time, x, axis(trajectory, top), lowest);
        }
        return new Figure(
                "%s.singular-values.%s".formatted(id, time.key()),
                "Singular values of each layer",
                "The %d leading singular values of each layer of run %s. Shaded: plateaus. Dashed: transitions. %s"
                        .formatted(count(trajectory), id, trajectory.drawn()),
                svg.end(),
                csv(trajectory));
    }

    private static void plot(Svg svg, Trajectory trajectory, int layer, TimeAxis time, Axis x, Axis y, boolean lowest) {
        var plot = new Plot(svg, x, y);
        trajectory.annotate(plot, time);
        plot.frame(lowest ? time.title() : null, null);
        for (int index = count(trajectory, layer); index >= 1; index--) {
            int of = index;
            plot.curve(
                    trajectory.values(time::of),
                    trajectory.values(row -> row.spectra().value(layer, of)),
                    Ink.series(index - 1),
                    1.5,
                    Plot.SOLID);
        }
        svg.text(x.from() + 4, y.to() - 5, "start", "layer " + layer, "");
    }

    private static double plotHeight(Trajectory trajectory) {
        return trajectory.depth() <= 2 ? HEIGHT_OF_ONE_LINE : HEIGHT_OF_MORE;
    }

    /** All layers have one axis, so that they can be compared. */
    private static Axis axis(Trajectory trajectory, double top) {
        double greatest = layers(trajectory)
                .mapToDouble(layer -> trajectory.rows().stream()
                        .mapToDouble(row -> row.spectra().value(layer, 1))
                        .max()
                        .orElseThrow())
                .filter(sigma -> sigma > 0)
                .max()
                .orElse(1);
        double least = layers(trajectory)
                .mapToDouble(layer -> trajectory.rows().stream()
                        .mapToDouble(row -> row.spectra()
                                .value(
                                        layer,
                                        Math.min(
                                                Trajectory.MOST_VALUES,
                                                row.spectra().count(layer))))
                        .min()
                        .orElseThrow())
                .min()
                .orElseThrow();
        return new Axis(
                true, Math.max(LEAST_PART * greatest, least / 1.5), 1.5 * greatest, top + plotHeight(trajectory), top);
    }

    private static void legend(Svg svg, Trajectory trajectory) {
        double x = Frame.RIGHT;
        for (int index = count(trajectory); index >= 1; index--) {
            svg.text(x, 14, "end", "σ" + subscript(index), "");
            svg.line(x - 30, 10, x - 16, 10, Ink.series(index - 1), " stroke-width=\"2.5\"");
            x -= 42;
        }
    }

    private static String subscript(int index) {
        return Character.toString("₀₁₂₃₄₅₆₇₈₉".charAt(index));
    }

    private static int count(Trajectory trajectory) {
        return layers(trajectory)
                .map(layer -> Math.min(
                        Trajectory.MOST_VALUES,
                        trajectory.rows().get(0).spectra().count(layer)))
                .max()
                .orElseThrow();
    }

    private static int count(Trajectory trajectory, int layer) {
        return Math.min(
                Trajectory.MOST_VALUES, trajectory.rows().get(0).spectra().count(layer));
    }

    private static IntStream layers(Trajectory trajectory) {
        return IntStream.rangeClosed(1, trajectory.depth());
    }

    private static String csv(Trajectory trajectory) {
        return Table.csv(csv -> {
            csv.cells("step", "flow_time");
            forEach(trajectory, (layer, index) -> csv.cell("layer%d_sigma%d".formatted(layer, index)));
            csv.endRow();
            for (Snapshot row : trajectory.rows()) {
                csv.cell(row.step()).cell(row.flowTime());
                forEach(trajectory, (layer, index) -> csv.cell(row.spectra().value(layer, index)));
                csv.endRow();
            }
        });
    }

    /** Layer by layer, the singular values that are drawn. */
    private static void forEach(Trajectory trajectory, BiConsumer<Integer, Integer> value) {
        layers(trajectory)
                .forEach(layer -> IntStream.rangeClosed(1, count(trajectory, layer))
                        .forEach(index -> value.accept(layer, index)));
    }
}
