package saddlefarm.report;

import java.io.IOException;
import saddlefarm.analysis.Snapshot;

/** The two tables of rows: their scalars, and their singular values. */
final class CsvRows {

    private final CsvWriter snapshots;
    private final CsvWriter values;

    CsvRows(CsvWriter snapshots, CsvWriter values) throws IOException {
        this.snapshots = snapshots;
        this.values = values;
        snapshots
                .cells("run", "step", "flow_time", "loss", "gradient_norm", "parameter_norm", "rank")
                .endRow();
        values.cells("run", "step", "layer", "index", "value").endRow();
    }

    void write(String run, Snapshot row) throws IOException {
        snapshots
                .cell(run)
                .cell(row.step())
                .cell(row.flowTime())
                .cell(row.loss())
                .cell(row.gradientNorm())
                .cell(row.parameterNorm())
                .cell(Integer.valueOf(row.rank()))
                .endRow();
        for (int layer = 1; layer <= row.spectra().depth(); layer++) {
            for (int index = 1; index <= row.spectra().count(layer); index++) {
                values.cell(run)
                        .cell(row.step())
                        .cell(Integer.valueOf(layer))
                        .cell(Integer.valueOf(index))
                        .cell(row.spectra().value(layer, index))
                        .endRow();
            }
        }
    }
}
