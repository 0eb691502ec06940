package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The format as its authors describe it: two zeros, the type, the number of dimensions, each dimension, the values. */
class IdxTest {

    private static final byte[] IMAGES = idx(0x0803, new int[] {2, 1, 3}, 0, 255, 51, 0, 0, 153);
    private static final byte[] LABELS = idx(0x0801, new int[] {2}, 2, 0);

    @Test
    void pixelsArePartsOf255CentredPerPixel() throws IOException {
        Task task = read(IMAGES, LABELS, Targets.CENTRED);
        assertThat(task.samples()).isEqualTo(2);
        // 0 and 0; 1 and 0; 1/5 and 3/5
        assertThat(task.inputs().toMatrix().data).containsExactly(0, 0.5, 0.2 - 0.4, 0, -0.5, 0.6 - 0.4);
    }

    @Test
    void thereAreAsManyClassesAsTheLargestLabelAndOne() throws IOException {
        Task centred = read(IMAGES, LABELS, Targets.CENTRED);
        double third = 1.0 / 3;
        assertThat(centred.targets().toMatrix().data)
                .containsExactly(-third, -third, 1 - third, 1 - third, -third, -third);
        Task distribution = read(IMAGES, LABELS, Targets.DISTRIBUTION);
        assertThat(distribution.targets().toMatrix().data).containsExactly(0, 0, 1, 1, 0, 0);
    }

    @Test
    void bytesAreUnsigned() throws IOException {
        byte[] labels = idx(0x0801, new int[] {2}, 255, 128);
        assertThat(read(IMAGES, labels, Targets.CENTRED).outputWidth()).isEqualTo(256);
    }

    @Test
    void gzipIsReadAsWhatIsInIt() throws IOException {
        Task plain = read(IMAGES, LABELS, Targets.CENTRED);
        Task packed = read(gzip(IMAGES), gzip(LABELS), Targets.CENTRED);
        assertThat(packed.inputs().toMatrix().data).isEqualTo(plain.inputs().toMatrix().data);
        assertThat(packed.targets().toMatrix().data).isEqualTo(plain.targets().toMatrix().data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000801", "00000903", "00000d03", "01000803", "89504e47"})
    void anythingElseIsToldByHowItBegins(String magic) {
        byte[] images = IMAGES.clone();
        ByteBuffer.wrap(images).putInt(Integer.parseUnsignedInt(magic, 16));
        assertMistake(images, LABELS, "images: not an IDX file of images in unsigned bytes: it begins with 0x" + magic);
        assertMistake(IMAGES, IMAGES, "labels: not an IDX file of labels in unsigned bytes: it begins with 0x00000803");
    }

    @Test
    void aFileCutOffAnywhereIsToldSo() throws IOException {
        for (byte[] whole : new byte[][] {IMAGES, gzip(IMAGES)}) {
            for (int length = 0; length < whole.length; length++) {
                assertMistake(Arrays.copyOf(whole, length), LABELS, "images: ");
            }
        }
        assertMistake(Arrays.copyOf(IMAGES, IMAGES.length - 2), LABELS, "images: cut off: 4 bytes of 6");
        assertMistake(IMAGES, Arrays.copyOf(LABELS, LABELS.length - 1), "labels: cut off: 1 bytes of 2");
        assertMistake(Arrays.copyOf(IMAGES, 9), LABELS, "images: cut off");
    }

    @Test
    void brokenGzipIsToldSo() throws IOException {
        byte[] packed = gzip(IMAGES);
        byte[] method = packed.clone();
        method[2] = 0;
        assertMistake(method, LABELS, "images: not sound gzip: Unsupported compression method");
        byte[] checksum = packed.clone();
        checksum[packed.length - 8]++;
        assertMistake(checksum, LABELS, "images: not sound gzip: Corrupt GZIP trailer");
    }

    @Test
    void aFileThatGoesOnIsToldSo() {
        assertMistake(Arrays.copyOf(IMAGES, IMAGES.length + 1), LABELS, "images: goes on after its 6 bytes");
    }

    @Test
    void everyImageHasALabel() {
        byte[] labels = idx(0x0801, new int[] {3}, 2, 0, 1);
        assertMistake(IMAGES, labels, "images has 2 images but labels has 3 labels");
    }

    @Test
    void thereIsAtLeastOneImageOfOnePixel() {
        assertMistake(idx(0x0803, new int[] {0, 1, 3}), LABELS, "images: 0 items of 3 bytes are out of bounds");
        assertMistake(idx(0x0803, new int[] {-1, 1, 3}), LABELS, "images: -1 items of 3 bytes are out of bounds");
        assertMistake(idx(0x0803, new int[] {2, 0, 3}), LABELS, "images: its dimensions are out of bounds");
        assertMistake(idx(0x0803, new int[] {2, -2, -3}), LABELS, "images: its dimensions are out of bounds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,16384,16384",
                "268435456,1,1",
                "2147483647,2147483647,2147483647",
                "1,2147483647,2",
                "65536,65536,65536",
                "-2147483648,-2147483648,1"
            })
    void dimensionsThatAreNotThereCostNoMemory(String dimensions) {
        int[] sizes = Arrays.stream(dimensions.split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        byte[] images = idx(0x0803, sizes, new int[100_000]);
        long before = allocated();
        assertMistake(images, LABELS, "images: ");
        assertThat(allocated() - before).isLessThan(10_000_000);
    }

    private static void assertMistake(byte[] images, byte[] labels, String beginning) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(images, labels, Targets.CENTRED))
                .withMessageStartingWith(beginning);
    }

    private static Task read(byte[] images, byte[] labels, Targets targets) throws IOException {
        return Idx.read(
                new ByteArrayInputStream(images), "images", new ByteArrayInputStream(labels), "labels", targets);
    }

    private static byte[] idx(int magic, int[] dimensions, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
        bytes.putInt(magic);
        for (int dimension : dimensions) {
            bytes.putInt(dimension);
        }
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
