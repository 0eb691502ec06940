package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that say where results are kept. */
class StoreSettingsTest {

    private static final String URL = "jdbc:postgresql://host:5433/farm";

    @TempDir
    private Path directory;

    @Test
    void resultsAreInADirectoryUnlessADatabaseIsNamed() {
        var settings = ProcessSettings.read(null, Map.of());
        assertThat(settings.database()).isNull();
        assertThat(settings.farm().storePatience()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws Exception {
        Path file = Files.writeString(
                directory.resolve("farm.conf"),
                "store { url = \"jdbc:postgresql://other/farm\", user = farmer, patience = 5m }");
        var settings = ProcessSettings.read(file, Map.of("SADDLEFARM_STORE_URL", URL));
        assertThat(settings.database()).hasToString(URL);
        assertThat(settings.farm().storePatience()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void noTextOfTheSettingsHasThePassword() {
        var settings =
                ProcessSettings.read(null, Map.of("SADDLEFARM_STORE_URL", URL, "SADDLEFARM_STORE_PASSWORD", "guessed"));
        assertThat(settings.toString()).contains(URL).doesNotContain("guessed");
    }

    @Test
    void aPasswordInAFileOfSettingsIsRefusedAndNotRepeated() throws Exception {
        Path file = Files.writeString(directory.resolve("farm.conf"), "store.password = guessed");
        assertThatExceptionOfType(Misuse.class)
                .isThrownBy(() -> ProcessSettings.read(file, Map.of()))
                .withMessageContaining("store.password is not a setting")
                .withMessageNotContaining("guessed");
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        assertThatExceptionOfType(Misuse.class)
                .isThrownBy(() ->
                        ProcessSettings.read(null, Map.of("SADDLEFARM_STORE_URL", URL + "?password=guessed&ssl=true")))
                .withMessageContaining("store.url must not hold a password (environment SADDLEFARM_STORE_URL)")
                .withMessageNotContaining("guessed");
    }

    @Test
    void aFileOfThePasswordThatIsNotThereIsNamed() {
        Path missing = directory.resolve("missing");
        assertThatExceptionOfType(Misuse.class)
                .isThrownBy(() -> ProcessSettings.read(
                        null,
                        Map.of("SADDLEFARM_STORE_URL", URL, "SADDLEFARM_STORE_PASSWORD_FILE", missing.toString())))
                .withMessageStartingWith("store.password-file cannot be read: ")
                .withMessageContaining(missing.toString());
    }

    /** It may be that the URL is wrong, and nobody should wait for that. */
    @Test
    void aDatabaseThatIsNotThereAtTheStartIsToldAtOnce() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:%d/farm".formatted(port);
        Path file = Files.writeString(directory.resolve("farm.conf"), "store.url = \"" + url + "\"");
        var result = Cli.run("run", "config/first-light.conf", "--config", file);
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(result.err())
                .startsWith("saddlefarm run: cannot open " + url + ": ")
                .contains("(a farm does not wait for its store before it works)")
                .doesNotContain("\tat ");
    }

    @Test
    void aDirectoryThatIsNamedWinsOverTheDatabase() throws Exception {
        Path file = Files.writeString(directory.resolve("farm.conf"), "store.url = \"" + URL + "\"");
        var runs = Cli.run("runs", "--config", file, "--out", directory.resolve("none"));
        assertThat(runs.err()).contains("no such directory: " + directory.resolve("none"));
    }
}
