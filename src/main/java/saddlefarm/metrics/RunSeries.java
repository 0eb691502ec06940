package saddlefarm.metrics;

import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.run.RunBoard.LiveRun;

/**
 * The series of runs and of their layers, gathered for one scrape. What a run does not have yet has no series. Only
 * {@code saddlefarm_run_info} has the swept values; others are joined to it by {@code run}.
 */
final class RunSeries {

    private final List<InfoDataPointSnapshot> infos = new ArrayList<>();

    private final GaugeFamily loss = new GaugeFamily("saddlefarm_run_loss", "Loss at the last snapshot.");
    private final GaugeFamily steps = new GaugeFamily("saddlefarm_run_steps", "Steps taken.");
    private final GaugeFamily flowTime =
            new GaugeFamily("saddlefarm_run_flow_time", "Flow time at the last snapshot, the sum of learning rates.");
    private final GaugeFamily gradientNorm =
            new GaugeFamily("saddlefarm_run_gradient_norm", "Norm of the gradient at the last snapshot.");
    private final GaugeFamily rank =
            new GaugeFamily("saddlefarm_run_rank", "Rank of the network at the last snapshot.");
    private final GaugeFamily plateau = new GaugeFamily("saddlefarm_run_plateau", "1 on a plateau, 0 between two.");
    private final GaugeFamily sharpness = new GaugeFamily(
            "saddlefarm_run_sharpness", "Greatest eigenvalue of the Hessian where it was last computed.");
    private final GaugeFamily lambdaMin =
            new GaugeFamily("saddlefarm_run_lambda_min", "Least eigenvalue of the Hessian where it was last computed.");
    private final GaugeFamily leftPlateau = new GaugeFamily(
            "saddlefarm_run_left_plateau_flow_time", "Flow time from begin to end of the plateau that was left last.");
    private final GaugeFamily escape = new GaugeFamily(
            "saddlefarm_run_escape_flow_time", "Flow time at which the origin was left: 2% of the first loss lost.");
    private final GaugeFamily earliestEscape = new GaugeFamily(
            "saddlefarm_run_earliest_escape_flow_time", "Flow time before which, by theory, the origin is not left.");
    private final CounterFamily plateaus =
            new CounterFamily("saddlefarm_run_plateaus", "Plateaus begun, the origin among them.");
    private final CounterFamily transitions =
            new CounterFamily("saddlefarm_run_rank_transitions", "Escapes from plateaus.");

    private final GaugeFamily layerRank =
            new GaugeFamily("saddlefarm_layer_rank", "Rank of a layer's weights at the last snapshot.");
    private final GaugeFamily singularValue = new GaugeFamily(
            "saddlefarm_layer_singular_value", "Singular value of a layer's weights at the last snapshot, from 1.");
    private final GaugeFamily singularRatio = new GaugeFamily(
            "saddlefarm_layer_singular_ratio", "First over second singular value of a layer's weights.");

    private final List<GaugeFamily> gauges = List.of(
            loss,
            steps,
            flowTime,
            gradientNorm,
            rank,
            plateau,
            sharpness,
            lambdaMin,
            leftPlateau,
            escape,
            earliestEscape,
            layerRank,
            singularValue,
            singularRatio);
    private final List<CounterFamily> counters = List.of(plateaus, transitions);

    /** How many series {@link #addSingularValues} would add. */
    static long singularValues(LiveRun run) {
        long count = 0;
        if (run.snapshot() != null) {
            Spectra spectra = run.snapshot().spectra();
            for (int layer = 1; layer <= spectra.depth(); layer++) {
                count += spectra.count(layer);
            }
        }
        return count;
    }

