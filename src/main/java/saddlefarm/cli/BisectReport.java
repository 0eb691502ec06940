package saddlefarm.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunSummary;
import saddlefarm.store.ResultsPlace;

/**
 * What a search by bisection has found.
 *
 * @param search that is over
 * @param probes at least those of the two ends, in the order in which they were tried
 */
record BisectReport(String key, Criterion criterion, Bisection search, List<Probe> probes) {

    /**
     * A value that was tried.
     *
     * @param runs of all seeds
     * @param yes how many of them completed and answered yes
     */
    record Probe(BigDecimal value, List<RunSummary> runs, long yes) {

        /** Whether most of the runs say yes; one that diverged or failed does not. */
        boolean answer() {
            return 2 * yes > runs.size();
        }

        long completed() {
            return runs.stream()
                    .filter(run -> run.status() == RunStatus.COMPLETED)
                    .count();
        }

        private Map<String, @Nullable Object> document() {
            var document = new LinkedHashMap<String, @Nullable Object>();
            document.put("value", value.doubleValue());
            document.put("answer", answer());
            document.put("yes", yes);
            document.put("completed", completed());
            document.put("runs", runs.stream().map(RunSummary::id).toList());
            return document;
        }
    }

    void print(PrintWriter out) {
        var table = new TextTable(List.of(key, criterion.toString(), "completed", "answer"));
        probes.stream()
                .sorted(Comparator.comparing(Probe::value))
                .forEach(probe -> table.add(List.of(
                        probe.value().toString(),
                        Long.toString(probe.yes()),
                        Long.toString(probe.completed()),
                        probe.answer() ? "yes" : "no")));
        table.print(out);
        out.println();
        out.printf("%s in most runs at %s = %s, and not at %s%n", criterion, key, search.yes(), search.no());
        out.println("Values between those of the table were not tried: another change there would not be seen.");
    }

    /** As named fields, ready to be written as JSON. */
    Map<String, @Nullable Object> document(ResultsPlace out) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("experiment", probes.get(0).runs().get(0).experiment());
        document.put("out", out.toString());
        document.put("key", key);
        document.put("until", criterion.toString());
        document.put("yes", search.yes().doubleValue());
        document.put("no", search.no().doubleValue());
        document.put("ratio", search.ratio());
        document.put("probes", probes.stream().map(Probe::document).toList());
        return document;
    }
}
