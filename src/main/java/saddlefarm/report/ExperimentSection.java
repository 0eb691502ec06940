package saddlefarm.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** An experiment in the page: what was asked, all runs together, and then some of them one by one. */
final class ExperimentSection {

    /** Runs of an experiment with a section of their own, at most: some megabytes. */
    static final int MOST_SECTIONS = 30;

    private static final int MOST_OPEN = 2;
    private static final int COLUMNS = 200;
    private static final int COLUMNS_OF_MANY = 80;
    private static final int MANY = 50;

    private final RunStore store;
    private final Html html;
    private final PageFigures figures;
    private final int number;
    private final String experiment;

    /** @param number of the experiment in the page, from 1 */
    ExperimentSection(RunStore store, Html html, PageFigures figures, int number, String experiment) {
        this.store = store;
        this.html = html;
        this.figures = figures;
        this.number = number;
        this.experiment = experiment;
    }

    void write(List<RunSummary> runs, Export.Progress progress) throws IOException {
        var settings = new ExperimentSettings(store, runs);
        List<SweepGroup> groups = settings.groups();
        List<RunSummary> chosen = chosen(settings, groups);
        asked(settings);
        Map<String, Outcome> outcomes = outcomes(settings);
        together(groups, outcomes, progress);
        plateaus(runs);
        table(settings, chosen, outcomes);
        oneByOne(settings, chosen);
    }

    /** By id of the run, where it has one. */
    private Map<String, Outcome> outcomes(ExperimentSettings settings) {
        var outcomes = new HashMap<String, Outcome>();
        for (RunSummary run : settings.runs()) {
            Outcome.of(store, run, settings.of(run).seeds()).ifPresent(outcome -> outcomes.put(run.id(), outcome));
        }
        return outcomes;
    }

    private void asked(ExperimentSettings settings) throws IOException {
        values("Swept: ", settings.swept(), settings);
        values("Not swept, but not the same in all runs: ", settings.unswept(), settings);
        html.open("details", "class", "asked").element("summary", "What was asked");
        html.open("dl");
        for (var entry : settings.all().entrySet()) {
            html.open("div").element("dt", entry.getKey());
            html.element("dd", String.join(", ", entry.getValue())).close("div");
        }
        html.close("dl").close("details");
    }

    private void values(String title, List<String> keys, ExperimentSettings settings) throws IOException {
        if (keys.isEmpty()) {
            return;
        }
        html.open("p").text(title);
        for (String key : keys) {
            html.element("code", key);
            html.text(" over " + settings.valuesOf(key) + (key.equals(keys.get(keys.size() - 1)) ? "." : "; "));
        }
        html.close("p");
    }

    /** Figures of all runs. */
    private void together(List<SweepGroup> groups, Map<String, Outcome> outcomes, Export.Progress progress)
            throws IOException {
        List<LossesFigure.Bundle> bundles = bundles(groups, progress);
        if (bundles.stream().mapToInt(bundle -> bundle.curves().size()).sum() < 2) {
            return;
        }
        html.element("h3", "All runs").open("div", "class", "figures");
        figures.showOverTime(time -> LossesFigure.draw(name(), bundles, time));
        if (MedianLossFigure.isDrawable(bundles)) {
            figures.show(MedianLossFigure.draw(name(), bundles));
        }
        for (Figure figure : SweepFigures.of(store, name(), GroupOutcomes.of(outcomes, groups))) {
            figures.show(figure);
        }
        html.close("div");
    }

    private List<LossesFigure.Bundle> bundles(List<SweepGroup> groups, Export.Progress progress) {
        int count = groups.stream().mapToInt(group -> group.runs().size()).sum();
        var bundles = new ArrayList<LossesFigure.Bundle>();
        int done = 0;
        for (SweepGroup group : groups) {
            var curves = new ArrayList<LossesFigure.Curve>();
            for (RunSummary run : group.runs()) {
                List<Snapshot> rows = Trajectory.rows(store, run);
                if (Trajectory.isDrawable(rows)) {
                    curves.add(new LossesFigure.Curve(
                            run.id(),
                            run.status() == RunStatus.COMPLETED,
                            Thinning.ofLoss(rows, count > MANY ? COLUMNS_OF_MANY : COLUMNS)));
                }
                progress.exported(++done);
            }
            if (!curves.isEmpty()) {
                bundles.add(new LossesFigure.Bundle(group, curves));
            }
        }
        return bundles;
    }

