package saddlefarm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.TestRuns;

class OutputDirectoryTest {

    private static final long THIS_PROCESS = ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    @Test
    void isMadeWithItsParentsAndSaysWhoWorksThere() {
        Path path = directory.resolve("a/b/out");
        try (var output = OutputDirectory.open(path)) {
            assertThat(output.path()).isEqualTo(path).isDirectory();
            assertThat(path.resolve("lock")).hasContent(THIS_PROCESS + "\n");
        }
    }

    @Test
    void saysNothingOfWhoWorkedThereBefore() throws Exception {
        Path lock = directory.resolve("lock");
        Files.writeString(lock, "1234567890123\n"); // longer than any number of a process
        try (var output = OutputDirectory.open(directory)) {
            assertThat(output.path().resolve("lock")).hasContent(THIS_PROCESS + "\n");
        }
    }

    @Test
    void belongsToOneFarmOfAProcessUntilItIsClosed() throws Exception {
        Path path = directory.resolve("out");
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        OutputDirectory first = OutputDirectory.open(path);
        for (Path name : new Path[] {path, link, directory.resolve("./out")}) {
            assertThatExceptionOfType(ResultsPlaceException.class)
                    .isThrownBy(() -> OutputDirectory.open(name))
                    .withMessage("another farm works in %s: %s is locked by process %d, this one"
                            .formatted(name, name.resolve("lock"), THIS_PROCESS));
        }
        first.close();
        OutputDirectory.open(link).close();
    }

    @Test
    void isLockedByAnotherProcessUntilThatDies() throws Exception {
        Path path = directory.resolve("out");
        Process holder = LockHolder.start(path);
        try {
            for (int attempt = 1; attempt <= 2; attempt++) {
                assertThatExceptionOfType(ResultsPlaceException.class)
                        .isThrownBy(() -> OutputDirectory.open(path))
                        .withMessage("another farm works in %s: %s is locked by process %d"
                                .formatted(path, path.resolve("lock"), holder.pid()));
            }
        } finally {
            holder.destroyForcibly().waitFor(); // SIGKILL: nothing is tidied up
        }
        assertThat(path.resolve("lock")).hasContent(holder.pid() + "\n");
        try (var output = OutputDirectory.open(path)) {
            assertThat(output.path().resolve("lock")).hasContent(THIS_PROCESS + "\n");
        }
    }

    @Test
    void canBeReadWhileAnotherProcessHasIt() throws Exception {
        Path path = directory.resolve("out");
        try (var output = OutputDirectory.open(path);
                var store = output.openStore()) {
            store.register(TestRuns.specs(2));
        }
        Process holder = LockHolder.start(path);
        try (var reader = SqlRunStore.openReadOnly(path)) {
            assertThat(reader.runs()).hasSize(2);
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void isNoFile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(() -> OutputDirectory.open(file))
                .withMessage(file + " is a file, not a directory");
        assertThat(file).hasContent("text");
    }

    @Test
    void cannotBeWhereNothingCanBeWritten() throws Exception {
        Path below = Files.writeString(directory.resolve("file"), "text").resolve("out");
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(() -> OutputDirectory.open(below))
                .withMessage("cannot write to directory %s: Not a directory".formatted(below));
    }

    @Test
    void cannotBeLockedWhereTheLockIsADirectory() throws Exception {
        Path path = directory.resolve("out");
        Files.createDirectories(path.resolve("lock"));
        for (int attempt = 1; attempt <= 2; attempt++) { // a failure leaves nothing held
            assertThatExceptionOfType(ResultsPlaceException.class)
                    .isThrownBy(() -> OutputDirectory.open(path))
                    .withMessage("cannot write to directory %s: Is a directory".formatted(path));
        }
    }
}
