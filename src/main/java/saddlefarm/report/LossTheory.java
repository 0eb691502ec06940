package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.StoredPlateau;
import saddlefarm.theory.HalfTime;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.Theory;

/** What theory says of the loss of one run, to be drawn over it. */
final class LossTheory {

    private static final double ROOM = 11;

    private final Trajectory trajectory;
    private final @Nullable Ladder ladder;
    private final @Nullable Double earliest;
    private final List<HalfTime> modes;

    LossTheory(Trajectory trajectory) {
        this.trajectory = trajectory;
        Theory theory = trajectory.theory();
        ladder = theory == null ? null : theory.ladder().value();
        Double escape = theory == null ? null : theory.earliestEscape().value();
        earliest = escape == null || escape == 0 ? null : escape;
        List<HalfTime> halfTimes = theory == null ? null : theory.halfTimes().value();
        // The curve needs every mode that lowers the loss.
        boolean whole = ladder != null
                && halfTimes != null
                && halfTimes.size() == ladder.levels().size() - 1;
        modes = whole && halfTimes != null ? halfTimes : List.of();
    }

    /** Draws the levels of the plateaus' ranks, the earliest escape, and the curve of two layers. */
    void draw(Svg svg, Plot plot, Axis x, Axis y, TimeAxis time) {
        if (earliest != null) {
            plot.moment(trajectory.at(earliest, time), Ink.THEORY, Plot.DOTTED + " stroke-width=\"1.6\"");
        }
        double free = Double.POSITIVE_INFINITY;
        for (var level : levels().entrySet()) {
            double value = level.getValue();
            plot.level(value, Ink.THEORY, exact() ? Plot.DASHED : Plot.DOTTED);
            boolean visible = value >= y.least() && value <= y.greatest();
            if (visible && Math.abs(y.at(value) - free) > ROOM) {
                free = y.at(value);
                svg.text(
                        x.to() - 2,
                        y.from() - free < ROOM ? free - 3 : free + 10,
                        "end",
                        "rank " + level.getKey(),
                        Ink.THEORY.fill() + " font-size=\"10\"");
            }
        }
        if (!modes.isEmpty()) {
            plot.curve(
                    trajectory.values(time::of),
                    trajectory.values(this::lossOfModes),
                    Ink.THEORY,
                    1.3,
                    " stroke-dasharray=\"6 3\"");
        }
    }

    /** The words for what is drawn; empty where nothing is. */
    String caption() {
        var parts = new ArrayList<String>();
        if (!levels().isEmpty()) {
            parts.add(exact() ? "dashed, the levels of these ranks" : "dotted across, the least loss of such ranks");
        }
        if (earliest != null) {
            parts.add("dotted upright, the earliest escape");
        }
        if (!modes.isEmpty()) {
            parts.add("the dashed curve, Saxe's modes from the run's own weights");
        }
        return parts.isEmpty() ? "" : "Theory in purple: %s. ".formatted(String.join("; ", parts));
    }

    void addHeader(List<String> header) {
        if (ladder != null) {
            header.add("level");
        }
        if (earliest != null) {
            header.add("earliest_escape");
        }
        if (!modes.isEmpty()) {
            header.add("loss_of_modes");
        }
    }

    void addCells(CsvWriter csv, Snapshot row, @Nullable StoredPlateau plateau) {
        if (ladder != null) {
            csv.cell(
                    plateau == null
                            ? null
                            : (Double) ladder.level(plateau.plateau().rank()));
        }
        if (earliest != null) {
            csv.cell(earliest);
        }
        if (!modes.isEmpty()) {
            csv.cell(lossOfModes(row));
        }
    }

    /** By rank. */
    private SortedMap<Integer, Double> levels() {
        var levels = new TreeMap<Integer, Double>();
        Ladder known = ladder;
        if (known != null) {
            for (StoredPlateau stored : trajectory.plateaus()) {
                levels.put(stored.plateau().rank(), known.level(stored.plateau().rank()));
            }
        }
        return levels;
    }

    private boolean exact() {
        return ladder != null && ladder.exact();
    }

    /**
     * {@code C_min + ½ Σ (s_j − a_j(t))²} with {@code a_j(t) = s_j / (1 + e^{2 s_j (t_j − t)})}, half of s_j at t_j.
     */
    private double lossOfModes(Snapshot row) {
        double loss = ladder == null ? 0 : ladder.level(Integer.MAX_VALUE);
        for (HalfTime mode : modes) {
            double rest = mode.strength() / (1 + StrictMath.exp(2 * mode.strength() * (row.flowTime() - mode.time())));
            loss += rest * rest / 2;
        }
        return loss;
    }
}
