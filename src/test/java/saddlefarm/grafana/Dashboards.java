package saddlefarm.grafana;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The source of the dashboards: what each shows, and in what order. {@link DashboardsTest} writes the files.
 *
 * <p>Texts in expressions are in single quotes here, for Java's sake, and in double quotes in the files, for which
 * Grafana escapes what users choose.
 */
final class Dashboards {

    private static final String SWEPT_VALUES =
            " * on (run) group_left ($swept) max by (run, $swept) (saddlefarm_run_info{experiment='$experiment'})";

    /** Those with most transitions by the end of the time range: the same runs at each moment of it. */
    private static final String FEW_RUNS = " and on (run) topk($few,"
            + " max by (run) (max_over_time(saddlefarm_run_rank_transitions_total[$__range] @ end()))"
            + " and on (run) last_over_time(saddlefarm_run_info{experiment='$experiment'}[$__range] @ end()))";

    private static final String OF_EXPERIMENT = " and on (run) saddlefarm_run_info{experiment='$experiment'}";

    private static final Path DIRECTORY = Path.of("grafana", "dashboards");

    private Dashboards() {}

    /** What each file of the dashboards has to be. */
    static SortedMap<Path, String> files() {
        var files = new TreeMap<Path, String>();
        files.put(DIRECTORY.resolve("farm.json"), text(farm()));
        files.put(DIRECTORY.resolve("run.json"), text(run()));
        files.put(DIRECTORY.resolve("saddles.json"), text(saddles()));
        return files;
    }

    private static Dashboard farm() {
        return new Dashboard("saddlefarm-farm", "Farm", "What the farm's runs do, and how the farm fares.")
                .with(experiment())
                .with(swept())
                .row(
                        "Overview",
                        runs("Training", "running", "Runs that train by turns."),
                        Panel.stat("On a plateau", 4, "none", "Runs that have begun and are on a plateau now.")
                                .queryNow("sum(saddlefarm_run_plateau and saddlefarm_run_loss) or vector(0)"),
                        runs("Waiting", "queued", "Runs that wait for room or for their turn to begin."),
                        runs(
                                "Completed",
                                "completed",
                                "Runs that have ended since the farm's start, as they were asked to."),
                        runs("Diverged", "diverged", "Runs whose loss, gradient or weights were not finite any more."),
                        runs("Failed", "failed", "Runs that were given up after an error; the farm's log tells which."),
                        Panel.graph("Ranks", 8, "none", "How many runs of the experiment are at each rank.")
                                .query(ranks(), "rank {{rank}}")
                                .stacked()
                                .steps(),
                        Panel.graph(
                                        "Loss by $swept",
                                        8,
                                        "sci",
                                        "Median loss of the experiment's runs, for each value of the chosen swept key.")
                                .query(medianBySwept("saddlefarm_run_loss"), "{{$swept}}")
                                .log(),
                        Panel.states(
                                        "Alerts",
                                        8,
                                        "none",
                                        "What Prometheus warns of; grafana/RUNBOOK.md says what to do.")
                                .query(
                                        "max by (alertname) (ALERTS{alertname=~'Saddlefarm.*',alertstate='firing'})",
                                        "{{alertname}}")
                                .meaning(1, "firing", "orange"))
                .row(
                        "Work",
                        Panel.graph("Steps", 8, "cps", "Steps of all runs together.")
                                .query(
                                        "sum by (instance) (rate(saddlefarm_farm_steps_total[$__rate_interval]))",
                                        "{{instance}}"),
                        Panel.graph("Snapshots", 8, "cps", "Rows and probes of all runs that were analyzed.")
                                .query(
                                        "sum by (instance) (rate(saddlefarm_farm_snapshots_total[$__rate_interval]))",
                                        "{{instance}}"),
                        Panel.graph(
                                        "Slices of training",
                                        8,
                                        "s",
                                        "Time until a run that trains lets the next one: farm.slice, and the rest of a step.")
                                .query(quantile(0.5, "saddlefarm_slice_seconds"), "half of them")
                                .query(quantile(0.99, "saddlefarm_slice_seconds"), "99 of 100"),
                        Panel.graph("Commits", 8, "cps", "Commits to the store; runs that come together are in one.")
                                .query(
                                        "sum by (instance) (rate(saddlefarm_commit_seconds_count[$__rate_interval]))",
                                        "{{instance}}"),
                        Panel.graph("Time of a commit", 8, "s", "How long the store takes for a commit.")
                                .query(quantile(0.5, "saddlefarm_commit_seconds"), "half of them")
                                .query("max(instance:saddlefarm_commit_seconds:p90_5m)", "9 of 10, over 5 minutes"),
                        Panel.graph("Commits that failed", 8, "none", "Commits that the store did not take.")
                                .query(
                                        "sum by (instance) (increase(saddlefarm_farm_commits_failed_total[$__rate_interval]))",
                                        "{{instance}}"))
                .row(
                        "Scrapes",
                        Panel.graph("Series", 8, "short", "Samples that a scrape of the farm has.")
                                .query("scrape_samples_scraped{job='saddlefarm'}", "{{instance}}"),
                        Panel.graph(
                                        "Series left out",
                                        8,
                                        "short",
                                        "Singular values beyond http.metrics-series, which a scrape does not have.")
                                .query("saddlefarm_farm_series_dropped", "{{instance}}"),
                        Panel.graph("Time of a scrape", 8, "s", "How long the farm takes to answer Prometheus.")
                                .query("scrape_duration_seconds{job='saddlefarm'}", "{{instance}}"))
                .row(
                        "Process",
                        Panel.graph("Heap", 8, "bytes", "The JVM's heap.")
                                .query("sum by (instance) (jvm_memory_used_bytes{area='heap'})", "{{instance}} used")
                                .query(
                                        "sum by (instance) (jvm_memory_committed_bytes{area='heap'})",
                                        "{{instance}} taken"),
                        Panel.graph("Processors", 8, "percentunit", "Part of the machine's processors that are busy.")
                                .query("process_cpu_usage", "{{instance}} farm")
                                .query("system_cpu_usage", "{{instance}} machine"),
                        Panel.graph("Garbage collection", 8, "percentunit", "Part of the time in which the JVM pauses.")
                                .query(
                                        "sum by (instance) (rate(jvm_gc_pause_seconds_sum[$__rate_interval]))",
                                        "{{instance}}"));
    }

