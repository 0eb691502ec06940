package saddlefarm.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.Compared;
import saddlefarm.run.Comparison;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;

/** One run in the page: its figures and its saddles. */
final class RunSection {

    private static final List<String> PLATEAU = List.of(
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
            "ranks of layers");

    private final RunStore store;
    private final Html html;
    private final PageFigures figures;
    private final ExperimentSettings settings;

    /** @param settings of all runs of the experiment */
    RunSection(RunStore store, Html html, PageFigures figures, ExperimentSettings settings) {
        this.store = store;
        this.html = html;
        this.figures = figures;
        this.settings = settings;
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
        List<StoredPlateau> plateaus = store.plateaus(run.id());
        List<Compared> compared = Comparison.of(store, run.id());
        plateaus(run, plateaus, levels(compared));
        listing("Saddles", run, AnatomyListings.saddles(plateaus));
        listing("Escapes, where the loss had dropped by 2%", run, AnatomyListings.escapes(plateaus));
        theory(run, compared);
        html.close("details");
    }

    private String title(RunSummary run) {
        @Nullable Progress at = run.progress();
        String asked = settings.keys().stream()
                .filter(key -> !settings.of(run).value(key).isEmpty())
                .map(key -> ", %s = %s"
                        .formatted(key, SweepGroup.text(settings.of(run).value(key))))
                .collect(Collectors.joining());
        String end = at == null ? "" : ", loss %s, rank %d".formatted(Rounded.quantity(at.loss()), at.rank());
        return asked + ", " + run.status().label() + end;
    }

    private void draw(Trajectory trajectory) throws IOException {
        html.open("div", "class", "figures");
        figures.showOverTime(time -> LossFigure.draw(trajectory, time));
        figures.showOverTime(time -> SpectraFigure.draw(trajectory, time));
        if (RatioFigure.isDrawable(trajectory)) {
            figures.showOverTime(time -> RatioFigure.draw(trajectory, time));
        }
        if (EscapeRatiosFigure.isDrawable(trajectory)) {
            figures.show(EscapeRatiosFigure.draw(trajectory));
        }
        html.close("div");
    }

    private static Map<Integer, Compared> levels(List<Compared> compared) {
        return compared.stream()
                .filter(one -> one.quantity() == Compared.Quantity.LEVEL)
                .collect(Collectors.toMap(Compared::index, one -> one));
    }

    /** @param levels of the ladder by number of plateau; none where there is no ladder */
    private void plateaus(RunSummary run, List<StoredPlateau> plateaus, Map<Integer, Compared> levels)
            throws IOException {
        if (plateaus.isEmpty()) {
            html.element("p", "No plateau yet.", "class", "note");
            return;
        }
        var header = new ArrayList<>(PLATEAU);
        if (!levels.isEmpty()) {
            header.addAll(List.of("level", "measured/predicted"));
        }
        var rows = new ArrayList<List<String>>();
        for (StoredPlateau stored : plateaus) {
            var row = new ArrayList<>(cells(stored.plateau()));
            @Nullable Compared level = levels.get(stored.plateau().number());
            if (level != null) {
                row.addAll(List.of(Rounded.quantity(level.predicted()), Rounded.quantity(level.ratio())));
            }
            rows.add(row);
        }
        listing("Plateaus", run, new Listing(header, rows));
    }

    private static List<String> cells(Plateau plateau) {
        return List.of(
                Rounded.count(plateau.number()),
                Rounded.count(plateau.rank()),
                plateau.kind().label(),
                Rounded.quantity(plateau.loss()),
                Rounded.quantity(plateau.gradientNorm()),
                span(Rounded.count(plateau.startStep()), Rounded.count(plateau.endStep())),
                span(time(plateau.startTime()), time(plateau.endTime())),
                Rounded.count(plateau.deepestStep()),
                Rounded.quantity(plateau.lambdaMin()),
                Rounded.quantity(plateau.lambdaMax()),
                plateau.layerRanks().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    private void theory(RunSummary run, List<Compared> compared) throws IOException {
        html.element("h4", "Theory beside measurement").open("ul");
        for (String sentence : TheorySentences.of(store.theory(run.id()).orElse(null), compared)) {
            html.element("li", sentence);
        }
        html.close("ul");
        listing("Half-times", run, TheorySentences.halfTimes(compared));
    }

    /** A table under its title; nothing where it has no rows. */
    private void listing(String title, RunSummary run, Listing listing) throws IOException {
        if (!listing.rows().isEmpty()) {
            html.element("h4", title);
            HtmlTable.of("%s of run %s".formatted(title, run.id()), listing).write(html, "saddles");
        }
    }

    private static String time(@Nullable Double flowTime) {
        return flowTime == null ? "" : Rounded.brief(flowTime);
    }

    private static String span(String from, String to) {
        return to.isEmpty() ? "from " + from : from + " – " + to;
    }
}
