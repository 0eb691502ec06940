package saddlefarm.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.RunStore;

/** The rows of a run, read by code that writes files. */
final class Rows {

    /** Takes one row. */
    @FunctionalInterface
    interface Reader {
        void read(Snapshot row) throws IOException;
    }

    private Rows() {}

    /** Hands over the rows of a run in order of step, one at a time: a long run has more than fit into memory. */
    static void forEach(RunStore store, String run, Reader reader) throws IOException {
        try {
            store.snapshots(run, row -> {
                try {
                    reader.read(row);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