    private static Panel runs(String title, String status, String description) {
        return Panel.stat(title, 4, "none", description)
                .queryNow("sum(saddlefarm_farm_runs{status='%s'})".formatted(status));
    }

    private static Dashboard run() {
        return new Dashboard("saddlefarm-run", "Run", "A few runs of an experiment in all that is known of them.")
                .with(experiment())
                .with(Variable.query(
                                "run",
                                "Runs",
                                "label_values(saddlefarm_run_info{experiment='$experiment'}, run)",
                                Variable.Order.BY_LETTER)
                        .several())
                .with(layers("label_values(saddlefarm_layer_rank{run=~'$run'}, layer)"))
                .marking(
                        "Transition",
                        "changes(saddlefarm_run_rank_transitions_total{run=~'$run'}[$__rate_interval]) > 0",
                        "{{run}}")
                .row(
                        "Runs",
                        Panel.table("Swept values", 24, "none", "The values of the keys that the experiment sweeps.")
                                .queryNow("last_over_time(saddlefarm_run_info{run=~'$run'}[$__range])")
                                .ofRunsByLine(),
                        ofRun("Loss", 12, "sci", "saddlefarm_run_loss", "The loss C at the last snapshot.")
                                .log(),
                        ofRun("Rank", 12, "none", "saddlefarm_run_rank", "The network's rank at the last snapshot.")
                                .steps(),
                        Panel.states(
                                        "Plateaus",
                                        12,
                                        "none",
                                        "Whether a run lingers at a saddle or a minimum, or moves from one to the next.")
                                .query("saddlefarm_run_plateau{run=~'$run'}", "{{run}}")
                                .ofRuns()
                                .meaning(0, "escaping", "orange")
                                .meaning(1, "plateau", "blue"),
                        ofRun(
                                        "Transitions",
                                        12,
                                        "none",
                                        "saddlefarm_run_rank_transitions_total",
                                        "Confirmed escapes from plateaus.")
                                .steps(),
                        ofRun(
                                        "Norm of the gradient",
                                        8,
                                        "sci",
                                        "saddlefarm_run_gradient_norm",
                                        "|∇C| at the last snapshot.")
                                .log(),
                        ofRun("Steps", 8, "short", "saddlefarm_run_steps", "Steps taken."),
                        ofRun(
                                "Flow time",
                                8,
                                "short",
                                "saddlefarm_run_flow_time",
                                "The sum of the lengths of all steps: of learning rates, by gradient descent."),
                        ofRun(
                                "Greatest eigenvalue of the Hessian",
                                12,
                                "sci",
                                "saddlefarm_run_sharpness",
                                "The sharpness, where it was last computed: on a plateau that is not the origin."),
                        ofRun(
                                "Least eigenvalue of the Hessian",
                                12,
                                "sci",
                                "saddlefarm_run_lambda_min",
                                "Below 0 at a saddle; where it was last computed."))
                .rowForEach(
                        "layer",
                        "Layer $layer",
                        Panel.graph(
                                        "Singular values",
                                        12,
                                        "sci",
                                        "The leading singular values of the layer's weights: one more rises at every escape.")
                                .query(
                                        "saddlefarm_layer_singular_value{run=~'$run',layer=~'$layer'}",
                                        "{{run}} σ{{index}}")
                                .ofRuns()
                                .log(),
                        Panel.graph(
                                        "σ₁/σ₂",
                                        8,
                                        "none",
                                        "On the way out of the origin theory has at least ℓ^¼ in layer ℓ, for an optimal"
                                                + " escape direction.")
                                .query("saddlefarm_layer_singular_ratio{run=~'$run',layer=~'$layer'}", "{{run}}")
                                .query("vector($layer^0.25)", "ℓ^¼")
                                .ofRuns()
                                .log(),
                        Panel.graph("Rank", 4, "none", "The rank of the layer's weights.")
                                .query("saddlefarm_layer_rank{run=~'$run',layer=~'$layer'}", "{{run}}")
                                .ofRuns()
                                .steps());
    }

