package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import saddlefarm.run.RunStore;

/** What a sweep says beyond its single runs: figures over the swept keys, with the runs of all seeds together. */
final class SweepFigures {

    /** So many settings of further keys have maps of their own, at most. */
    private static final int MOST_GRIDS = 4;

    private SweepFigures() {}

    /**
     * The figures that the swept keys allow; none where no key but seeds is swept.
     *
     * @param name that the figures' names begin with
     * @param outcomes of one experiment's groups
     */
    static List<Figure> of(RunStore store, String name, List<GroupOutcomes> outcomes) {
        var figures = new ArrayList<Figure>();
        if (outcomes.size() < 2) {
            return figures;
        }
        EscapeTimesFigure.draw(store, name, outcomes).ifPresent(figures::add);
        figures.add(FirstEscapesFigure.draw(name, outcomes));
        List<SweepGrid> grids = SweepGrid.of(outcomes);
        for (int i = 0; i < Math.min(MOST_GRIDS, grids.size()); i++) {
            figures.addAll(PhaseMaps.draw(grids.size() == 1 ? name : name + ".grid" + (i + 1), grids.get(i)));
        }
        RankFigure.draw(name, outcomes).ifPresent(figures::add);
        return figures;
    }
}
