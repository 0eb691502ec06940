package saddlefarm.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.Compared.Quantity;
import saddlefarm.theory.HalfTime;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.Theory;

/** What theory predicts of runs beside what was measured of them. */
public final class Comparison {

    private Comparison() {}

    /** Everything that can be compared of a stored run, by quantity and index; nothing where its theory is missing. */
    public static List<Compared> of(RunStore store, String run) {
        return store.theory(run)
                .map(theory -> of(theory, store.plateaus(run), reader -> store.snapshots(run, reader)))
                .orElse(List.of());
    }

    /** Passes the rows of a run, in order of step. */
    @FunctionalInterface
    interface Rows {
        void forEach(Consumer<Snapshot> reader);
    }

    static List<Compared> of(Theory theory, List<StoredPlateau> plateaus, Rows rows) {
        var all = new ArrayList<Compared>();
        @Nullable Escape escape = StoredPlateau.escapeFromOrigin(plateaus);
        var optimal = theory.optimal().value();
        if (optimal != null) {
            all.add(new Compared(Quantity.ESCAPE_SPEED, 0, optimal.speed(), escape == null ? null : escape.speed()));
        }
        Double earliest = theory.earliestEscape().value();
        if (earliest != null) {
            all.add(new Compared(Quantity.ESCAPE_TIME, 0, earliest, escape == null ? null : escape.flowTime()));
        }
        Ladder ladder = theory.ladder().value();
        List<HalfTime> halfTimes = theory.halfTimes().value();
        if (ladder != null && halfTimes != null) {
            all.addAll(halfTimes(ladder, halfTimes, rows));
        }
        if (ladder != null) {
            plateaus.forEach(stored -> all.add(new Compared(
                    Quantity.LEVEL,
                    stored.plateau().number(),
                    ladder.level(stored.plateau().rank()),
                    stored.plateau().loss())));
        }
        Double edge = theory.edgeOfStability().value();
        if (edge != null) {
            plateaus.stream()
                    .filter(stored -> stored.plateau().lambdaMax() != null)
                    .forEach(stored -> all.add(new Compared(
                            Quantity.SHARPNESS,
                            stored.plateau().number(),
                            edge,
                            stored.plateau().lambdaMax())));
        }
        return all;
    }

    private static List<Compared> halfTimes(Ladder ladder, List<HalfTime> predicted, Rows rows) {
        var crossings = predicted.stream()
                .map(half -> new Crossing(ladder.level(half.mode()) + half.excess()))
                .toList();
        rows.forEach(row -> crossings.forEach(crossing -> crossing.see(row)));
        var compared = new ArrayList<Compared>();
        for (int i = 0; i < predicted.size(); i++) {
            HalfTime half = predicted.get(i);
            compared.add(new Compared(Quantity.HALF_TIME, half.mode(), half.time(), crossings.get(i).time));
        }
        return compared;
    }

    /** The flow time at which the loss first comes down to a value, on straight lines between rows. */
    private static final class Crossing {

        private final double loss;
        private @Nullable Double time;
        private @Nullable Snapshot before;

        Crossing(double loss) {
            this.loss = loss;
        }

        void see(Snapshot row) {
            if (time == null && row.loss() <= loss) {
                time = before == null
                        ? row.flowTime()
                        : before.flowTime()
                                + (row.flowTime() - before.flowTime())
                                        * (before.loss() - loss)
                                        / (before.loss() - row.loss());
            }
            before = row;
        }
    }
}
