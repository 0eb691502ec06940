package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFilesTest {

    // The SHA-256 of "abc" (NIST FIPS 180-2, appendix B.1).
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path home;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(home.resolve("data/inner"));
        Files.writeString(home.resolve("data/inner/abc.txt"), "abc");
        Files.writeString(home.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(home.resolve("data/link.txt"), home.resolve("secret.txt"));
    }

    @Test
    void aFileIsKnownByItsAbsolutePathAndTheHashOfItsContents() {
        assertThat(InputFiles.relativeTo(home).read("data/inner/../inner/abc.txt"))
                .isEqualTo(new InputFile(home.resolve("data/inner/abc.txt"), ABC));
    }

    @Test
    void aUserAtTheirOwnMachineMayNameAnyFile() {
        InputFiles files = InputFiles.relativeTo(home.resolve("data"));
        assertThat(files.read("../secret.txt").path()).isEqualTo(home.resolve("secret.txt"));
        assertThat(files.read(home.resolve("secret.txt").toString()).path()).isEqualTo(home.resolve("secret.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.txt", "/etc/hosts", "inner/../../secret.txt", "link.txt", "../nowhere.txt"})
    void aUserFromElsewhereMayNameFilesInOneDirectoryOnly(String path) {
        InputFiles files = InputFiles.within(home.resolve("data"));
        assertThat(files.read("inner/abc.txt").sha256()).isEqualTo(ABC);
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> files.read(path))
                .withMessage("only files in the data directory may be used: " + path);
    }

    @Test
    void aFileThatIsNotThereIsNamedAsTheUserNamedIt() {
        InputFiles files = InputFiles.within(home.resolve("data"));
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> files.read("other.txt"))
                .withMessage("no such file: other.txt");
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> files.read("inner"))
                .withMessage("not a file: inner");
    }

    @Test
    void aFileThatHasChangedIsNotOpened() throws IOException {
        InputFile file = InputFiles.relativeTo(home).read("data/inner/abc.txt");
        Files.writeString(file.path(), "abd");
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> InputFiles.open(file))
                .withMessageStartingWith(file.path() + " has changed: its SHA-256 is a52d159f262b2c6ddb724a61840befc3")
                .withMessageEndingWith("but the experiment was read with " + ABC);
    }
}
