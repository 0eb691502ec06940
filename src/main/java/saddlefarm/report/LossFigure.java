package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.StoredPlateau;

/** The loss of one run, its plateaus shaded with their ranks above, its transitions marked. */
final class LossFigure {

    private static final double ROOM_FOR_RANK = 13;

    private LossFigure() {}

    static Figure draw(Trajectory trajectory, TimeAxis time) {
        String id = trajectory.run().id();
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT, "Loss of run " + id);
        Axis x = time.over(trajectory.rows(), Frame.LEFT, Frame.RIGHT);
        Axis y = LossAxis.over(trajectory.rows(), Frame.BOTTOM, Frame.TOP);
        var plot = new Plot(svg, x, y);
        trajectory.annotate(plot, time);
        plot.frame(time.title(), "loss C");
        plot.curve(trajectory.values(time::of), trajectory.values(Snapshot::loss), Ink.CURVE, 1.8, Plot.SOLID);
        var theory = new LossTheory(trajectory);
        theory.draw(svg, plot, x, y, time);
        nameRanks(svg, x, trajectory, time);
        return new Figure(
                "%s.loss.%s".formatted(id, time.key()),
                "Loss",
                "Loss of run %s. Shaded: plateaus, with the run's rank above. Dashed upright: transitions. %s%s"
                        .formatted(id, theory.caption(), trajectory.drawn()),
                svg.end(),
                csv(trajectory, theory));
    }

    /** Ranks over their plateaus, of those that are too narrow for a number only some. */
    static void nameRanks(Svg svg, Axis x, Trajectory trajectory, TimeAxis time) {
        if (trajectory.plateaus().isEmpty()) {
            return;
        }
        Snapshot last = trajectory.rows().get(trajectory.rows().size() - 1);
        double y = Frame.TOP - 8;
        svg.text(x.from() - 6, y, "end", "rank", Ink.AXIS.fill());
        double free = x.from();
        for (StoredPlateau stored : trajectory.plateaus()) {
            double middle = (x.at(Trajectory.start(stored, time)) + x.at(Trajectory.end(stored, time, last))) / 2;
            if (middle >= free) {
                svg.text(middle, y, "middle", Integer.toString(stored.plateau().rank()), "");
                free = middle + ROOM_FOR_RANK;
            }
        }
    }

    private static String csv(Trajectory trajectory, LossTheory theory) {
        var header = new ArrayList<>(List.of("step", "flow_time", "loss", "gradient_norm", "rank", "plateau"));
        theory.addHeader(header);
        return Table.csv(csv -> {
            csv.cells(header.toArray(String[]::new)).endRow();
            for (Snapshot row : trajectory.rows()) {
                @Nullable
                StoredPlateau plateau = trajectory.plateauAt(row.step()).orElse(null);
                csv.cell(row.step())
                        .cell(row.flowTime())
                        .cell(row.loss())
                        .cell(row.gradientNorm())
                        .cell(Integer.valueOf(row.rank()))
                        .cell(
                                plateau == null
                                        ? null
                                        : (Integer) plateau.plateau().number());
                theory.addCells(csv, row, plateau);
                csv.endRow();
            }
        });
    }
}
