package saddlefarm.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.Specification;

/** Read back by NumPy's description of the NPY format, version 1.0. */
class NpzExportTest extends StoredRunsTest {

    private final RunSpec run = TestRuns.specs(1).get(0);

    @Test
    void aRunIsAFileOfItsRowsColumnByColumn() throws IOException {
        long epoch = stored.claim(run);
        stored.commit(
                new CommitDraft(run, epoch, 10).rows(TestRuns.row(0), TestRuns.row(3), TestRuns.row(4_000_000_000L)));
        Map<String, Array> arrays = arrays();
        assertThat(arrays)
                .containsOnlyKeys(
                        "steps",
                        "flow_time",
                        "loss",
                        "gradient_norm",
                        "parameter_norm",
                        "rank",
                        "layer1/sigma",
                        "layer2/sigma",
                        "specification");
        assertThat(array(arrays, "steps")).isEqualTo(new Array("<i8", "(3,)", List.of(0L, 3L, 4_000_000_000L)));
        assertThat(array(arrays, "rank")).isEqualTo(new Array("<i8", "(3,)", List.of(1L, 1L, 1L)));
        assertThat(array(arrays, "flow_time"))
                .isEqualTo(new Array("<f8", "(3,)", List.of(0.0, 3 / 7.0, 4_000_000_000L / 7.0)));
        assertThat(array(arrays, "loss"))
                .isEqualTo(new Array("<f8", "(3,)", List.of(1 / 3.0, 1 / 6.0, 1 / 4_000_000_003.0)));
        assertThat(array(arrays, "gradient_norm"))
                .isEqualTo(new Array("<f8", "(3,)", List.of(Math.sqrt(2), Math.sqrt(5), Math.sqrt(4_000_000_002.0))));
        assertThat(array(arrays, "parameter_norm"))
                .isEqualTo(new Array("<f8", "(3,)", List.of(Math.PI, Math.PI, Math.PI)));
        assertThat(array(arrays, "layer1/sigma"))
                .isEqualTo(new Array(
                        "<f8",
                        "(3, 2)",
                        List.of(2 / 3.0, 1 / 3.0, 5 / 3.0, 4 / 3.0, 4_000_000_002.0 / 3, 4_000_000_001.0 / 3)));
        assertThat(array(arrays, "layer2/sigma"))
                .isEqualTo(new Array("<f8", "(3, 1)", List.of(0.1, 3.1, 4_000_000_000.1)));
    }

    @Test
    void theSpecificationIsTheCanonicalOne() throws IOException {
        stored.queue(run);
        Array specification = array(arrays(), "specification");
        String text = Specification.canonical(run.specification());
        assertThat(specification).isEqualTo(new Array("<U" + text.length(), "()", List.of(text)));
    }

    @Test
    void aRunWithoutRowsHasEmptyColumns() throws IOException {
        stored.queue(run);
        Map<String, Array> arrays = arrays();
        assertThat(array(arrays, "steps")).isEqualTo(new Array("<i8", "(0,)", List.of()));
        assertThat(arrays).doesNotContainKey("layer1/sigma");
    }

    @Test
    void theSameRunsGiveTheSameBytes() throws IOException {
        long epoch = stored.claim(run);
        stored.commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0), TestRuns.row(3)));
        TestRuns.specs(3).forEach(stored::queue);
        var export = stored.bytes(new NpzExport());
        assertThat(stored.bytes(new NpzExport())).isEqualTo(export);
        assertThat(export).hasSize(3).containsKey(run.id() + ".npz");
    }

    @Test
    void theBytesDoNotDependOnTheTimeZone() throws IOException {
        stored.queue(run);
        TimeZone usual = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            var export = stored.bytes(new NpzExport());
            TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
            assertThat(stored.bytes(new NpzExport())).isEqualTo(export);
        } finally {
            TimeZone.setDefault(usual);
        }
    }

    /** The values of one array, row by row. */
    private record Array(String type, String shape, List<Object> values) {}

    private static Array array(Map<String, Array> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    private Map<String, Array> arrays() throws IOException {
        byte[] file = Objects.requireNonNull(stored.bytes(new NpzExport()).get(run.id() + ".npz"))
                .array();
        var arrays = new LinkedHashMap<String, Array>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getName()).endsWith(".npy");
                arrays.put(entry.getName().replaceFirst("\\.npy$", ""), read(zip.readAllBytes()));
            }
        }
        return arrays;
    }

    private static Array read(byte[] npy) {
        assertThat(new String(npy, 0, 8, ISO_8859_1)).isEqualTo("\u0093NUMPY\u0001\u0000");
        var bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).position(8);
        byte[] header = new byte[bytes.getShort()];
        bytes.get(header);
        assertThat(bytes.position() % 64).as("where the values begin").isZero();
        String text = new String(header, ISO_8859_1);
        var described = Pattern.compile("\\{'descr': '(.*)', 'fortran_order': False, 'shape': (.*), } *\n")
                .matcher(text);
        assertThat(described.matches()).as(text).isTrue();
        String type = described.group(1);
        var values = new ArrayList<Object>();
        while (bytes.hasRemaining()) {
            switch (type) {
                case "<i8" -> values.add(bytes.getLong());
                case "<f8" -> values.add(bytes.getDouble());
                default -> {
                    byte[] characters = new byte[4 * Integer.parseInt(type.substring(2))];
                    bytes.get(characters);
                    values.add(new String(characters, Charset.forName("UTF-32LE")));
                }
            }
        }
        return new Array(type, described.group(2), values);
    }
}
