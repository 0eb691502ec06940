package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import saddlefarm.LauncherOptions;

/** What goes wrong around a farm, brought about for real: afterwards it exports what an undisturbed one does. */
class FaultsIT extends Disturbances {

    private static final Duration LONG = Duration.ofMinutes(3);

    /** What the log says of a store that cannot be written to. */
    private static final String AWAY = "the store is away";

    /** Runs that need two mebibytes each, by far more than the heap has if all train at once. */
    private static final String LARGE = """
            name = large
            network { widths = [64, 100, 100, 100, 10] }
            data { source = digits, samples = 50 }
            initialization { scale = 0.5 }
            descent { learning-rate = 0.04 }
            stop { max-steps = 60 }
            observe { every-steps = 100, curvature = false }
            checkpoint { every = 20ms }
            sweep { initialization.seed = "range(0, 90)" }
            """;

    @Test
    void aFarmThatRunsOutOfMemoryGoesOnFromItsLastCommits() throws Exception {
        write(LARGE);
        Path out = directory.resolve("disturbed");
        Process farm = Cli.start(
                Map.of("SADDLEFARM_FARM_MAX_MEMORY", "100g"),
                options("-Xmx96m"),
                directory.resolve("output"),
                "run",
                experiment,
                "--out",
                out,
                "--no-progress");
        assertThat(farm.waitFor()).as(output()).isEqualTo(3); // -XX:+ExitOnOutOfMemoryError
        assertThat(train("disturbed", 2)).isEqualTo(undisturbed());
    }

    /** The same runs in the same heap: as many at once as it holds. */
    @Test
    void aFarmThatMindsItsMemoryDoesNotRunOut() throws Exception {
        write(LARGE);
        Process farm = start(directory.resolve("out"), options("-Xmx96m"));
        assertThat(farm.waitFor()).as(output()).isZero();
    }

    /** As one that was stored by a farm with more memory; it would end this one each time that it is taken up. */
    @Test
    void aStoredRunThatDoesNotFitFailsAndTheFarmGoesOn() throws Exception {
        write(LARGE.replace("100, 100, 100", "1500, 1500").replace("90", "1"));
        Path out = directory.resolve("out");
        Process first = Cli.start(
                Map.of("SADDLEFARM_FARM_MAX_MEMORY", "100g"),
                options("-Xmx96m"),
                directory.resolve("output"),
                "run",
                experiment,
                "--out",
                out,
                "--no-progress");
        assertThat(first.waitFor()).as(output()).isEqualTo(3);
        Process farm = Cli.start(options("-Xmx96m"), directory.resolve("output"), "serve", "--port", "0", "--out", out);
        try {
            awaitOutput("it needs about", farm);
            assertThat(output()).contains("failed").contains("(farm.max-memory)");
        } finally {
            farm.destroy();
        }
        assertThat(farm.waitFor()).as(output()).isEqualTo(143);
    }

    @Test
    @DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*\\btmpfs\\b.*")
    void aFarmWhoseDiskIsFullWaitsForSpace() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        command("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString());
        try {
            Path filler = disk.resolve("filler");
            try (var file = new RandomAccessFile(filler.toFile(), "rw")) {
                byte[] block = new byte[1 << 16];
                while (disk.toFile().getUsableSpace() > 1_500_000) {
                    file.write(block);
                }
            }
            Process farm = start(disk.resolve("out"), LauncherOptions.VECTORS);
            awaitOutput(AWAY, farm);
            Files.delete(filler);
            assertThat(farm.waitFor()).as(output()).isZero();
            assertThat(Cli.export(disk.resolve("out"), directory.resolve("export-disturbed")))
                    .isEqualTo(undisturbed());
        } finally {
            command("umount", "-l", disk.toString());
        }
    }

    /** A file that is open stays writable, so it is at the start that the disk may be read-only. */
    @Test
    @DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*\\btmpfs\\b.*")
    void aFarmWhoseDiskIsReadOnlySaysSoAndLosesNothing() throws Exception {
        Path out = Files.createDirectory(directory.resolve("disturbed"));
        command("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", out.toString());
        try {
            trainUntilKilled(out);
            var committed = Cli.export(out, directory.resolve("export-writable"));
            command("mount", "-o", "remount,ro", out.toString());
            Cli.Result refused = Cli.run("run", experiment, "--out", out, "--no-progress");
            assertThat(refused.exitCode()).isEqualTo(ExitCode.MISUSE);
            assertThat(refused.err())
                    .contains("cannot write to directory %s: Read-only file system".formatted(out))
                    .doesNotContain("\tat ");
            Cli.Result runs = Cli.run("runs", "--out", out);
            assertThat(runs.exitCode()).as(runs.err()).isZero();
            assertThat(Cli.export(out, directory.resolve("export-read-only"))).isEqualTo(committed);
            command("mount", "-o", "remount,rw", out.toString());
            assertThat(train("disturbed", 2)).isEqualTo(undisturbed());
        } finally {
            command("umount", "-l", out.toString());
        }
    }

