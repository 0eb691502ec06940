package saddlefarm.http;

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
import saddlefarm.run.StoredFinding;

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

    /** The plateaus and transitions of all runs, in the order in which they became known. */
    Map<String, @Nullable Object> findings(Call call) {
        long after = call.whole("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) call.whole("limit", FINDINGS, 1, MOST_FINDINGS);
        List<StoredFinding> page = with(store -> store.findings(after, limit + 1));
        boolean more = page.size() > limit;
        List<StoredFinding> shown = more ? page.subList(0, limit) : page;
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("findings", shown.stream().map(RunDocument::finding).toList());
        document.put("next", more ? shown.get(limit - 1).sequence() : null);
        return document;
    }
}
