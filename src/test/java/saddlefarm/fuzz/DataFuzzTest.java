package saddlefarm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;

/** Whatever a user's data files have become, they are a task of finite numbers, or there is one message. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataFuzzTest {

    private static final int MUTATIONS = 500;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        write("X.txt", "1 2 3\n-0.5 1e-3 7\n".getBytes(StandardCharsets.UTF_8));
        write("T.txt", "1 0 1\n".getBytes(StandardCharsets.UTF_8));
        write("table.csv", "a,b,c\n1,2,3\n4,5,6\n-1e3,.5,7\n".getBytes(StandardCharsets.UTF_8));
        write("images.idx", idx(new int[] {3, 2, 2}, 12));
        write("labels.idx", idx(new int[] {3}, 3));
        write("images.idx.gz", packed(idx(new int[] {3, 2, 2}, 12)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X.txt", "T.txt"})
    void aChangedTextMatrix(String file) throws IOException {
        fuzz(file, "network.widths = [2, 3, 1], data { source = files, inputs = X.txt, targets = T.txt }");
    }

    @Test
    void aChangedTable() throws IOException {
        fuzz("table.csv", "network.widths = [2, 3, 1], data { source = csv, file = table.csv, target-columns = 1 }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images.idx", "labels.idx"})
    void aChangedIdxFile(String file) throws IOException {
        fuzz(file, "network.widths = [4, 3, 3], data { source = idx, images = images.idx, labels = labels.idx }");
    }

    @Test
    void aChangedPackedFile() throws IOException {
        fuzz(
                "images.idx.gz",
                "network.widths = [4, 3, 3], data { source = idx, images = images.idx.gz, labels = labels.idx }");
    }

    /** A few bytes that unpack to more than any machine has. */
    @Test
    void aBombIsRefused() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(new GZIPOutputStream(bytes))) {
            out.write(new byte[] {0, 0, 8, 3, 0x7f, -1, -1, -1, 0x7f, -1, -1, -1, 0x7f, -1, -1, -1});
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        write("images.idx.gz", bytes.toByteArray());
        assertThat(
                        read(
                                "network.widths = [4, 3, 3], data { source = idx, images = images.idx.gz, labels = labels.idx }"))
                .isNotBlank();
    }

    private void fuzz(String file, String keys) throws IOException {
        assertThat(read(keys)).as("unchanged").isEmpty();
        byte[] original = Files.readAllBytes(directory.resolve(file));
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            var mutations = new Mutations(seed);
            byte[] changed = seed % 2 == 0
                    ? mutations.of(original)
                    : mutations
                            .of(new String(original, StandardCharsets.ISO_8859_1))
                            .getBytes(StandardCharsets.UTF_8);
            write(file, changed);
            try {
                String message = read(keys);
                assertThat(message).doesNotContain("Exception", "\tat ");
                refused += message.isEmpty() ? 0 : 1;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation %d of %s".formatted(seed, file), e);
            }
        }
        assertThat(refused).isPositive();
    }

    /** Why the task cannot be read; empty if it was. */
    private String read(String keys) {
        String text = "name = x, descent.learning-rate = 0.1, stop.max-steps = 1, " + keys;
        try {
            RunSpec run = Experiment.parse(text, "x.conf", directory, List.of())
                    .runs()
                    .get(0);
            var task = new TaskLibrary().task(run.data(), run.loss());
            for (double value : task.inputs().toMatrix().data) {
                assertThat(value).isFinite();
            }
            for (double value : task.targets().toMatrix().data) {
                assertThat(value).isFinite();
            }
            return "";
        } catch (ExperimentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void write(String file, byte[] bytes) throws IOException {
        Files.write(directory.resolve(file), bytes);
    }

    /** Of unsigned bytes: magic, a length for each dimension, the elements. */
    private static byte[] idx(int[] lengths, int elements) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(0x0800 + lengths.length);
        for (int length : lengths) {
            out.writeInt(length);
        }
        for (int i = 0; i < elements; i++) {
            out.writeByte(lengths.length == 1 ? i % 3 : 20 * i);
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
