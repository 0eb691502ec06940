package saddlefarm.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.Specification;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/**
 * One NPZ file a run, named by its id: {@code steps}, {@code flow_time}, {@code loss}, {@code gradient_norm},
 * {@code parameter_norm} and {@code rank}, each of shape (T) with T the number of rows; {@code layer1/sigma} of shape
 * (T, k) and so on for each layer; {@code specification}, the run's canonical specification as JSON.
 */
public final class NpzExport implements Export {

    @Override
    public void write(RunStore store, List<RunSummary> runs, Path directory, Progress progress) throws IOException {
        int done = 0;
        for (RunSummary run : runs) {
            AtomicFile.write(directory.resolve(run.id() + ".npz"), out -> write(store, run.id(), out));
            progress.exported(++done);
        }
    }

    private static void write(RunStore store, String run, OutputStream out) throws IOException {
        var rows = new ArrayList<Snapshot>();
        store.snapshots(run, rows::add);
        try (var npz = new NpzWriter(out)) {
            npz.add("steps", longs(rows, Snapshot::step));
            npz.add("flow_time", doubles(rows, Snapshot::flowTime));
            npz.add("loss", doubles(rows, Snapshot::loss));
            npz.add("gradient_norm", doubles(rows, Snapshot::gradientNorm));
            npz.add("parameter_norm", doubles(rows, Snapshot::parameterNorm));
            npz.add("rank", longs(rows, Snapshot::rank));
            int depth = rows.isEmpty() ? 0 : rows.get(0).spectra().depth();
            for (int layer = 1; layer <= depth; layer++) {
                addSigma(npz, layer, rows);
            }
            npz.add(
                    "specification",
                    Specification.canonical(store.specification(run).orElseThrow()));
        }
    }

    private static void addSigma(NpzWriter npz, int layer, List<Snapshot> rows) throws IOException {
        int count = rows.get(0).spectra().count(layer);
        var values = new ArrayList<double[]>();
        for (Snapshot row : rows) {
            double[] sigma = new double[count];
            for (int i = 0; i < count; i++) {
                sigma[i] = row.spectra().value(layer, i + 1);
            }
            values.add(sigma);
        }
        npz.add("layer%d/sigma".formatted(layer), values, count);
    }

    private static long[] longs(List<Snapshot> rows, ToLongFunction<Snapshot> value) {
        return rows.stream().mapToLong(value).toArray();
    }

    private static double[] doubles(List<Snapshot> rows, ToDoubleFunction<Snapshot> value) {
        return rows.stream().mapToDouble(value).toArray();
    }
}
