package saddlefarm.report;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.EscapeMode;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleIndex;
import saddlefarm.experiment.Decimals;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;

/**
 * The saddles of all runs and how they were left, a line for each plateau of which that is known. What a layer has is
 * in one cell, the layers with semicolons between; there an infinite ratio is empty.
 */
final class SaddleTables {

    private SaddleTables() {}

    static void writeSaddles(CsvWriter csv, RunStore store, List<RunSummary> runs) throws IOException {
        csv.cells("run", "plateau", "index", "index_complete", "index_tolerance");
        csv.cells("jacobian_rank", "activation_ranks", "balance", "alignment", "dead_units");
        for (int k = 1; k <= SaddleIndex.MODES; k++) {
            String mode = "mode_" + k;
            csv.cells(mode + "_eigenvalue", mode + "_residual", mode + "_ratios", mode + "_energies");
        }
        csv.endRow();
        for (RunSummary run : runs) {
            for (StoredPlateau stored : store.plateaus(run.id())) {
                if (stored.saddle() != null) {
                    csv.cell(run.id()).cell(Integer.valueOf(stored.plateau().number()));
                    writeSaddle(csv, stored.saddle());
                }
            }
        }
    }

    static void writeEscapes(CsvWriter csv, RunStore store, List<RunSummary> runs) throws IOException {
        csv.cells("run", "plateau", "step", "flow_time", "loss", "speed", "cosine", "leading_cosine");
        csv.cells("ratios", "energies").endRow();
        for (RunSummary run : runs) {
            for (StoredPlateau stored : store.plateaus(run.id())) {
                if (stored.escape() != null) {
                    csv.cell(run.id()).cell(Integer.valueOf(stored.plateau().number()));
                    writeEscape(csv, stored.escape());
                }
            }
        }
    }

    private static void writeSaddle(CsvWriter csv, Saddle saddle) throws IOException {
        @Nullable SaddleIndex index = saddle.index();
        csv.cell(index == null ? null : Integer.valueOf(index.count()));
        csv.cell(index == null ? null : String.valueOf(index.complete()));
        csv.cell(index == null ? null : Double.valueOf(index.tolerance()));
        csv.cell(Integer.valueOf(saddle.jacobianRank()));
        csv.cell(counts(saddle.activationRanks()));
        csv.cell(numbers(saddle.balance()));
        csv.cell(numbers(saddle.alignment()));
        csv.cell(counts(saddle.deadUnits()));
        List<EscapeMode> modes = index == null ? List.of() : index.modes();
        for (int k = 0; k < SaddleIndex.MODES; k++) {
            @Nullable EscapeMode mode = k < modes.size() ? modes.get(k) : null;
            csv.cell(mode == null ? null : Double.valueOf(mode.eigenvalue()));
            csv.cell(mode == null ? null : Double.valueOf(mode.residual()));
            csv.cell(mode == null ? null : numbers(mode.ratios()));
            csv.cell(mode == null ? null : numbers(mode.energies()));
        }
        csv.endRow();
    }

    private static void writeEscape(CsvWriter csv, Escape escape) throws IOException {
        csv.cell(escape.step())
                .cell(escape.flowTime())
                .cell(escape.loss())
                .cell(escape.speed())
                .cell(escape.cosine())
                .cell(escape.leadingCosine())
                .cell(numbers(escape.ratios()))
                .cell(numbers(escape.energies()))
                .endRow();
    }

    private static String counts(List<Integer> counts) {
        return counts.stream().map(String::valueOf).collect(Collectors.joining(";"));
    }

    private static String numbers(List<Double> numbers) {
        return numbers.stream()
                .map(number -> Double.isFinite(number) ? Decimals.text(number) : "")
                .collect(Collectors.joining(";"));
    }
}
