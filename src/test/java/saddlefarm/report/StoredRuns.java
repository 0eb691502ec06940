package saddlefarm.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import saddlefarm.CommitDraft;
import saddlefarm.experiment.RunSpec;
import saddlefarm.store.OutputDirectory;
import saddlefarm.store.SqlRunStore;

/** A store of made-up runs in a directory, and what is exported of it. */
final class StoredRuns implements AutoCloseable {

    private final Path directory;
    private final OutputDirectory output;
    private final SqlRunStore store;
    private final Map<String, Long> commits = new HashMap<>();

    StoredRuns(Path directory) {
        this.directory = directory;
        output = OutputDirectory.open(directory.resolve("out"));
        store = output.openStore();
    }

    /** Makes a run known and leaves it queued. */
    void queue(RunSpec run) {
        store.register(List.of(run));
    }

    /** Takes a run, for {@link CommitDraft#CommitDraft its commits}. */
    long claim(RunSpec run) {
        queue(run);
        return store.claim(run).epoch();
    }

    void commit(CommitDraft draft) {
        store.commit(
                List.of(draft.number(commits.merge(draft.run(), 1L, Long::sum)).commit()));
    }

    SqlRunStore store() {
        return store;
    }

    /** The bytes of every file that an export leaves in a new directory, by name. */
    Map<String, ByteBuffer> bytes(Export export) throws IOException {
        Path to = Files.createTempDirectory(directory, "export");
        export.write(store, store.runs(), to, done -> {});
        return bytes(to);
    }

    /** The bytes of the files in a directory, by name. */
    static Map<String, ByteBuffer> bytes(Path directory) throws IOException {
        var files = new TreeMap<String, ByteBuffer>();
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : paths.toList()) {
                files.put(String.valueOf(path.getFileName()), ByteBuffer.wrap(Files.readAllBytes(path)));
            }
        }
        return files;
    }

    @Override
    public void close() {
        store.close();
        output.close();
    }
}