    /** Adds every series of a run but its singular values. */
    void add(LiveRun run, LeftPlateaus left) {
        infos.add(new InfoDataPointSnapshot(RunLabels.of(run.spec())));
        Labels labels = Labels.of("run", run.spec().id());
        steps.add(labels, (double) run.steps());
        plateau.add(labels, run.plateauSince() == null ? 0 : 1);
        plateaus.add(labels, run.plateaus());
        transitions.add(labels, run.transitions());
        addSnapshot(labels, run.snapshot());
        addCurvature(labels, run.curvature());
        addLeft(labels, left);
        for (int layer = 1; layer <= run.layerRanks().size(); layer++) {
            layerRank.add(layerLabels(run, layer), run.layerRanks().get(layer - 1));
        }
        addRatios(run);
    }

    /** The singular values of a run. */
    static final class Values {

        private final Spectra spectra;
        private final Labels[][] labels;

        /** @param labels of each, by layer and index */
        Values(Spectra spectra, Labels[][] labels) {
            this.spectra = spectra;
            this.labels = labels;
        }
    }

    /**
     * Adds singular values in the order into which the client sorts them: by index, layer and run, as texts. Sorting
     * tens of thousands of them would take long.
     *
     * @param runs in order of their ids
     */
    void addSingularValues(List<Values> runs) {
        int depth = runs.stream().mapToInt(run -> run.labels.length).max().orElse(0);
        int most = runs.stream()
                .flatMap(run -> Stream.of(run.labels))
                .mapToInt(layer -> layer.length)
                .max()
                .orElse(0);
        for (int index : asTexts(most)) {
            for (int layer : asTexts(depth)) {
                for (Values run : runs) {
                    if (layer <= run.labels.length && index <= run.labels[layer - 1].length) {
                        singularValue.add(run.labels[layer - 1][index - 1], run.spectra.value(layer, index));
                    }
                }
            }
        }
    }

    private static List<Integer> asTexts(int last) {
        return IntStream.rangeClosed(1, last)
                .boxed()
                .sorted(Comparator.comparing(String::valueOf))
                .toList();
    }

    /** How many series there are. */
    int size() {
        return infos.size()
                + gauges.stream().mapToInt(GaugeFamily::size).sum()
                + counters.stream().mapToInt(CounterFamily::size).sum();
    }

    /** All families, in a list of the caller's. */
    List<MetricSnapshot> families() {
        var info = new InfoSnapshot(new MetricMetadata("saddlefarm_run", "What a run was asked to be."), infos);
        var families = new ArrayList<MetricSnapshot>();
        families.add(info);
        gauges.forEach(family -> families.add(family.snapshot()));
        counters.forEach(family -> families.add(family.snapshot()));
        return families;
    }

    private void addSnapshot(Labels labels, @Nullable Snapshot snapshot) {
        if (snapshot != null) {
            loss.add(labels, snapshot.loss());
            flowTime.add(labels, snapshot.flowTime());
            gradientNorm.add(labels, snapshot.gradientNorm());
            rank.add(labels, snapshot.rank());
        }
    }

    private void addCurvature(Labels labels, @Nullable Curvature curvature) {
        if (curvature != null) {
            sharpness.add(labels, curvature.greatest().value());
            lambdaMin.add(labels, curvature.least().value());
        }
    }

    private void addLeft(Labels labels, LeftPlateaus left) {
        addKnown(leftPlateau, labels, left.last());
        addKnown(escape, labels, left.origin());
        addKnown(earliestEscape, labels, left.earliest());
    }

    private static void addKnown(GaugeFamily family, Labels labels, @Nullable Double value) {
        if (value != null) {
            family.add(labels, value);
        }
    }

    private void addRatios(LiveRun run) {
        if (run.snapshot() == null) {
            return;
        }
        Spectra spectra = run.snapshot().spectra();
        for (int layer = 1; layer <= spectra.depth(); layer++) {
            if (spectra.count(layer) > 1 && spectra.value(layer, 2) > 0) {
                singularRatio.add(layerLabels(run, layer), spectra.value(layer, 1) / spectra.value(layer, 2));
            }
        }
    }

    private static Labels layerLabels(LiveRun run, int layer) {
        return Labels.of("run", run.spec().id(), "layer", Integer.toString(layer));
    }
}
