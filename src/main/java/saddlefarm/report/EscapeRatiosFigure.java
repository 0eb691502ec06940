package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.run.StoredPlateau;
import saddlefarm.theory.NearestEscape;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Theory;

/** σ_1/σ_2 of each layer of the directions in which one run left its plateaus, beside ℓ^{1/4}. */
final class EscapeRatiosFigure {

    /** Greater ratios are arrows. */
    private static final double GREATEST = 1e3;

    private static final int MOST_ESCAPES = 5;
    private static final int BOUND_POINTS = 41;

    /** A direction with σ_1/σ_2 of each layer. */
    private record Direction(String name, String column, Ink ink, String stroke, List<Double> ratios) {}

    private EscapeRatiosFigure() {}

    /** Whether an escape was measured. */
    static boolean isDrawable(Trajectory trajectory) {
        return !measured(trajectory).isEmpty();
    }

    static Figure draw(Trajectory trajectory) {
        String id = trajectory.run().id();
        int depth = trajectory.depth();
        List<Direction> directions = directions(trajectory);
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT, "σ₁/σ₂ of the layers of escapes of run " + id);
        double greatest = directions.stream()
                .flatMap(direction -> direction.ratios().stream())
                .filter(ratio -> ratio <= GREATEST)
                .max(Double::compare)
                .orElse(1.0);
        Axis x = new Axis(false, 0.7, depth + 0.3, Frame.LEFT, Frame.RIGHT);
        Axis y = new Axis(true, 0.9, 1.6 * Math.max(greatest, Math.sqrt(Math.sqrt(depth))), Frame.BOTTOM, Frame.TOP);
        var plot = new Plot(svg, x, y).counting(true, false).frame("layer ℓ", "σ₁/σ₂");
        plot.curve(boundLayers(depth), boundValues(depth), Ink.AXIS, 1.4, Plot.DASHED);
        for (int i = directions.size() - 1; i >= 0; i--) {
            draw(plot, y, directions.get(i)); // what was measured lies above
        }
        legend(svg, directions);
        return new Figure(
                id + ".escape-ratios",
                "σ₁/σ₂ of the escapes",
                ("σ₁/σ₂ of each layer of the directions in which run %s left its plateaus, measured where the loss had"
                                + " dropped by 2%%, of the origin also of the fastest escape direction that was found and of the one nearest to the run's own; dashed, ℓ^(1/4). An arrow is a"
                                + " ratio above %.0f: a layer of rank one.")
                        .formatted(id, GREATEST),
                svg.end(),
                csv(depth, directions));
    }

    private static void draw(Plot plot, Axis y, Direction direction) {
        double[] layers = IntStream.rangeClosed(1, direction.ratios().size())
                .asDoubleStream()
                .toArray();
        if (direction.ratios().stream().anyMatch(ratio -> ratio <= GREATEST)) {
            plot.curve(layers, array(direction.ratios()), direction.ink(), 1.6, direction.stroke());
        }
        double belowTop = y.greatest() / StrictMath.pow(y.greatest() / y.least(), 0.12);
        for (double layer : layers) {
            double ratio = direction.ratios().get((int) layer - 1);
            if (ratio <= GREATEST) {
                plot.dot(layer, ratio, direction.ink());
            } else {
                plot.beyond(layer, belowTop, direction.ink());
            }
        }
    }

    private static List<Direction> directions(Trajectory trajectory) {
        var directions = new ArrayList<Direction>();
        for (StoredPlateau stored : measured(trajectory)) {
            int number = stored.plateau().number();
            Escape escape = stored.escape();
            if (escape != null) {
                directions.add(new Direction(
                        Integer.toString(number),
                        "escape%d_ratio".formatted(number),
                        Ink.series(number),
                        Plot.SOLID,
                        escape.ratios()));
            }
        }
        @Nullable Theory theory = trajectory.theory();
        OptimalEscape optimal = theory == null ? null : theory.optimal().value();
        if (optimal != null && !optimal.ratios().isEmpty()) {
            directions.add(new Direction("fastest", "fastest_ratio", Ink.THEORY, Plot.SOLID, optimal.ratios()));
        }
        NearestEscape nearest = theory == null ? null : theory.nearest().value();
        if (nearest != null) {
            directions.add(new Direction("nearest", "nearest_ratio", Ink.THEORY, Plot.DOTTED, nearest.ratios()));
        }
        return directions;
    }

    private static List<StoredPlateau> measured(Trajectory trajectory) {
        return trajectory.plateaus().stream()
                .filter(stored -> stored.escape() != null)
                .limit(MOST_ESCAPES)
                .toList();
    }

    private static double[] boundLayers(int depth) {
        return IntStream.range(0, BOUND_POINTS)
                .mapToDouble(i -> 1 + (double) i * (depth - 1) / (BOUND_POINTS - 1))
                .toArray();
    }

    private static double[] boundValues(int depth) {
        return DoubleStream.of(boundLayers(depth))
                .map(layer -> Math.sqrt(Math.sqrt(layer)))
                .toArray();
    }

    private static double[] array(List<Double> ratios) {
        return ratios.stream().mapToDouble(ratio -> ratio).toArray();
    }

    private static void legend(Svg svg, List<Direction> directions) {
        double x = Frame.RIGHT;
        for (int i = directions.size() - 1; i >= 0; i--) {
            Direction direction = directions.get(i);
            double width = 6.5 * direction.name().length();
            svg.text(x, 14, "end", direction.name(), "");
            svg.line(
                    x - width - 20,
                    10,
                    x - width - 6,
                    10,
                    direction.ink(),
                    direction.stroke() + " stroke-width=\"2.5\"");
            x -= width + 34;
        }
        svg.text(x, 14, "end", "escape from plateau", "");
    }

    private static String csv(int depth, List<Direction> directions) {
        return Table.csv(csv -> {
            csv.cells("layer", "bound");
            directions.forEach(direction -> csv.cell(direction.column()));
            csv.endRow();
            for (int layer = 1; layer <= depth; layer++) {
                csv.cell((long) layer).cell(Math.sqrt(Math.sqrt(layer)));
                for (Direction direction : directions) {
                    csv.cell(direction.ratios().get(layer - 1));
                }
                csv.endRow();
            }
        });
    }
}