    private static Panel ofRun(String title, int width, String unit, String metric, String description) {
        return Panel.graph(title, width, unit, description)
                .query(metric + "{run=~'$run'}", "{{run}}")
                .ofRuns();
    }

    private static Dashboard saddles() {
        return new Dashboard(
                        "saddlefarm-saddles",
                        "Saddles",
                        "The saddles of an experiment's runs, measured against theory.")
                .with(experiment())
                .with(swept())
                .with(Variable.choice("few", "Runs that went furthest", "5", "10", "20", "50"))
                .with(layers("query_result(count by (layer) (saddlefarm_layer_singular_ratio" + OF_EXPERIMENT + "))")
                        .matching("layer=\"([0-9]+)\""))
                .marking(
                        "Transitions",
                        "sum by (experiment) (changes(saddlefarm_run_rank_transitions_total[$__rate_interval])"
                                + " * on (run) group_left (experiment)"
                                + " max by (run, experiment) (saddlefarm_run_info{experiment='$experiment'})) > 0",
                        "in {{experiment}}")
                .row(
                        "Transitions",
                        Panel.graph("Transitions", 8, "none", "Of all runs of the experiment, within a minute.")
                                .query(
                                        "experiment:saddlefarm_run_rank_transitions:changes1m{experiment='$experiment'}",
                                        "{{experiment}}")
                                .steps(),
                        Panel.graph("Ranks", 8, "none", "How many runs of the experiment are at each rank.")
                                .query(ranks(), "rank {{rank}}")
                                .stacked()
                                .steps(),
                        Panel.graph("Rank by $swept", 8, "none", "Median rank, for each value of the chosen swept key.")
                                .query(medianBySwept("saddlefarm_run_rank"), "{{$swept}}")
                                .steps(),
                        Panel.states("From saddle to saddle", 24, "none", "The rank of the runs that went furthest.")
                                .query("saddlefarm_run_rank" + FEW_RUNS, "{{run}}")
                                .ofRuns()
                                .shaded())
                .row(
                        "Plateaus",
                        Panel.graph("On a plateau", 8, "percentunit", "Part of the experiment's runs that are on one.")
                                .query(
                                        "avg(saddlefarm_run_plateau and saddlefarm_run_loss" + OF_EXPERIMENT + ")",
                                        "on a plateau"),
                        Panel.graph(
                                        "Length of plateaus by $swept",
                                        8,
                                        "sci",
                                        "Flow time from begin to end of the plateau that a run left last: the median, for"
                                                + " each value of the chosen swept key.")
                                .query(medianBySwept("saddlefarm_run_left_plateau_flow_time"), "{{$swept}}")
                                .log(),
                        Panel.graph(
                                        "Length of plateaus",
                                        8,
                                        "sci",
                                        "Flow time from begin to end of the plateau that was left last, of the runs that"
                                                + " went furthest.")
                                .query("saddlefarm_run_left_plateau_flow_time" + FEW_RUNS, "{{run}}")
                                .ofRuns()
                                .log())
                .row(
                        "Measured against theory",
                        Panel.graph(
                                        "First escape by $swept",
                                        8,
                                        "sci",
                                        "Flow time at which 2% of the first loss are lost, and before which theory says that"
                                                + " they cannot be: medians, for each value of the chosen swept key.")
                                .query(medianBySwept("saddlefarm_run_escape_flow_time"), "{{$swept}} measured")
                                .query(medianBySwept("saddlefarm_run_earliest_escape_flow_time"), "{{$swept}} earliest")
                                .log(),
                        Panel.graph(
                                        "First escape over the earliest",
                                        8,
                                        "none",
                                        "Of the experiment's runs. Theory: at least 1, for gradient flow without biases. Nothing is"
                                                + " shown where weights of that size could have left at once.")
                                .query("min(" + escapeOverEarliest() + ")", "least")
                                .query("quantile(0.5, " + escapeOverEarliest() + ")", "median")
                                .query("max(" + escapeOverEarliest() + ")", "greatest")
                                .lineAt(1),
                        Panel.graph(
                                        "Edge of stability",
                                        8,
                                        "none",
                                        "Sharpness times learning rate over 2, of the experiment's runs. Gradient descent is"
                                                + " stable below 1; gradient flow has no such edge.")
                                .query("quantile(0.5, " + sharpnessOverEdge() + ")", "median")
                                .query("max(" + sharpnessOverEdge() + ")", "greatest")
                                .lineAt(1))
                .row(
                        "σ₁/σ₂ by layer",
                        Panel.graph(
                                        "Layer $layer",
                                        6,
                                        "none",
                                        "Of the experiment's runs of rank 1, which are on their way from the origin: theory has"
                                                + " at least ℓ^¼ in layer ℓ, for an optimal escape direction.")
                                .query("min(" + ratioOfLayer() + ")", "least")
                                .query("quantile(0.5, " + ratioOfLayer() + ")", "median")
                                .query("vector($layer^0.25)", "ℓ^¼")
                                .log()
                                .repeatedBy("layer"));
    }

