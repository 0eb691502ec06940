package saddlefarm.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;

/** What the API tells of runs, each answer of the moment of the last commit before it. */
final class Reading {

    static final int MOST_RUNS = 10_000;
    static final int MOST_POINTS = 10_000;
    static final int MOST_FINDINGS = 10_000;

    private static final int RUNS = 1000;
    private static final int POINTS = 1000;
    private static final int FINDINGS = 1000;

    private final Supplier<? extends RunStore> reader;

    /** @param reader opens the store for reading, beside whoever writes */
    Reading(Supplier<? extends RunStore> reader) {
        this.reader = reader;
    }

    /** Reads with a store that is closed afterwards. */
    <T extends @Nullable Object> T with(Function<RunStore, T> read) {
        try (RunStore store = reader.get()) {
            return read.apply(store);
        }
    }

    /** Runs at a glance, in order of their ids. */
    Map<String, @Nullable Object> runs(Call call) {
        Optional<String> experiment = call.one("experiment");
        Optional<RunStatus> status = call.one("status").map(Reading::status);
        String after = call.one("after").orElse("");
        int limit = (int) call.whole("limit", RUNS, 1, MOST_RUNS);
        List<RunSummary> page = with(RunStore::runs).stream()
                .filter(run -> run.id().compareTo(after) > 0)
                .filter(run -> experiment.isEmpty() || run.experiment().equals(experiment.get()))
                .filter(run -> status.isEmpty() || run.status() == status.get())
                .limit(limit + 1L)
                .toList();
        boolean more = page.size() > limit;
        List<RunSummary> shown = more ? page.subList(0, limit) : page;
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("runs", shown.stream().map(RunDocument::summary).toList());
        document.put("next", more ? shown.get(limit - 1).id() : null);
        return document;
    }

    private static RunStatus status(String label) {
        return Stream.of(RunStatus.values())
                .filter(status -> status.label().equals(label))
                .findFirst()
                .orElseThrow(() -> ApiException.badRequest("status must be one of %s but was %s"
                        .formatted(
                                String.join(
                                        ", ",
                                        Stream.of(RunStatus.values())
                                                .map(RunStatus::label)
                                                .toList()),
                                label)));
    }

    /** Everything about one run but its rows. */
    Map<String, @Nullable Object> run(Call call) {
        return with(store -> RunDocument.full(store, Lookup.run(store, call.name())));
    }

    /** The rows of a run, thinned, as a list for each column. */
    Map<String, @Nullable Object> snapshots(Call call) {
        var rows = new LinkedHashMap<String, @Nullable Object>();
        List<Snapshot> kept = rows(call, rows);
        rows.put("loss", kept.stream().map(Snapshot::loss).toList());
        rows.put("gradient_norm", kept.stream().map(Snapshot::gradientNorm).toList());
        rows.put("parameter_norm", kept.stream().map(Snapshot::parameterNorm).toList());
        rows.put("rank", kept.stream().map(Snapshot::rank).toList());
        return rows;
    }

    /** The singular values of the same rows, of one layer or of all. */
    Map<String, @Nullable Object> singularValues(Call call) {
        long layer = call.whole("layer", 0, 1, Integer.MAX_VALUE);
        var document = new LinkedHashMap<String, @Nullable Object>();
        List<Snapshot> rows = rows(call, document);
        int depth = rows.isEmpty() ? 0 : rows.get(0).spectra().depth();
        if (layer > depth && depth > 0) {
            throw ApiException.badRequest("layer must be from 1 to %d but was %d".formatted(depth, layer));
        }
        document.put(
                "layers",
                IntStream.rangeClosed(1, depth)
                        .filter(each -> layer == 0 || layer == each)
                        .mapToObj(each -> layer(each, rows))
                        .toList());
        return document;
    }

    private static Map<String, Object> layer(int layer, List<Snapshot> rows) {
        var document = new LinkedHashMap<String, Object>();
        document.put("layer", layer);
        document.put(
                "values", rows.stream().map(row -> row.spectra().values(layer)).toList());
        return document;
    }

    /** The rows that are asked for; the document gets the run and their times. */
    private List<Snapshot> rows(Call call, Map<String, @Nullable Object> document) {
        var kept = new Decimation(
                call.whole("from", 0, 0, Long.MAX_VALUE), (int) call.whole("points", POINTS, 10, MOST_POINTS));
        String run = with(store -> {
            String id = Lookup.run(store, call.name()).id();
            store.snapshots(id, kept);
            return id;
        });
        List<Snapshot> rows = kept.rows();
        document.put("run", run);
        document.put("step", rows.stream().map(Snapshot::step).toList());
        document.put("flow_time", rows.stream().map(Snapshot::flowTime).toList());
        return rows;
    }

    /**
     * The plateaus and transitions of all runs, in order of the runs' ids, and of each run in the order in which it
     * went through them. What a finding is called, {@code run:n}, stays the same.
     */
    Map<String, @Nullable Object> findings(Call call) {
        int limit = (int) call.whole("limit", FINDINGS, 1, MOST_FINDINGS);
        String after = call.one("after").orElse(":-1");
        if (!after.matches("[0-9a-f]*:-?[0-9]{1,9}")) {
            throw ApiException.badRequest("after must be the id of a finding but was " + after);
        }
        String run = after.substring(0, after.indexOf(':'));
        int number = Integer.parseInt(after.substring(run.length() + 1));
        List<Map<String, @Nullable Object>> page = with(store -> {
            var found = new ArrayList<Map<String, @Nullable Object>>();
            for (RunSummary each : store.runs()) {
                if (each.id().compareTo(run) >= 0 && found.size() <= limit) {
                    findings(store, each, each.id().equals(run) ? number : -1, found);
                }
            }
            return found;
        });
        boolean more = page.size() > limit;
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("findings", more ? page.subList(0, limit) : page);
        document.put("next", more ? page.get(limit - 1).get("id") : null);
        return document;
    }

    /** Plateau k is number 2k of its run, and transition k, which leads to it, number 2k - 1. */
    private static void findings(
            RunStore store, RunSummary run, int after, List<Map<String, @Nullable Object>> findings) {
        List<StoredPlateau> plateaus = store.plateaus(run.id());
        List<StoredTransition> transitions = store.transitions(run.id());
        int last = Math.max(2 * plateaus.size() - 2, 2 * transitions.size() - 1);
        for (int number = after + 1; number <= last; number++) {
            boolean plateau = number % 2 == 0;
            int index = number / 2;
            if (index < (plateau ? plateaus.size() : transitions.size())) {
                var finding = new LinkedHashMap<String, @Nullable Object>();
                finding.put("id", "%s:%d".formatted(run.id(), number));
                finding.put("finding", plateau ? "plateau" : "transition");
                finding.put("run", run.id());
                finding.put("experiment", run.experiment());
                finding.putAll(
                        plateau
                                ? RunDocument.plateau(plateaus.get(index))
                                : RunDocument.transition(transitions.get(index)));
                findings.add(finding);
            }
        }
    }
}
