package saddlefarm.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Plateau;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;

/**
 * Eight tables for all runs together: runs, snapshots, singular values, plateaus, saddles, escapes, transitions and
 * theory.
 */
public final class CsvExport implements Export {

    @Override
    public void write(RunStore store, List<RunSummary> runs, Path directory, Progress progress) throws IOException {
        AtomicFile.write(directory.resolve("runs.csv"), out -> writeRuns(new CsvWriter(out), store, runs));
        AtomicFile.write(directory.resolve("plateaus.csv"), out -> writePlateaus(new CsvWriter(out), store, runs));
        AtomicFile.write(
                directory.resolve("saddles.csv"), out -> SaddleTables.writeSaddles(new CsvWriter(out), store, runs));
        AtomicFile.write(
                directory.resolve("escapes.csv"), out -> SaddleTables.writeEscapes(new CsvWriter(out), store, runs));
        AtomicFile.write(
                directory.resolve("transitions.csv"), out -> writeTransitions(new CsvWriter(out), store, runs));
        AtomicFile.write(directory.resolve("theory.csv"), out -> TheoryTable.write(new CsvWriter(out), store, runs));
        AtomicFile.write(
                directory.resolve("snapshots.csv"),
                snapshots -> AtomicFile.write(
                        directory.resolve("singular_values.csv"),
                        values -> writeRows(new CsvWriter(snapshots), new CsvWriter(values), store, runs, progress)));
    }

    private static void writeRuns(CsvWriter csv, RunStore store, List<RunSummary> runs) throws IOException {
        SortedSet<String> sweptKeys = runs.stream()
                .flatMap(run -> run.swept().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        csv.cells("run", "experiment", "status", "steps", "flow_time", "loss", "rank", "plateaus", "backend");
        sweptKeys.forEach(csv::cell);
        csv.endRow();
        for (RunSummary run : runs) {
            saddlefarm.run.@Nullable Progress at = run.progress();
            csv.cells(run.id(), run.experiment(), run.status().label());
            csv.cell(at == null ? null : Long.valueOf(at.step()));
            csv.cell(at == null ? null : Double.valueOf(at.flowTime()));
            csv.cell(at == null ? null : Double.valueOf(at.loss()));
            csv.cell(at == null ? null : Integer.valueOf(at.rank()));
            csv.cell(at == null ? null : Integer.valueOf(at.plateaus()));
            csv.cell(run.backend());
            // A key that another run sweeps has a value here too.
            var settings = Settings.of(store, run);
            for (String key : sweptKeys) {
                csv.cell(SweptKey.exact(settings.value(key)));
            }
            csv.endRow();
        }
    }

    private static void writeRows(
            CsvWriter snapshots, CsvWriter values, RunStore store, List<RunSummary> runs, Progress progress)
            throws IOException {
        var rows = new CsvRows(snapshots, values);
        int done = 0;
        for (RunSummary run : runs) {
            Rows.forEach(store, run.id(), row -> rows.write(run.id(), row));
            progress.exported(++done);
        }
    }

    private static void writePlateaus(CsvWriter csv, RunStore store, List<RunSummary> runs) throws IOException {
        csv.cells(
                        "run",
                        "plateau",
                        "rank",
                        "start_step",
                        "end_step",
                        "start_time",
                        "end_time",
                        "deepest_step",
                        "loss",
                        "gradient_norm",
                        "kind",
                        "lambda_min",
                        "lambda_max",
                        "layer_ranks")
                .endRow();
        for (RunSummary run : runs) {
            for (StoredPlateau stored : store.plateaus(run.id())) {
                Plateau plateau = stored.plateau();
                csv.cell(run.id())
                        .cell(Integer.valueOf(plateau.number()))
                        .cell(Integer.valueOf(plateau.rank()))
                        .cell(plateau.startStep())
                        .cell(plateau.endStep())
                        .cell(plateau.startTime())
                        .cell(plateau.endTime())
                        .cell(plateau.deepestStep())
                        .cell(plateau.loss())
                        .cell(plateau.gradientNorm())
                        .cell(plateau.kind().label())
                        .cell(plateau.lambdaMin())
                        .cell(plateau.lambdaMax())
                        .cell(plateau.layerRanks().stream().map(String::valueOf).collect(Collectors.joining(";")))
                        .endRow();
            }
        }
    }

    private static void writeTransitions(CsvWriter csv, RunStore store, List<RunSummary> runs) throws IOException {
        csv.cells("run", "transition", "step", "flow_time", "rank_before", "rank_after")
                .endRow();
        for (RunSummary run : runs) {
            for (StoredTransition stored : store.transitions(run.id())) {
                csv.cell(run.id())
                        .cell(Integer.valueOf(stored.transition().number()))
                        .cell(stored.transition().step())
                        .cell(stored.transition().flowTime())
                        .cell(Integer.valueOf(stored.transition().rankBefore()))
                        .cell(stored.rankAfter())
                        .endRow();
            }
        }
    }
}
