package saddlefarm.report;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;

/** One run in the page: its figures and its saddles. */
final class RunSection {

    private final RunStore store;
    private final Html html;
    private final PageFigures figures;

    RunSection(RunStore store, Html html, PageFigures figures) {
        this.store = store;
        this.html = html;
        this.figures = figures;
    }

    static String id(RunSummary run) {
        return "run-" + run.id();
    }

    void write(RunSummary run, boolean open) throws IOException {
        if (open) {
            html.open("details", "class", "run", "id", id(run), "open", "open");
        } else {
            html.open("details", "class", "run", "id", id(run));
        }
        html.open("summary").element("b", run.id()).text(title(run)).close("summary");
        List<Snapshot> rows = Trajectory.rows(store, run);
        if (Trajectory.isDrawable(rows)) {
            draw(Trajectory.of(store, run, rows));
        } else {
            html.element("p", "It has too few rows to draw.", "class", "note");
        }
        saddles(run, store.plateaus(run.id()));
        html.close("details");
    }

    private static String title(RunSummary run) {
        @Nullable Progress at = run.progress();
        String swept = run.swept().entrySet().stream()
                .map(entry -> ", %s = %s".formatted(entry.getKey(), SweepGroup.text(entry.getValue())))
                .collect(Collectors.joining());
        String end = at == null ? "" : ", loss %s, rank %d".formatted(Rounded.quantity(at.loss()), at.rank());
        return swept + ", " + run.status().label() + end;
    }

    private void draw(Trajectory trajectory) throws IOException {
        html.open("div", "class", "figures");
        figures.showOverTime(time -> LossFigure.draw(trajectory, time));
        figures.showOverTime(time -> SpectraFigure.draw(trajectory, time));
        if (RatioFigure.isDrawable(trajectory)) {
            figures.showOverTime(time -> RatioFigure.draw(trajectory, time));
        }
        html.close("div");
    }

    private void saddles(RunSummary run, List<StoredPlateau> plateaus) throws IOException {
        if (plateaus.isEmpty()) {
            html.element("p", "No plateau yet.", "class", "note");
            return;
        }
        var table = new HtmlTable(
                "Saddles of run " + run.id(),
                List.of(
                        "plateau",
                        "rank",
                        "kind",
                        "loss",
                        "|∇C|",
                        "steps",
                        "flow time",
                        "deepest step",
                        "λ min",
                        "λ max",
                        "ranks of layers"));
        for (StoredPlateau stored : plateaus) {
            Plateau plateau = stored.plateau();
            table.add(List.of(
                    Rounded.count(plateau.number()),
                    Rounded.count(plateau.rank()),
                    plateau.kind().label(),
                    Rounded.quantity(plateau.loss()),
                    Rounded.quantity(plateau.gradientNorm()),
                    span(Rounded.count(plateau.startStep()), Rounded.count(plateau.endStep())),
                    span(Rounded.quantity(plateau.startTime()), Rounded.quantity(plateau.endTime())),
                    Rounded.count(plateau.deepestStep()),
                    Rounded.quantity(plateau.lambdaMin()),
                    Rounded.quantity(plateau.lambdaMax()),
                    plateau.layerRanks().stream().map(String::valueOf).collect(Collectors.joining(" "))));
        }
        table.write(html, "saddles");
    }

    private static String span(String from, String to) {
        return to.isEmpty() ? "from " + from : from + " – " + to;
    }
}
