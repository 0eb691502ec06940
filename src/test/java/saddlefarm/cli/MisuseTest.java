package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.LauncherOptions;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunSummary;
import saddlefarm.store.OutputDirectory;
import saddlefarm.store.SqlRunStore;

/** What a user gets wrong: one message that says where, exit code 2, and nothing else happens. */
class MisuseTest {

    private static final String FILES = "source = files, inputs = X.txt, targets = T.txt";

    @TempDir
    private Path directory;

    private Path out;

    @BeforeEach
    void writeData() throws IOException {
        out = directory.resolve("out");
        write("X.txt", "1 2 3\n4 5 6\n");
        write("T.txt", "1 2 3\n");
        write("W1.txt", "1 2\n".repeat(5));
        write("W.txt", "1 2\n3 4\n");
        write("names.csv", "a,b\n1,2\n");
        write("table.csv", "a,b\n1,2\n3,NaN\n");
        write("cut.csv", "1,2\n3\n");
        Files.write(directory.resolve("broken.csv.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0});
        Files.write(directory.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7});
        Files.write(directory.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 0});
    }

    @Test
    void openBlasOnAMachineThatItIsNotMadeForIsToldWithTheReason() throws Exception {
        write("blas.conf", """
                name = blas
                network { depth = 2, width = 5 }
                data { source = digits }
                descent { learning-rate = 0.1 }
                stop { max-steps = 10 }
                linalg.backend = openblas
                """);
        Path output = directory.resolve("output");
        var farm = Cli.start(
                List.of("-Dorg.bytedeco.javacpp.platform=linux-abacus"),
                output,
                "run",
                directory.resolve("blas.conf"),
                "--out",
                out);
        assertThat(farm.waitFor()).isEqualTo(2);
        assertThat(Files.readString(output).lines())
                .singleElement()
                .asString()
                .contains("linalg.backend = openblas: OpenBLAS cannot be loaded on this machine (")
                .contains("Could not find jniopenblas")
                .endsWith("blas.conf: 6)");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100", "1024", "0", "x", ""})
    void vectorsThatThereAreNotAreRefusedBeforeAnythingIsComputed(String bits) throws Exception {
        var options = new ArrayList<>(LauncherOptions.VECTORS);
        options.add("-Dsaddlefarm.vector-bits=" + bits);
        Path output = directory.resolve("output");
        var program = Cli.start(options, output, "run", experiment(FILES, ""), "--out", out);
        assertThat(program.waitFor()).isEqualTo(2);
        assertThat(Files.readString(output).lines())
                .filteredOn(line -> !line.startsWith("WARNING: Using incubator modules"))
                .containsExactly("saddlefarm: saddlefarm.vector-bits must be 128, 256 or 512 but was " + bits);
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "descent.learnin-rate = 1 | descent.learnin-rate is not a key; did you mean descent.learning-rate?",
                "descent.learning-rate = -0.1 | descent.learning-rate must be above 0 but was -0.1",
                "sweep.initialization.seed = [] | sweep.initialization.seed must have at least one value but was []",
                "sweep.initialization.seed = \"range(3, 3)\" | sweep.initialization.seed must have at least one value but was"
                        + " range(3, 3)",
                "data.inputs = none.txt | data.inputs: no such file: none.txt",
                "data.inputs = . | data.inputs: not a file: .",
                "network.widths = [3, 5, 1] | network.widths begins with 3 but data.source = files has 2 inputs",
                "network.widths = [2, 5, 4] | network.widths ends with 4 but data.source = files has 1 outputs",
                "initialization.scale = 1e-200 | initialization.scale must be at least 1.0E-140 at depth 2 (below it the"
                        + " square of the gradient, of the order scale^2, is less than the smallest double) but was"
                        + " 1e-200",
                "initialization { source = files, weights = [W1.txt, W.txt] } | initialization.weights: layer 2 needs a"
                        + " matrix 1 × 5 but W.txt is 2 × 2",
            })
    void aMistakeInAnExperimentIsToldWithItsLine(String line, String message) throws IOException {
        assertMistake(experiment(FILES, line), message, 6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source = csv, file = table.csv, target-columns = 1 | data.source = csv: table.csv: line 3, value 2: NaN is"
                        + " not a finite number",
                "source = csv, file = cut.csv, target-columns = 1 | data.source = csv: cut.csv: line 2 has 1 values but"
                        + " the table has 2 columns",
                "source = csv, file = names.csv, target-columns = [c] | 'data.source = csv: names.csv: no column is called"
                        + " \"c\"; there are a, b'",
                "source = csv, file = broken.csv.gz, target-columns = 1 | data.source = csv: broken.csv.gz: not sound gzip:"
                        + " cut off",
                "source = idx, images = images, labels = labels | data.source = idx: images: cut off: 1 bytes of 2",
                "source = idx, images = labels, labels = labels | data.source = idx: labels: not an IDX file of images in"
                        + " unsigned bytes: it begins with 0x00000801",
                "source = files, inputs = X.txt, targets = W.txt | data.source = files: 3 inputs but 2 targets",
            })
    void dataThatCannotBeUsedAreToldWithTheirFileAndLine(String data, String message) throws IOException {
        assertMistake(experiment(data, ""), message, 3);
    }

