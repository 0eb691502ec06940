package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import saddlefarm.run.RunStore;

/** What a sweep says beyond its single runs: figures over the swept keys, with the runs of all seeds together. */
final class SweepFigures {

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
        SweepGrid.of(outcomes).ifPresent(grid -> figures.addAll(PhaseMaps.draw(name, grid)));
        RankFigure.draw(name, outcomes).ifPresent(figures::add);
        return figures;
    }
}
