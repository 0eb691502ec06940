package saddlefarm.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/** Writes runs, up to their last commit, as files. The same runs give the same bytes. */
public interface Export {

    /** How many files an export makes at most of so many runs, and where it is: for progress. */
    @FunctionalInterface
    interface Progress {
        void exported(int runs);
    }

    /**
     * Writes files into a directory, over those that an earlier export left there.
     *
     * @param runs sorted by id
     * @param directory that exists
     * @param progress told how many runs are done
     */
    void write(RunStore store, List<RunSummary> runs, Path directory, Progress progress) throws IOException;
}
