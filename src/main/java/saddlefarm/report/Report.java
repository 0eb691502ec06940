package saddlefarm.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/**
 * One page of plots about runs, complete in itself: figures, numbers and style are in the file, and nothing is loaded
 * from elsewhere. The same runs give the same bytes.
 */
public final class Report {

    private Report() {}

    /**
     * Writes the page, and its figures as files where they are wanted.
     *
     * @param runs at least one
     * @param to the page, in a directory that exists
     * @param figures a directory that exists; null for none
     * @param progress told how many runs are done
     */
    public static void write(
            RunStore store, List<RunSummary> runs, Path to, @Nullable Path figures, Export.Progress progress)
            throws IOException {
        AtomicFile.write(to, out -> {
            var html = new Html(out);
            Map<String, List<RunSummary>> experiments = runs.stream()
                    .collect(Collectors.groupingBy(RunSummary::experiment, TreeMap::new, Collectors.toList()));
            begin(html, experiments);
            int done = 0;
            int number = 0;
            for (var experiment : experiments.entrySet()) {
                int before = done;
                html.open("section", "id", id(++number));
                if (experiments.size() > 1) {
                    html.element("h2", experiment.getKey()).element("p", counts(experiment.getValue()));
                }
                new ExperimentSection(store, html, new PageFigures(html, figures), number, experiment.getKey())
                        .write(experiment.getValue(), runsDone -> progress.exported(before + runsDone));
                html.close("section");
                done += experiment.getValue().size();
            }
            end(html);
        });
    }

    private static void begin(Html html, Map<String, List<RunSummary>> experiments) throws IOException {
        String title =
                experiments.size() == 1 ? experiments.keySet().iterator().next() : experiments.size() + " experiments";
        html.markup("<!DOCTYPE html>\n");
        html.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        html.open("head").empty("meta", "charset", "utf-8");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.empty("meta", "name", "color-scheme", "content", "light dark");
        html.element("title", title + ", a report of Saddlefarm");
        html.open("style").markup(Stylesheet.text()).close("style");
        html.close("head").open("body");
        html.open("header");
        html.element("p", "Saddlefarm report", "class", "kicker").element("h1", title);
        html.element(
                "p", counts(experiments.values().stream().flatMap(List::stream).toList()));
        html.close("header");
        timeAxes(html);
        if (experiments.size() > 1) {
            contents(html, experiments);
        }
        html.open("main");
    }

    /** Which of the three drawings of a figure is shown is up to the style sheet, so it needs no script. */
    private static void timeAxes(Html html) throws IOException {
        html.open("fieldset", "class", "axes").element("legend", "Runs over");
        for (TimeAxis time : TimeAxis.values()) {
            String id = "over-" + time.key();
            html.open("label", "for", id);
            if (time == TimeAxis.STEP) {
                html.empty("input", "type", "radio", "name", "over", "id", id, "checked", "checked");
            } else {
                html.empty("input", "type", "radio", "name", "over", "id", id);
            }
            html.text(time.choice()).close("label");
        }
        html.close("fieldset");
    }

    private static void contents(Html html, Map<String, List<RunSummary>> experiments) throws IOException {
        html.open("nav", "aria-label", "Experiments").open("ol");
        int number = 0;
        for (var experiment : experiments.entrySet()) {
            html.open("li").element("a", experiment.getKey(), "href", "#" + id(++number));
            html.text(", " + counts(experiment.getValue())).close("li");
        }
        html.close("ol").close("nav");
    }

    private static void end(Html html) throws IOException {
        html.close("main");
        html.open("footer").open("p");
        html.text(
                "Every figure is there as SVG, light on white, and with the numbers behind it as CSV. All rows of all runs:");
        html.markup(" ").element("code", "saddlefarm export").close("p").close("footer");
        html.open("script").markup(resource("page.js")).close("script");
        html.close("body").close("html");
    }

    private static String id(int number) {
        return "experiment-" + number;
    }

    /** Such as {@code 24 runs: 20 completed, 4 diverged}. */
    private static String counts(List<RunSummary> runs) {
        var byStatus =
                runs.stream().collect(Collectors.groupingBy(RunSummary::status, TreeMap::new, Collectors.counting()));
        return byStatus.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().label())
                .collect(Collectors.joining(", ", runs.size() == 1 ? "1 run: " : runs.size() + " runs: ", ""));
    }

    static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Report.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
