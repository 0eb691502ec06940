package saddlefarm.report;

import java.io.IOException;
import java.util.List;
import saddlefarm.run.Compared;
import saddlefarm.run.Comparison;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** What theory predicts beside what was measured: a row for each number that is predicted. */
final class TheoryTable {

    private TheoryTable() {}

    static void write(CsvWriter csv, RunStore store, List<RunSummary> runs) throws IOException {
        csv.cells("run", "quantity", "index", "predicted", "measured", "ratio").endRow();
        for (RunSummary run : runs) {
            for (Compared compared : Comparison.of(store, run.id())) {
                csv.cell(run.id())
                        .cell(compared.quantity().label())
                        .cell(Integer.valueOf(compared.index()))
                        .cell(compared.predicted())
                        .cell(compared.measured())
                        .cell(compared.ratio())
                        .endRow();
            }
        }
    }
}
