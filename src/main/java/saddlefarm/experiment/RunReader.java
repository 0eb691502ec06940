package saddlefarm.experiment;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.ObserveSettings;
import saddlefarm.analysis.StopRules;
import saddlefarm.descent.Limits;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;

/** Reads the runs of one experiment, one after the other, from the values of their keys. */
final class RunReader {

    private static final int MOST_PRIORITY = 1000;
    private static final long LARGEST_COUNT = 1_000_000_000_000_000L;

    private final String origin;
    private final TaskLibrary tasks;
    private final DataReader data;
    private final InitializationReader initialization;
    private final Set<String> used = new TreeSet<>(Set.of("arithmetic"));
    private final SortedMap<String, Set<String>> choices = new TreeMap<>();

    RunReader(String origin, InputFiles files, TaskLibrary tasks) {
        this.origin = origin;
        this.tasks = tasks;
        var fileKeys = new FileKeys(files);
        data = new DataReader(fileKeys);
        initialization = new InitializationReader(fileKeys);
    }

    /**
     * One run.
     *
     * @param given its values by key, swept ones among them
     * @param sweptKeys which of them are swept
     * @throws ExperimentException with all mistakes that can be told at once
     */
    RunSpec read(SortedMap<String, Given> given, Set<String> sweptKeys) {
        var values = new Values(given, origin);
        requireThisArithmetic(values);
        String name = values.one("name", Scalar.text(100));
        DataSettings dataSettings = data.read(values);
        Loss loss = loss(values);
        NetworkKeys network = NetworkKeys.read(values);
        InitializationSettings initializationSettings = initialization.read(values);
        DescentSettings descent = descent(values);
        Limits limits = StopReader.limits(values);
        ObserveSettings observe = observe(values);
        StopRules stopRules = StopReader.rules(limits, descent, observe, values);
        String backend = backend(values);
        @Nullable ForkSettings fork = ForkReader.read(values);
        var checkpointEvery = values.one("checkpoint.every", Scalar.duration());
        values.settle("checkpoint.every", checkpointEvery.toMillis() + "ms");
        int priority = values.integer("scheduling.priority", -MOST_PRIORITY, MOST_PRIORITY);
        @Nullable NotifySettings notifies = NotifyReader.read(values);
        values.requireNoErrors();

        Architecture architecture = architecture(network, dataSettings, loss, values);
        NetworkKeys.requireFeasible(values, architecture);
        initialization.check(initializationSettings, architecture, values);
        values.requireNoErrors();
        note(values);

        String specification = Specification.text(values.specification());
        return new RunSpec(
                Specification.id(specification),
                name,
                architecture,
                dataSettings,
                initializationSettings,
                loss,
                descent,
                limits,
                stopRules,
                observe,
                backend,
                fork,
                checkpointEvery,
                priority,
                notifies,
                swept(sweptKeys, values),
                specification);
    }

    /** Why no run that was read has used a key; empty if one has. */
    Optional<String> unused(String key) {
        if (used.contains(key)) {
            return Optional.empty();
        }
        return Optional.of(Keys.chooser(key)
                .map(chooser -> "is not used when %s = %s"
                        .formatted(chooser, String.join(" or ", choices.getOrDefault(chooser, Set.of()))))
                .orElse("is not used"));
    }

    private static void requireThisArithmetic(Values values) {
        if (values.stored() && values.one("arithmetic", Scalar.whole(0, Integer.MAX_VALUE)) != Arithmetic.VERSION) {
            values.broken("arithmetic", "must be %d in this version".formatted(Arithmetic.VERSION));
        }
        values.settle("arithmetic", Arithmetic.VERSION);
    }

    private static Loss loss(Values values) {
        return values.one("loss", Scalar.oneOf(List.of("mse", "cross-entropy"))).equals("mse")
                ? Loss.MSE
                : Loss.CROSS_ENTROPY;
    }

    private static DescentSettings descent(Values values) {
        if (values.one("descent.method", Scalar.oneOf(List.of("gradient-descent", "gradient-flow")))
                .equals("gradient-descent")) {
            return new DescentSettings.GradientDescent(values.one("descent.learning-rate", Scalar.positive()));
        }
        return new DescentSettings.GradientFlow(values.one("descent.tolerance", Scalar.fraction()));
    }

    private static ObserveSettings observe(Values values) {
        return new ObserveSettings(
                values.one("observe.cadence", Scalar.oneOf(List.of("linear", "adaptive")))
                                .equals("linear")
                        ? Cadence.Kind.LINEAR
                        : Cadence.Kind.ADAPTIVE,
                values.one("observe.every-steps", Scalar.whole(1, LARGEST_COUNT)),
                values.integer("observe.singular-values", 1, 1000),
                values.one("observe.curvature", Scalar.flag()));
    }

    private static String backend(Values values) {
        String backend = values.one("linalg.backend", Scalar.oneOf(List.of("ordered", "openblas")));
        try {
            Kernels.of(backend);
        } catch (UnsupportedOperationException e) {
            values.error("linalg.backend", "linalg.backend = %s: %s".formatted(backend, e.getMessage()));
        }
        return backend;
    }

    /** Fits the network to the data, and both to the loss. The files of a stored specification are not looked at. */
    private Architecture architecture(NetworkKeys network, DataSettings dataSettings, Loss loss, Values values) {
        Architecture architecture = fit(network, dataSettings, loss, values);
        values.omit(NetworkKeys.DEPTH);
        values.omit(NetworkKeys.WIDTH);
        values.settle(NetworkKeys.WIDTHS, architecture.widths());
        return architecture;
    }

    private Architecture fit(NetworkKeys network, DataSettings dataSettings, Loss loss, Values values) {
        if (values.stored() && network.hasWidths() && dataSettings.fromFiles()) {
            return network.asWritten();
        }
        try {
            DataWidths widths = DataWidths.of(dataSettings, loss, tasks);
            return network.fit(values, widths.inputs(), widths.outputs());
        } catch (ExperimentException e) {
            values.error(
                    "data.source",
                    "data.source = %s: %s".formatted(values.read().get("data.source"), e.getMessage()));
            values.requireNoErrors();
            throw e;
        }
    }

    private void note(Values values) {
        used.addAll(values.read().keySet());
        for (String chooser : Keys.CHOOSERS) {
            choices.computeIfAbsent(chooser, key -> new TreeSet<>())
                    .add(String.valueOf(values.read().get(chooser)));
        }
    }

    private static SortedMap<String, String> swept(Set<String> keys, Values values) {
        var swept = new TreeMap<String, String>();
        for (String key : keys) {
            Object value = values.read().get(key);
            if (value != null) {
                swept.put(key, Json.text(value));
            }
        }
        return Collections.unmodifiableSortedMap(swept);
    }
}