    private void assertMistake(Path experiment, String message, int line) throws IOException {
        List<Path> before = files();
        var result = Cli.run("run", experiment, "--out", out);
        assertThat(result.err()).isEqualTo("saddlefarm run: %s (%s: %d)%n".formatted(message, experiment, line));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aDirectoryBelowAFileCannotBeWritten() throws IOException {
        Path below = directory.resolve("X.txt").resolve("out");
        var result = Cli.run("run", experiment(FILES, ""), "--out", below);
        assertThat(result.err())
                .isEqualTo("saddlefarm run: cannot write to directory %s: Not a directory%n".formatted(below));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aDirectoryInWhichAnotherFarmWorksIsLeftToIt() throws IOException {
        try (var busy = OutputDirectory.open(out)) {
            List<Path> before = files();
            var result = Cli.run("run", experiment(FILES, ""), "--out", busy.path());
            assertThat(result.err())
                    .isEqualTo("saddlefarm run: another farm works in %s: %s is locked by process %d, this one%n"
                            .formatted(
                                    out,
                                    out.resolve("lock"),
                                    ProcessHandle.current().pid()));
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            // the experiment was written after the listing
            assertThat(files()).hasSize(before.size() + 1);
        }
    }

    /** Before a byte of it is asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--dry-run"})
    void aRunThatNeedsMoreMemoryThanThereIsIsToldAndNothingIsDone(String option) throws IOException {
        write("huge.conf", """
                name = huge
                network { depth = 3, width = 40000 }
                data { source = digits }
                descent { learning-rate = 0.1 }
                stop { max-steps = 10 }
                sweep { initialization.seed = [0, 1] }
                """);
        List<Path> before = files();
        var result = Cli.run(Stream.of("run", directory.resolve("huge.conf"), "--out", out, option)
                .filter(argument -> !argument.equals(""))
                .toArray());
        assertThat(result.err())
                .matches(
                        "(?s)saddlefarm run: run [0-9a-f]{12} of huge cannot be trained here: it needs about 16\\d GB of"
                                + " memory and may need \\d+ [MG]B at most \\(farm.max-memory\\); it has"
                                + " \\{initialization.seed=0}\\s+");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    // --- options and runs that are meant ---

    static Stream<Arguments> options() {
        return Stream.of(
                Arguments.of("run", List.of("--parallel", "0"), "--parallel must be from 1 to 1024 but was 0"),
                Arguments.of("run", List.of("--serve", "70000"), "--serve must be from 0 to 65535 but was 70000"),
                Arguments.of("run", List.of("--config", "/none.conf"), "no such file: /none.conf"),
                Arguments.of("run", List.of("--parallel", "many"), "'many' is not an int"),
                Arguments.of("export", List.of("--format", "xls", "--to", "x"), "Invalid value for option '--format'"),
                Arguments.of("export", List.of("--format", "csv"), "Missing required option: '--to=DIR'"),
                Arguments.of("show", List.of(), "Missing required parameter: 'RUN'"),
                Arguments.of("init", List.of("a/b"), "it was 'a/b'"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void aWrongOptionIsToldAndNothingIsDone(String command, List<String> options, String message) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(command));
        if (command.equals("run")) {
            arguments.addAll(List.of(experiment(FILES, ""), "--out", out));
        }
        arguments.addAll(options);
        List<Path> before = files();
        var result = Cli.run(arguments.toArray());
        assertThat(result.err()).startsWith("saddlefarm " + command + ": ").contains(message);
        assertThat(result.err()).doesNotContain("\tat ");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aRunIsMeantByTheBeginningOfItsIdIfNoOtherBeginsSo() {
        // Of seventeen ids in hexadecimal two begin alike.
        List<RunSpec> runs = registered(17);
        String ambiguous = runs.stream()
                .map(run -> run.id().substring(0, 1))
                .filter(start ->
                        runs.stream().filter(run -> run.id().startsWith(start)).count() > 1)
                .findFirst()
                .orElseThrow();
        for (List<Object> command : List.<List<Object>>of(
                List.of("show"),
                List.of("delete", "--yes"),
                List.of("export", "--format", "csv", "--to", directory.resolve("to"), "--run"))) {
            String name = String.valueOf(command.get(0));
            var both = Cli.run(Stream.concat(command.stream(), Stream.of(ambiguous, "--out", out))
                    .toArray());
            assertThat(both.err())
                    .matches("saddlefarm %s: the ids of \\d+ runs begin with %s: (%s[0-9a-f]{11}(, )?)+(, …)?%n"
                            .formatted(name, ambiguous, ambiguous));
            var none = Cli.run(Stream.concat(command.stream(), Stream.of("xyz", "--out", out))
                    .toArray());
            assertThat(none.err())
                    .isEqualTo("saddlefarm %s: no run's id begins with xyz; see saddlefarm runs%n".formatted(name));
            assertThat(List.of(both.exitCode(), none.exitCode())).containsOnly(2);
            assertThat(both.out() + none.out()).isEmpty();
        }
        assertThat(directory.resolve("to")).doesNotExist();
        assertThat(ids()).hasSize(17);
        assertThat(Cli.run("show", runs.get(3).id(), "--out", out).out())
                .startsWith("run %s of made-up: queued".formatted(runs.get(3).id()));
    }

    @Test
    void anExportSaysWhatItWasAskedWrongly() throws IOException {
        RunSpec run = registered(1).get(0);
        Path file = directory.resolve("X.txt");
        var export = List.of("export", "--out", out, "--format", "npz", "--to");
        assertThat(Cli.run(Stream.concat(export.stream(), Stream.of(file)).toArray()))
                .isEqualTo(new Cli.Result(2, "", "saddlefarm export: %s is a file, not a directory%n".formatted(file)));
        assertThat(file).hasContent("1 2 3\n4 5 6\n");
        Path to = directory.resolve("to");
        assertThat(Cli.run(Stream.concat(export.stream(), Stream.of(to, "--experiment", "other"))
                        .toArray()))
                .isEqualTo(new Cli.Result(
                        2, "", "saddlefarm export: no experiment is called other; there is made-up%n".formatted()));
        assertThat(Cli.run(Stream.concat(export.stream(), Stream.of(to, "--experiment", "other", "--run", run.id()))
                        .toArray()))
                .isEqualTo(new Cli.Result(
                        2, "", "saddlefarm export: run %s is of experiment made-up, not other%n".formatted(run.id())));
        assertThat(to).doesNotExist();
    }

    @Test
    void aDirectoryWithoutResultsIsTold() {
        for (String command : List.of("runs", "show", "export", "delete")) {
            List<Object> arguments = new ArrayList<>(List.of(command, "--out", out));
            arguments.addAll(
                    switch (command) {
                        case "show", "delete" -> List.of("abc");
                        case "export" -> List.of("--format", "csv", "--to", directory.resolve("to"));
                        default -> List.of();
                    });
            assertThat(Cli.run(arguments.toArray()))
                    .isEqualTo(new Cli.Result(2, "", "saddlefarm %s: no such directory: %s%n".formatted(command, out)));
        }
        assertThat(out).doesNotExist();
    }

    @Test
    void aPortThatIsTakenIsToldBeforeAnythingIsMade() throws IOException {
        Path sound = experiment("source = linear-teacher", "");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var result = Cli.run("run", sound, "--out", out, "--serve", taken.getLocalPort());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("saddlefarm run: cannot listen on 127.0.0.1:%d: ".formatted(taken.getLocalPort()));
            assertThat(result.out()).isEmpty();
            assertThat(out).doesNotExist();
        }
    }

    private Path experiment(String data, String line) throws IOException {
        return write("experiment.conf", """
                name = bad
                network { depth = 2, width = 5 }
                data { %s }
                descent { learning-rate = 0.04 }
                stop { max-steps = 100 }
                %s
                """.formatted(data, line));
    }

    private List<RunSpec> registered(int count) {
        List<RunSpec> runs = TestRuns.specs(count);
        try (var output = OutputDirectory.open(out);
                var store = output.openStore()) {
            store.register(runs);
        }
        return runs;
    }

    private List<String> ids() {
        try (var store = SqlRunStore.openReadOnly(out)) {
            return store.runs().stream().map(RunSummary::id).toList();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().toList();
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
