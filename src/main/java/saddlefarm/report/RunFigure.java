package saddlefarm.report;

import java.util.List;
import java.util.stream.Collectors;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;

/**
 * One run in two plots over the same steps: above, the loss, with its plateaus shaded and their ranks written in;
 * below, the leading singular values of the last hidden layer (the only one, where there is one).
 */
final class RunFigure {

    private static final double WIDTH = 860;
    private static final double LEFT = 64;
    private static final double RIGHT = WIDTH - 16;
    private static final double LOSS_TOP = 56;
    private static final double LOSS_BOTTOM = 290;
    private static final double SIGMA_TOP = 322;
    private static final double SIGMA_BOTTOM = 500;
    private static final double HEIGHT = 552;
    private static final int MOST_VALUES = 6;
    private static final double LEAST_SIGMA = 1e-3;
    private static final double LEAST_HEIGHT = 0.05;
    private static final String SHADE = "#e8eef7";
    private static final String INK = "#1f4e8c";
    private static final List<String> COLOURS =
            List.of("#1f4e8c", "#c8553d", "#3a7d44", "#8a5a9e", "#b58900", "#7a7a7a");

    private final Svg svg;
    private final List<Snapshot> rows;
    private final Axis steps;

    private RunFigure(RunSummary run, List<Snapshot> rows) {
        this.rows = rows;
        svg = new Svg(WIDTH, HEIGHT, "Run %s of %s".formatted(run.id(), run.experiment()));
        steps = new Axis(false, 0, (double) rows.get(rows.size() - 1).step(), LEFT, RIGHT);
    }

    /** @param rows at least two */
    static String draw(
            RunSummary run, List<Snapshot> rows, List<StoredPlateau> plateaus, List<StoredTransition> transitions) {
        var figure = new RunFigure(run, rows);
        figure.title(run);
        figure.shade(plateaus);
        figure.loss();
        figure.singularValues();
        figure.mark(transitions);
        figure.name(plateaus);
        return figure.svg.end();
    }

    private void title(RunSummary run) {
        String swept = run.swept().entrySet().stream()
                .map(entry -> ", " + entry.getKey() + " = " + entry.getValue())
                .collect(Collectors.joining());
        svg.text(
                LEFT,
                22,
                "start",
                "%s, run %s%s".formatted(run.experiment(), run.id(), swept),
                " font-weight=\"bold\"");
    }

    private void shade(List<StoredPlateau> plateaus) {
        for (StoredPlateau stored : plateaus) {
            double from = x(stored.plateau().startStep());
            double to = end(stored.plateau());
            svg.rectangle(from, LOSS_TOP, to - from, LOSS_BOTTOM - LOSS_TOP, SHADE);
            svg.rectangle(from, SIGMA_TOP, to - from, SIGMA_BOTTOM - SIGMA_TOP, SHADE);
        }
    }

    private void loss() {
        double least = rows.stream()
                .mapToDouble(Snapshot::loss)
                .filter(loss -> loss > 0)
                .min()
                .orElse(1e-10);
        double greatest = rows.stream().mapToDouble(Snapshot::loss).max().orElse(1);
        boolean deep = least < 0.02 * greatest;
        // A loss that hardly moves is drawn level: its last digits are no curve.
        double height = Math.max(greatest - least, LEAST_HEIGHT * greatest);
        Axis axis = new Axis(
                deep,
                deep ? least / 1.3 : Math.max(0, greatest - 1.1 * height),
                deep ? greatest * 1.3 : greatest + 0.08 * height + Double.MIN_NORMAL,
                LOSS_BOTTOM,
                LOSS_TOP);
        frame(axis, LOSS_TOP, LOSS_BOTTOM, "loss");
        svg.path(
                rows.stream()
                        .map(row -> Svg.number(x(row.step())) + "," + Svg.number(axis.at(row.loss())))
                        .collect(Collectors.joining(" ")),
                INK,
                2);
    }

    private void singularValues() {
        int layer = Math.max(1, rows.get(0).spectra().depth() - 1);
        int count = Math.min(MOST_VALUES, rows.get(0).spectra().count(layer));
        double greatest = rows.stream()
                .mapToDouble(row -> row.spectra().value(layer, 1))
                .filter(sigma -> sigma > 0)
                .max()
                .orElse(1);
        double least = rows.stream()
                .mapToDouble(row -> row.spectra().value(layer, count))
                .min()
                .orElse(0);
        Axis axis =
                new Axis(true, Math.max(LEAST_SIGMA * greatest, least / 1.5), 1.5 * greatest, SIGMA_BOTTOM, SIGMA_TOP);
        frame(axis, SIGMA_TOP, SIGMA_BOTTOM, "singular values, layer " + layer);
        for (int i = count; i >= 1; i--) {
            int index = i;
            svg.path(
                    rows.stream()
                            .map(row -> Svg.number(x(row.step())) + ","
                                    + Svg.number(axis.at(row.spectra().value(layer, index))))
                            .collect(Collectors.joining(" ")),
                    COLOURS.get(index - 1),
                    1.5);
        }
        for (Axis.Tick tick : steps.ticks()) {
            double x = steps.at(tick.value());
            svg.line(x, SIGMA_BOTTOM, x, SIGMA_BOTTOM + 4, "#444", "");
            svg.text(x, SIGMA_BOTTOM + 18, "middle", tick.label(), "");
        }
        svg.text((LEFT + RIGHT) / 2, SIGMA_BOTTOM + 38, "middle", "step", "");
    }

    private void frame(Axis axis, double top, double bottom, String name) {
        for (Axis.Tick tick : axis.ticks()) {
            double y = axis.at(tick.value());
            svg.line(LEFT, y, RIGHT, y, "#000", " stroke-opacity=\"0.08\"");
            svg.text(LEFT - 6, y + 4, "end", tick.label(), "");
        }
        svg.line(LEFT, top, LEFT, bottom, "#444", "");
        svg.line(LEFT, bottom, RIGHT, bottom, "#444", "");
        double middle = (top + bottom) / 2;
        svg.text(14, middle, "middle", name, " transform=\"rotate(-90 14 %s)\"".formatted(Svg.number(middle)));
    }

    private void mark(List<StoredTransition> transitions) {
        for (StoredTransition stored : transitions) {
            double x = x(stored.transition().step());
            svg.line(x, LOSS_TOP, x, SIGMA_BOTTOM, "#c8553d", " stroke-dasharray=\"3 3\"");
        }
    }

    private void name(List<StoredPlateau> plateaus) {
        for (StoredPlateau stored : plateaus) {
            double middle = (x(stored.plateau().startStep()) + end(stored.plateau())) / 2;
            svg.text(middle, LOSS_TOP - 8, "middle", "rank " + stored.plateau().rank(), "");
        }
    }

    private double end(Plateau plateau) {
        return plateau.endStep() == null ? RIGHT : x(plateau.endStep());
    }

    private double x(long step) {
        return steps.at((double) step);
    }
}