    /** A farm that works there keeps the file to itself, so it is at the start that it may be locked. */
    @Test
    void aFarmWhoseDatabaseIsLockedByAnotherProgramSaysSoAndLosesNothing() throws Exception {
        Path out = directory.resolve("disturbed");
        trainUntilKilled(out);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + out.resolve("saddlefarm.db"));
                var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Cli.Result refused = Cli.run("run", experiment, "--out", out, "--no-progress");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("saddlefarm.db")
                    .contains("locked")
                    .doesNotContain("\tat ");
            statement.execute("ROLLBACK");
        }
        assertThat(train("disturbed", 2)).isEqualTo(undisturbed());
    }

    @Test
    void aSecondFarmInADirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        Path out = directory.resolve("disturbed");
        Process farm = start(out, LauncherOptions.VECTORS);
        await().atMost(LONG).until(() -> steps(out) > 0);
        Cli.Result second = Cli.run("run", experiment, "--out", out, "--no-progress");
        assertThat(second.exitCode()).isEqualTo(ExitCode.MISUSE);
        assertThat(second.err())
                .contains("another farm works in %s: %s is locked by process %d"
                        .formatted(out, out.resolve("lock"), farm.pid()))
                .doesNotContain("\tat ");
        assertThat(farm.waitFor()).as(output()).isZero();
        assertThat(Cli.export(out, directory.resolve("export-disturbed"))).isEqualTo(undisturbed());
    }

    @Test
    void aCheckpointThatTheDiskHasChangedIsToldAndTheOneBeforeIsUsed() throws Exception {
        Path out = directory.resolve("disturbed");
        trainUntilKilled(out);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + out.resolve("saddlefarm.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE checkpoint SET state = CAST(substr(state, 1, 500) || x'2a'"
                            + " || substr(state, 502) AS BLOB) WHERE commit_number ="
                            + " (SELECT MAX(c.commit_number) FROM checkpoint c WHERE c.run = checkpoint.run)"))
                    .isPositive();
        }
        Process again = start(out, LauncherOptions.VECTORS);
        assertThat(again.waitFor()).as(output()).isZero();
        assertThat(output()).contains("is corrupt (its checksum does not match); going back to the one before");
        assertThat(Cli.export(out, directory.resolve("export-disturbed"))).isEqualTo(undisturbed());
    }

    /** The clock on the wall, as the program sees it, jumps by a year, back and forth. */
    @Test
    @DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*\\bfaketime\\b.*")
    void aClockThatJumpsChangesNothing() throws Exception {
        // Each look at the clock reads a file.
        write(LADDERS.replace("60000", "8000").replace("[0, 1, 2]", "[0]"));
        Path out = directory.resolve("disturbed");
        Path time = Files.writeString(directory.resolve("time"), "+0d");
        Process farm = Cli.start(
                Map.of(
                        "LD_PRELOAD", libfaketime(),
                        "FAKETIME_TIMESTAMP_FILE", time.toString(),
                        "FAKETIME_NO_CACHE", "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                        "DONT_FAKE_MONOTONIC", "1"),
                LauncherOptions.VECTORS,
                directory.resolve("output"),
                "run",
                experiment,
                "--out",
                out,
                "--no-progress");
        long before = 0;
        for (String jump : List.of("+365d", "-365d", "+1h")) {
            long committed = before;
            await().atMost(LONG).until(() -> !farm.isAlive() || steps(out) > committed);
            assertThat(farm.isAlive()).as(output()).isTrue();
            before = steps(out);
            Files.writeString(time, jump);
        }
        assertThat(farm.waitFor()).as(output()).isZero();
        assertThat(Cli.export(out, directory.resolve("export-disturbed"))).isEqualTo(undisturbed());
    }

    /** Kills a farm as soon as it has committed a part of its steps. */
    private void trainUntilKilled(Path out) throws Exception {
        Process farm = start(out, LauncherOptions.VECTORS);
        await().atMost(LONG).until(() -> steps(out) > 3000);
        farm.destroyForcibly().waitFor();
    }

    private static String libfaketime() throws IOException {
        try (Stream<Path> libraries = Files.find(
                Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return libraries.findFirst().orElseThrow().toString();
        }
    }

    private static List<String> options(String... own) {
        var options = new ArrayList<>(LauncherOptions.VECTORS);
        options.addAll(List.of(own));
        return options;
    }

    private void awaitOutput(String text, Process farm) throws Exception {
        await().atMost(LONG).until(() -> !farm.isAlive() || output().contains(text));
        assertThat(farm.isAlive()).as("the farm waits, but said %s", output()).isTrue();
    }

    private static void command(String... words) throws Exception {
        Process process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }
}
