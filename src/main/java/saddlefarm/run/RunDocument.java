package saddlefarm.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.Specification;

/** A stored run as named fields, in the order in which users read them; ready to be written as JSON. */
public final class RunDocument {

    private RunDocument() {}

    /** A run at a glance. What is not known before the first commit is null. */
    public static Map<String, @Nullable Object> summary(RunSummary run) {
        var fields = head(run);
        fields.put("plateaus", run.progress() == null ? null : run.progress().plateaus());
        fields.put("backend", run.backend());
        fields.put("swept", swept(run.swept()));
        fields.put("cause", run.cause());
        return fields;
    }

    /** Swept keys with their values. */
    public static Map<String, Object> swept(Map<String, String> json) {
        var swept = new LinkedHashMap<String, Object>();
        json.forEach((key, value) -> swept.put(key, Specification.plain(value)));
        return swept;
    }

    /** Everything about a run but its rows. */
    public static Map<String, @Nullable Object> full(RunStore store, RunSummary run) {
        var fields = head(run);
        @Nullable
        Long evaluations = run.progress() == null ? null : run.progress().evaluations();
        if (evaluations != null) {
            fields.put("evaluations", evaluations);
        }
        fields.put("backend", run.backend());
        fields.put("computed_on", store.machines(run.id()));
        fields.put("cause", run.cause());
        fields.put(
                "extended_from",
                store.extended(run.id()).map(RunDocument::extended).orElse(null));
        fields.put("forks", store.forks(run.id()));
        fields.put(
                "specification",
                store.specification(run.id()).map(RunDocument::asked).orElseThrow());
        var plateaus = store.plateaus(run.id());
        var theory = store.theory(run.id())
                .map(predicted -> new TheoryDocument(predicted, Comparison.of(store, run.id())))
                .orElse(null);
        fields.put(
                "plateaus",
                plateaus.stream().map(stored -> plateau(stored, theory)).toList());
        var transitions = store.transitions(run.id());
        fields.put(
                "transitions", transitions.stream().map(RunDocument::transition).toList());
        fields.put("escape", transitions.isEmpty() ? null : escape(transitions.get(0), plateaus, theory));
        fields.put("theory", theory == null ? null : theory.general());
        return fields;
    }

    /** A finding without theory. */
    public static Map<String, @Nullable Object> finding(StoredFinding stored) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("sequence", stored.sequence());
        fields.put("id", stored.id());
        fields.put("finding", stored.found() instanceof StoredPlateau ? "plateau" : "transition");
        fields.put("run", stored.run());
        fields.put("experiment", stored.experiment());
        fields.putAll(
                stored.found() instanceof StoredPlateau found
                        ? plateau(found, null)
                        : transition((StoredTransition) stored.found()));
        return fields;
    }

    /** Without whom to notify: an address may hold a secret. */
    private static Map<String, Object> asked(String specification) {
        var values = new LinkedHashMap<>(Specification.values(specification));
        values.remove("notify");
        return values;
    }

    private static Map<String, Object> extended(RunStore.Extended extended) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("run", extended.run());
        fields.put("step", extended.step());
        return fields;
    }

    private static Map<String, @Nullable Object> head(RunSummary run) {
        @Nullable Progress progress = run.progress();
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("run", run.id());
        fields.put("experiment", run.experiment());
        fields.put("status", run.status().label());
        fields.put("steps", progress == null ? null : progress.step());
        fields.put("flow_time", progress == null ? null : progress.flowTime());
        fields.put("loss", progress == null ? null : progress.loss());
        fields.put("rank", progress == null ? null : progress.rank());
        return fields;
    }

    private static Map<String, @Nullable Object> plateau(StoredPlateau stored, @Nullable TheoryDocument theory) {
        var fields = plateau(stored.plateau());
        fields.put("saddle", SaddleDocument.saddle(stored.saddle()));
        fields.put("escape", SaddleDocument.escape(stored.escape()));
        fields.put("singular_values", layers(stored.spectra()));
        if (theory != null) {
            theory.addTo(fields, stored.plateau().number(), stored.plateau().loss());
        }
        return fields;
    }

    /** A plateau as it is exported. */
    public static Map<String, @Nullable Object> plateau(Plateau plateau) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("plateau", plateau.number());
        fields.put("rank", plateau.rank());
        fields.put("start_step", plateau.startStep());
        fields.put("end_step", plateau.endStep());
        fields.put("start_time", plateau.startTime());
        fields.put("end_time", plateau.endTime());
        fields.put("deepest_step", plateau.deepestStep());
        fields.put("loss", plateau.loss());
        fields.put("gradient_norm", plateau.gradientNorm());
        fields.put("kind", plateau.kind().label());
        fields.put("lambda_min", plateau.lambdaMin());
        fields.put("lambda_max", plateau.lambdaMax());
        fields.put("layer_ranks", plateau.layerRanks());
        return fields;
    }

    /** A transition as it is exported. */
    public static Map<String, @Nullable Object> transition(StoredTransition stored) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("transition", stored.transition().number());
        fields.put("step", stored.transition().step());
        fields.put("flow_time", stored.transition().flowTime());
        fields.put("rank_before", stored.transition().rankBefore());
        fields.put("rank_after", stored.rankAfter());
        return fields;
    }

    /** The first transition, with what was measured and predicted of the escape from the origin. */
    private static Map<String, @Nullable Object> escape(
            StoredTransition first, List<StoredPlateau> plateaus, @Nullable TheoryDocument theory) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("step", first.transition().step());
        fields.put("flow_time", first.transition().flowTime());
        fields.put("measured", SaddleDocument.escape(StoredPlateau.escapeFromOrigin(plateaus)));
        fields.put("theory", theory == null ? null : theory.escape());
        return fields;
    }

    /** Singular values by layer. */
    public static List<List<Double>> layers(Spectra spectra) {
        return IntStream.rangeClosed(1, spectra.depth())
                .mapToObj(spectra::values)
                .toList();
    }
}
