package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.data.TargetColumns;
import saddlefarm.data.Task;
import saddlefarm.network.Parameters;

class FileSourcesTest {

    private static final String MATRICES = "data { source = files, inputs = X.txt, targets = T.txt }\n";
    private static final String WEIGHTS = "initialization { source = files, weights = [W1.txt, W2.txt] }\n";

    @TempDir
    Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        write("X.txt", "1 2 3 4\n5 6 7 8\n"); // 2 inputs, 4 samples
        write("T.txt", "1 0 0.5 1\n0 1 0.5 0\n0 0 0 0\n"); // 3 outputs
        write("W1.txt", "1 2\n3 4\n5 6\n7 8\n9 10\n");
        write("W2.txt", "1 2 3 4 5\n6 7 8 9 10\n11 12 13 14 15\n");
        write("table.csv", "a,b,c\n1,2,3\n4,5,6\n");
        Files.write(
                directory.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4});
        Files.write(directory.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 0, 1});
    }

    @Test
    void textMatricesBecomeATaskOfTheirWidths() {
        RunSpec run = run(MATRICES);
        assertThat(run.data())
                .isEqualTo(new DataSettings.Files(
                        InputFiles.relativeTo(directory).read("X.txt"),
                        InputFiles.relativeTo(directory).read("T.txt")));
        assertThat(run.architecture().widths()).containsExactly(2, 5, 3);
        Task task = new TaskLibrary().task(run.data(), run.loss());
        assertThat(task.samples()).isEqualTo(4);
        assertThat(task.inputs().get(3, 0)).isEqualTo(4);
        assertThat(task.targets().get(2, 1)).isEqualTo(0.5);
    }

    @Test
    void columnsOfDistributionsSuitCrossEntropy() {
        RunSpec run = run(MATRICES + "loss = cross-entropy");
        assertThat(new TaskLibrary().task(run.data(), run.loss()).outputWidth()).isEqualTo(3);
    }

    @Test
    void targetsThatAreNoDistributionsDoNotSuitCrossEntropy() throws IOException {
        write("T.txt", "1 2 3 4\n");
        assertThat(message(MATRICES + "loss = cross-entropy"))
                .startsWith("data.source = files: ")
                .endsWith(" (x.conf: 6)");
        assertThat(message("data.source = relu-teacher\nloss = cross-entropy"))
                .startsWith("data.source = relu-teacher: ")
                .endsWith(" (x.conf: 6)");
        assertThat(message("data.source = circle-toy\nloss = cross-entropy"))
                .startsWith("data.source = circle-toy: ")
                .endsWith(" (x.conf: 6)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1 | 2 | 1", "2 | 1 | 2", "[1, 3] | 1 | 2", "[3] | 2 | 1", "[b] | 2 | 1", "[\"c\", \"a\"] | 1 | 2"
            })
    void aTableIsSplitIntoInputsAndTargets(String targetColumns, int inputs, int outputs) {
        RunSpec run = run("data { source = csv, file = table.csv, target-columns = " + targetColumns + " }");
        assertThat(run.architecture().widths()).containsExactly(inputs, 5, outputs);
        assertThat(readBack(run).data()).isEqualTo(run.data());
    }

    @Test
    void targetColumnsAreANumberOrNumbersOrHeaders() {
        String csv = "data { source = csv, file = table.csv, target-columns = ";
        InputFile table = InputFiles.relativeTo(directory).read("table.csv");
        assertThat(run(csv + "2 }").data()).isEqualTo(new DataSettings.Csv(table, new TargetColumns.Last(2)));
        assertThat(run(csv + "[2] }").data())
                .isEqualTo(new DataSettings.Csv(table, new TargetColumns.Numbers(List.of(2))));
        assertThat(run(csv + "[b] }").data())
                .isEqualTo(new DataSettings.Csv(table, new TargetColumns.Names(List.of("b"))));
        assertThat(message(csv + "0 }")).isEqualTo("data.target-columns must be at least 1 but was 0 (x.conf: 6)");
        assertThat(message(csv + "[1, b] }"))
                .isEqualTo("item 2 of data.target-columns must be a whole number but was b (x.conf: 6)");
        assertThat(message("data { source = csv, file = table.csv }"))
                .isEqualTo("data.target-columns is missing: data.source = csv needs it (x.conf)");
    }

    @Test
    void imagesWithLabelsBecomeATaskForEitherLoss() {
        String idx = "data { source = idx, images = images, labels = labels }\n";
        assertThat(run(idx).architecture().inputs(1)).isEqualTo(2);
        RunSpec run = run(idx + "loss = cross-entropy");
        Task task = new TaskLibrary().task(run.data(), run.loss());
        task.requireDistributions();
        assertThat(task.samples()).isEqualTo(2);
    }

    @Test
    void weightsFromFilesStartTheNetwork() {
        RunSpec run = run(MATRICES + WEIGHTS + "network.bias = true");
        Parameters parameters = new TaskLibrary().initialParameters(run);
        assertThat(parameters.weights(1).get(4, 1)).isEqualTo(10);
        assertThat(parameters.weights(2).get(2, 0)).isEqualTo(11);
        assertThat(parameters.biases(1)).containsOnly(0);
    }

    @Test
    void weightsThatDoNotFitTheNetworkAreNamed() throws IOException {
        assertThat(message(MATRICES + "initialization { source = files, weights = [W1.txt] }"))
                .isEqualTo(
                        "initialization.weights must have a file for each of 2 layers but was [\"W1.txt\"] (x.conf: 7)");
        assertThat(message(MATRICES + "initialization { source = files, weights = [W2.txt, W2.txt] }"))
                .isEqualTo("initialization.weights: layer 1 needs a matrix 5 × 2 but W2.txt is 3 × 5 (x.conf: 7)");
        write("W1.txt", "1 2\n3\n");
        assertThat(message(MATRICES + WEIGHTS))
                .startsWith("initialization.weights: ")
                .contains("W1.txt")
                .endsWith(" (x.conf: 7)");
    }

    @Test
    void brokenDataAreNamedWithTheirFile() throws IOException {
        write("X.txt", "1 2 3\n5 6 7 8\n");
        assertThat(message(MATRICES))
                .startsWith("data.source = files: ")
                .contains("X.txt")
                .endsWith(" (x.conf: 6)");
        write("X.txt", "1 2 3 nan\n");
        assertThat(message(MATRICES)).startsWith("data.source = files: ").endsWith(" (x.conf: 6)");
        write("X.txt", "1 2 3\n");
        assertThat(message(MATRICES)).isEqualTo("data.source = files: 3 inputs but 4 targets (x.conf: 6)");
    }

    @Test
    void missingFilesAreAllNamed() {
        assertThat(message("data { source = files, inputs = a.txt, targets = b.txt }"))
                .isEqualTo("""
                data.inputs: no such file: a.txt (x.conf: 6)
                data.targets: no such file: b.txt (x.conf: 6)""");
    }

    @Test
    void theIdFollowsFromTheContentsAndNotFromThePath() throws IOException {
        String id = run(MATRICES + WEIGHTS).id();
        Files.copy(directory.resolve("X.txt"), directory.resolve("Y.txt"));
        assertThat(run(MATRICES.replace("X.txt", "Y.txt") + WEIGHTS).id()).isEqualTo(id);
        write("Y.txt", "1 2 3 4\n5 6 7 9\n");
        assertThat(run(MATRICES.replace("X.txt", "Y.txt") + WEIGHTS).id()).isNotEqualTo(id);
        write("W2.txt", "1 2 3 4 5\n6 7 8 9 10\n11 12 13 14 16\n");
        assertThat(run(MATRICES + WEIGHTS).id()).isNotEqualTo(id);
    }

    @Test
    void aSpecificationReadsBackEvenWhenTheFilesAreGone() throws IOException {
        RunSpec run = run(MATRICES + WEIGHTS);
        for (String name : List.of("X.txt", "T.txt", "W1.txt", "W2.txt")) {
            Files.delete(directory.resolve(name));
        }
        assertThat(readBack(run)).isEqualTo(run);
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> new TaskLibrary().task(run.data(), run.loss()))
                .withMessage("no such file: " + directory.resolve("X.txt"));
    }

    @Test
    void aPinnedFileMustHaveItsContents() {
        String pin = "0".repeat(64);
        String actual = InputFiles.relativeTo(directory).read("X.txt").sha256();
        assertThat(message(MATRICES + "data.inputs-sha256 = \"" + pin + "\""))
                .isEqualTo("data.inputs: X.txt has the SHA-256 %s but data.inputs-sha256 asks for %s (x.conf: 6)"
                        .formatted(actual, pin));
        assertThat(run(MATRICES + "data.inputs-sha256 = \"" + actual + "\"").id())
                .isEqualTo(run(MATRICES).id());
        assertThat(message(MATRICES + "data.inputs-sha256 = x"))
                .startsWith("data.inputs-sha256 must be 64 hexadecimal digits in lower case but was x (x.conf: 7)");
    }

    @Test
    void aFileThatChangesAfterwardsStopsTheRun() throws IOException {
        RunSpec run = run(MATRICES);
        write("X.txt", "1 2 3 4\n5 6 7 9\n");
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> new TaskLibrary().task(run.data(), run.loss()))
                .withMessageContaining("X.txt has changed");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private RunSpec run(String lines) {
        String text = Experiments.SHORT.replace("depth = 3", "depth = 2") + lines;
        return Experiments.only(
                Experiment.parse(text, "x.conf", directory, List.of()).runs());
    }

    private static RunSpec readBack(RunSpec run) {
        return Experiments.only(Experiment.parse(run.specification(), "stored", Experiments.NOWHERE, List.of())
                .runs());
    }

    private String message(String lines) {
        return String.valueOf(catchThrowableOfType(ExperimentException.class, () -> run(lines))
                .getMessage());
    }
}
