package saddlefarm.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    private Path directory;

    @Test
    void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        AtomicFile.write(file, out -> {
            out.write("new".repeat(100_000).getBytes(UTF_8));
            out.flush();
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasContent("new".repeat(100_000));
        assertThat(StoredRuns.bytes(directory)).containsOnlyKeys("file");
    }

    @Test
    void aWriterThatFailsLeavesTheOldFileAndNoOther() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        assertThatIOException()
                .isThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write("new".repeat(100_000).getBytes(UTF_8));
                    throw new IOException("disk full");
                }))
                .withMessage("disk full");
        assertThat(file).hasContent("old");
        assertThat(StoredRuns.bytes(directory)).containsOnlyKeys("file");
    }
}
