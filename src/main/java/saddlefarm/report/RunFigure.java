package saddlefarm.report;

import java.util.List;
import java.util.stream.Collectors;
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
    private static final double LEAST_SIGMA = 1e-3;

    private final Svg svg;
    private final Trajectory trajectory;
    private final Axis steps;

    private RunFigure(Trajectory trajectory) {
        this.trajectory = trajectory;
        RunSummary run = trajectory.run();
        svg = new Svg(WIDTH, HEIGHT, "Run %s of %s".formatted(run.id(), run.experiment()));
        steps = TimeAxis.STEP.over(trajectory.rows(), LEFT, RIGHT);
    }

    /** @param rows at least two */
    static String draw(
            RunSummary run, List<Snapshot> rows, List<StoredPlateau> plateaus, List<StoredTransition> transitions) {
        var figure = new RunFigure(new Trajectory(run, rows, rows.size(), plateaus, transitions, null));
        figure.title(run);
        figure.loss();
        figure.singularValues();
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

    private void loss() {
        var plot = new Plot(svg, steps, LossAxis.over(trajectory.rows(), LOSS_BOTTOM, LOSS_TOP));
        trajectory.annotate(plot, TimeAxis.STEP);
        plot.frame(null, "loss");
        plot.curve(steps(), trajectory.values(Snapshot::loss), Ink.CURVE, 2, Plot.SOLID);
    }

    private void singularValues() {
        int layer = Math.max(1, trajectory.depth() - 1);
        int count = Math.min(
                Trajectory.MOST_VALUES, trajectory.rows().get(0).spectra().count(layer));
        var plot = new Plot(svg, steps, sigmaAxis(layer, count));
        trajectory.annotate(plot, TimeAxis.STEP);
        plot.frame("step", "singular values, layer " + layer);
        for (int i = count; i >= 1; i--) {
            int index = i;
            plot.curve(
                    steps(),
                    trajectory.values(row -> row.spectra().value(layer, index)),
                    Ink.series(index - 1),
                    1.5,
                    Plot.SOLID);
        }
    }

    private Axis sigmaAxis(int layer, int count) {
        double greatest = trajectory.rows().stream()
                .mapToDouble(row -> row.spectra().value(layer, 1))
                .filter(sigma -> sigma > 0)
                .max()
                .orElse(1);
        double least = trajectory.rows().stream()
                .mapToDouble(row -> row.spectra().value(layer, count))
                .min()
                .orElse(0);
        return new Axis(true, Math.max(LEAST_SIGMA * greatest, least / 1.5), 1.5 * greatest, SIGMA_BOTTOM, SIGMA_TOP);
    }

    private void name(List<StoredPlateau> plateaus) {
        Snapshot last = trajectory.rows().get(trajectory.rows().size() - 1);
        for (StoredPlateau stored : plateaus) {
            double middle = (steps.at(Trajectory.start(stored, TimeAxis.STEP))
                            + steps.at(Trajectory.end(stored, TimeAxis.STEP, last)))
                    / 2;
            svg.text(middle, LOSS_TOP - 8, "middle", "rank " + stored.plateau().rank(), "");
        }
    }

    private double[] steps() {
        return trajectory.values(TimeAxis.STEP::of);
    }
}