    private static String escapeOverEarliest() {
        return "saddlefarm_run_escape_flow_time / saddlefarm_run_earliest_escape_flow_time" + OF_EXPERIMENT;
    }

    /** Flow time over steps is the learning rate. */
    private static String sharpnessOverEdge() {
        return "saddlefarm_run_sharpness * saddlefarm_run_flow_time / saddlefarm_run_steps / 2" + OF_EXPERIMENT;
    }

    private static String ratioOfLayer() {
        return "saddlefarm_layer_singular_ratio{layer=~'$layer'} and on (run) saddlefarm_run_rank == 1" + OF_EXPERIMENT;
    }

    private static String ranks() {
        return "experiment_rank:saddlefarm_run_rank:count{experiment='$experiment'}";
    }

    private static String medianBySwept(String metric) {
        return "quantile by ($swept) (0.5, " + metric + SWEPT_VALUES + ")";
    }

    private static String quantile(double q, String histogram) {
        return "histogram_quantile(%s, sum by (le) (rate(%s_bucket[$__rate_interval])))".formatted(q, histogram);
    }

    private static Variable experiment() {
        return Variable.query(
                "experiment", "Experiment", "label_values(saddlefarm_run_info, experiment)", Variable.Order.BY_LETTER);
    }

    /** The swept keys are the labels of saddlefarm_run_info that begin as a section of an experiment file does. */
    private static Variable swept() {
        return Variable.query("swept", "Swept key", "label_names()", Variable.Order.BY_LETTER)
                .matching(
                        "^((network|data|initialization|descent|stop|observe|linalg|checkpoint|scheduling)_.*|loss)$");
    }

    private static Variable layers(String question) {
        return Variable.query("layer", "Layers", question, Variable.Order.BY_NUMBER)
                .all();
    }

    private static String text(Dashboard dashboard) {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(dashboard.json()) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a tree
        }
    }
}
