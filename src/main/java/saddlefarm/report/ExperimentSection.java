package saddlefarm.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.Specification;
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
        List<SweepGroup> groups = SweepGroup.of(runs);
        List<RunSummary> chosen = chosen(groups);
        asked(runs);
        Map<String, Outcome> outcomes = outcomes(runs);
        together(groups, outcomes, progress);
        plateaus(runs);
        table(runs, chosen, outcomes);
        oneByOne(runs, chosen);
    }

    /** By id of the run, where it has one. */
    private Map<String, Outcome> outcomes(List<RunSummary> runs) {
        var outcomes = new HashMap<String, Outcome>();
        for (RunSummary run : runs) {
            Outcome.of(store, run).ifPresent(outcome -> outcomes.put(run.id(), outcome));
        }
        return outcomes;
    }

    private void asked(List<RunSummary> runs) throws IOException {
        Map<String, Set<String>> values = new TreeMap<>();
        for (RunSummary run : runs) {
            Specification.entries(store.specification(run.id()).orElseThrow())
                    .forEach((key, value) -> values.computeIfAbsent(key, k -> new TreeSet<>(SweepGroup.BY_VALUE))
                            .add(value));
        }
        List<String> swept = SweepGroup.keys(runs);
        if (!swept.isEmpty()) {
            html.open("p").text("Swept: ");
            for (String key : swept) {
                html.element("code", key);
                html.text(" over " + SweepGroup.valuesOf(key, runs)
                        + (key.equals(swept.get(swept.size() - 1)) ? "." : "; "));
            }
            html.close("p");
        }
        html.open("details", "class", "asked").element("summary", "What was asked");
        html.open("dl");
        for (var entry : values.entrySet()) {
            html.open("div").element("dt", entry.getKey());
            html.element("dd", String.join(", ", entry.getValue())).close("div");
        }
        html.close("dl").close("details");
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

    private void table(List<RunSummary> runs, List<RunSummary> chosen, Map<String, Outcome> outcomes)
            throws IOException {
        List<String> swept = SweepGroup.keys(runs);
        boolean causes = runs.stream().anyMatch(run -> run.cause() != null);
        var header = new ArrayList<>(List.of("run"));
        header.addAll(swept);
        header.addAll(List.of("status", "steps", "flow time", "loss", "rank", "plateaus", "first escape"));
        if (causes) {
            header.add("cause");
        }
        var table = new HtmlTable("Runs of " + experiment, header);
        Set<RunSummary> linked = Set.copyOf(chosen);
        for (RunSummary run : SweepGroup.ordered(runs)) {
            @Nullable Progress at = run.progress();
            var row = new ArrayList<HtmlTable.Cell>();
            row.add(new HtmlTable.Cell(run.id(), linked.contains(run) ? "#" + RunSection.id(run) : null));
            swept.forEach(key -> row.add(cell(SweepGroup.text(run.swept().getOrDefault(key, "")))));
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

    private void oneByOne(List<RunSummary> runs, List<RunSummary> chosen) throws IOException {
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
            new RunSection(store, html, figures).write(run, runs.size() <= MOST_OPEN);
        }
    }

    /**
     * Of each group the first run, then of each the second, and so on, until there are enough; in order of the table.
     */
    private static List<RunSummary> chosen(List<SweepGroup> groups) {
        var chosen = new ArrayList<RunSummary>();
        int longest =
                groups.stream().mapToInt(group -> group.runs().size()).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (SweepGroup group : groups) {
                if (i < group.runs().size() && chosen.size() < MOST_SECTIONS) {
                    chosen.add(group.runs().get(i));
                }
            }
        }
        return SweepGroup.ordered(chosen);
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
