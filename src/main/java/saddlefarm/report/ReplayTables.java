package saddlefarm.report;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Snapshot;

/** The rows of one run, as they come, in tables of their own: those of an export, and the curvature of each row. */
public final class ReplayTables {

    /** Takes in one row. */
    @FunctionalInterface
    public interface Sink {

        /** @param curvature null unless it was computed */
        void row(Snapshot row, @Nullable Curvature curvature) throws IOException;
    }

    /** Makes rows. */
    @FunctionalInterface
    public interface Source {

        /** Hands over every row, in order of step. */
        void write(Sink sink) throws IOException;
    }

    /** Name of the table that every replay has. */
    public static final String SNAPSHOTS = "snapshots.csv";

    private ReplayTables() {}

    /**
     * Writes {@code snapshots.csv}, {@code singular_values.csv} and, where curvature is wanted, {@code curvature.csv}:
     * whole, or not at all.
     */
    public static void write(Path directory, String run, boolean curvature, Source source) throws IOException {
        AtomicFile.write(
                directory.resolve(SNAPSHOTS),
                snapshots -> AtomicFile.write(directory.resolve("singular_values.csv"), values -> {
                    var rows = new CsvRows(new CsvWriter(snapshots), new CsvWriter(values));
                    if (curvature) {
                        AtomicFile.write(directory.resolve("curvature.csv"), out -> {
                            var table = new CsvWriter(out);
                            table.cells("run", "step", "lambda_min", "lambda_max")
                                    .endRow();
                            source.write((row, at) -> {
                                rows.write(run, row);
                                write(table, run, row, at);
                            });
                        });
                    } else {
                        source.write((row, at) -> rows.write(run, row));
                    }
                }));
    }

    private static void write(CsvWriter table, String run, Snapshot row, @Nullable Curvature at) throws IOException {
        table.cell(run)
                .cell(row.step())
                .cell(at == null ? null : Double.valueOf(at.lambdaMin()))
                .cell(at == null ? null : Double.valueOf(at.lambdaMax()))
                .endRow();
    }
}
