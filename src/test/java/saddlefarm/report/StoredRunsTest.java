package saddlefarm.report;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of what is written about stored runs. */
abstract class StoredRunsTest {

    @TempDir
    Path directory;

    StoredRuns stored;

    @BeforeEach
    void open() {
        stored = new StoredRuns(directory);
    }

    @AfterEach
    void close() {
        stored.close();
    }
}