    private void plateaus(List<RunSummary> runs) throws IOException {
        List<PlateauSummary> summaries = PlateauSummary.of(store, runs);
        if (runs.size() < 2 || summaries.isEmpty()) {
            return;
        }
        html.element("h3", "Plateaus over all runs");
        var table = new HtmlTable(
                "Plateaus of " + experiment,
                List.of("plateau", "in runs", "ranks", "median loss", "least loss", "greatest loss"));
        for (PlateauSummary summary : summaries) {
            table.add(List.of(
                    Rounded.count(summary.number()),
                    "%d of %d".formatted(summary.runs(), runs.size()),
                    summary.ranksText(),
                    Rounded.quantity(summary.medianLoss()),
                    Rounded.quantity(summary.leastLoss()),
                    Rounded.quantity(summary.greatestLoss())));
        }
        table.write(html, "plateaus");
    }

    private void table(ExperimentSettings settings, List<RunSummary> chosen, Map<String, Outcome> outcomes)
            throws IOException {
        List<RunSummary> runs = settings.runs();
        List<String> keys = settings.keys();
        boolean causes = runs.stream().anyMatch(run -> run.cause() != null);
        var header = new ArrayList<>(List.of("run"));
        header.addAll(keys);
        header.addAll(List.of("status", "steps", "flow time", "loss", "rank", "plateaus", "first escape"));
        if (causes) {
            header.add("cause");
        }
        var table = new HtmlTable("Runs of " + experiment, header);
        Set<RunSummary> linked = Set.copyOf(chosen);
        for (RunSummary run : runs) {
            @Nullable Progress at = run.progress();
            var row = new ArrayList<HtmlTable.Cell>();
            row.add(new HtmlTable.Cell(run.id(), linked.contains(run) ? "#" + RunSection.id(run) : null));
            keys.forEach(key -> row.add(cell(SweepGroup.text(settings.of(run).value(key)))));
            row.add(cell(run.status().label()));
            row.add(cell(at == null ? "" : Rounded.count(at.step())));
            row.add(cell(at == null ? "" : Rounded.quantity(at.flowTime())));
            row.add(cell(at == null ? "" : Rounded.quantity(at.loss())));
            row.add(cell(at == null ? "" : Rounded.count(at.rank())));
            row.add(cell(at == null ? "" : Rounded.count(at.plateaus())));
            row.add(cell(firstEscape(outcomes.get(run.id()))));
            if (causes) {
                row.add(cell(run.cause() == null ? "" : run.cause()));
            }
            table.addCells(row);
        }
        html.element("h3", "Runs");
        table.write(html, "runs");
    }

    /** As in the figures; empty where it was not observed. */
    private static String firstEscape(@Nullable Outcome outcome) {
        return outcome != null && outcome.escape().happened()
                ? Rounded.quantity(outcome.escape().time())
                : "";
    }

    private static HtmlTable.Cell cell(String text) {
        return new HtmlTable.Cell(text, null);
    }

    private void oneByOne(ExperimentSettings settings, List<RunSummary> chosen) throws IOException {
        List<RunSummary> runs = settings.runs();
        html.element("h3", runs.size() == 1 ? "The run" : "Run by run");
        if (chosen.size() < runs.size()) {
            html.open("p", "class", "note")
                    .text("%d of %d runs are shown here, of each setting the first seeds. Of any other:"
                            .formatted(chosen.size(), runs.size()))
                    .markup(" ")
                    .element("code", "saddlefarm report --to run.html --run RUN")
                    .close("p");
        }
        for (RunSummary run : chosen) {
            new RunSection(store, html, figures, settings).write(run, runs.size() <= MOST_OPEN);
        }
    }

    /**
     * Of each group the first run, then of each the second, and so on, until there are enough; in order of the table.
     */
    private static List<RunSummary> chosen(ExperimentSettings settings, List<SweepGroup> groups) {
        var chosen = new LinkedHashSet<RunSummary>();
        int longest =
                groups.stream().mapToInt(group -> group.runs().size()).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (SweepGroup group : groups) {
                if (i < group.runs().size() && chosen.size() < MOST_SECTIONS) {
                    chosen.add(group.runs().get(i));
                }
            }
        }
        return settings.runs().stream().filter(chosen::contains).toList();
    }

    /** For figures: the experiment's name in the letters of file names, and its number, which no other has. */
    private String name() {
        String letters = experiment
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        return letters.isEmpty()
                ? "experiment-" + number
                : number + "-" + letters.substring(0, Math.min(40, letters.length()));
    }
}
