package saddlefarm.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import saddlefarm.analysis.Snapshot;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** One figure a run, an SVG named by its id. Runs without rows have none. */
public final class FigureExport implements Export {

    @Override
    public void write(RunStore store, List<RunSummary> runs, Path directory, Progress progress) throws IOException {
        int done = 0;
        for (RunSummary run : runs) {
            var rows = new ArrayList<Snapshot>();
            store.snapshots(run.id(), rows::add);
            if (rows.size() > 1) {
                String figure = RunFigure.draw(run, rows, store.plateaus(run.id()), store.transitions(run.id()));
                AtomicFile.write(
                        directory.resolve(run.id() + ".svg"),
                        out -> out.write(figure.getBytes(StandardCharsets.UTF_8)));
            }
            progress.exported(++done);
        }
    }
}
