package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.RandomStream;

class DigitsTest {

    // Pixels are multiples of 1/16 below 1: sums of up to 1797 of them are exact, and a mean is rounded once.
    private static final double ROUNDING = 1e-15;

    @Test
    void theBundledFileIsTheTestSetAsPublished() throws Exception {
        byte[] file = bundled();
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
                .isEqualTo("6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8");
        List<int[]> rows = rows(new String(file, StandardCharsets.US_ASCII));
        assertThat(rows).hasSize(Digits.SIZE).allSatisfy(row -> {
            assertThat(row).hasSize(65);
            assertThat(Arrays.stream(row).limit(64)).allMatch(pixel -> 0 <= pixel && pixel <= 16);
        });
    }

    /** The numbers of each digit are those of the data set's description, {@code optdigits.names}. */
    @Test
    void allOfThemTogetherHaveTheClassesOfTheTestSet() {
        int[] counts = new int[10];
        for (int label : labels(all(0))) {
            counts[label]++;
        }
        assertThat(counts).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
    }

    /** Two hundred rows of scikit-learn's copy of the same set, label first; see {@code reference/README.md}. */
    @Test
    void everyDigitOfAnIndependentCopyIsAmongThem() throws Exception {
        Map<List<Integer>, Integer> there = new HashMap<>();
        rows(new String(bundled(), StandardCharsets.US_ASCII)).forEach(row -> there.merge(boxed(row), 1, Integer::sum));
        List<int[]> copy = rows(new String(resource("/reference/digits200.csv"), StandardCharsets.US_ASCII));
        assertThat(copy).hasSize(200).allSatisfy(row -> {
            int[] labelLast = Arrays.copyOfRange(row, 1, 66);
            labelLast[64] = row[0];
            assertThat(there.merge(boxed(labelLast), -1, Integer::sum)).isNotNegative();
        });
    }

    @Test
    void pixelsAreSixteenthsCentredOverTheSamples() {
        int[] first = new int[65];
        int[] second = new int[65];
        first[0] = 16;
        first[5] = 3;
        second[5] = 4;
        first[64] = 7;
        second[64] = 0;
        DMatrixRMaj inputs = Digits.task(new int[][] {first, second}, Targets.CENTRED)
                .inputs()
                .toMatrix();
        assertThat(inputs.get(0, 0)).isEqualTo(0.5);
        assertThat(inputs.get(1, 0)).isEqualTo(-0.5);
        assertThat(inputs.get(0, 5)).isEqualTo(-1 / 32.0);
        assertThat(inputs.get(1, 5)).isEqualTo(1 / 32.0);
        assertThat(inputs.get(0, 63)).isZero();
    }

    @Test
    void everyPixelHasMeanZero() {
        DMatrixRMaj inputs =
                Digits.task(200, random(0), Targets.CENTRED).inputs().toMatrix();
        for (int j = 0; j < 64; j++) {
            double sum = 0;
            for (int n = 0; n < 200; n++) {
                sum += inputs.get(n, j);
            }
            assertThat(sum / 200).as("pixel %d", j).isEqualTo(0, within(ROUNDING));
        }
    }

    @Test
    void targetsAreOneHotLessATenthOrDistributions() {
        int[] seven = new int[65];
        seven[64] = 7;
        Task centred = Digits.task(new int[][] {seven}, Targets.CENTRED);
        Task distribution = Digits.task(new int[][] {seven}, Targets.DISTRIBUTION);
        for (int k = 0; k < 10; k++) {
            assertThat(centred.targets().toMatrix().get(0, k)).isEqualTo(k == 7 ? 0.9 : -0.1);
            assertThat(distribution.targets().toMatrix().get(0, k)).isEqualTo(k == 7 ? 1 : 0);
        }
        distribution.requireDistributions();
        // ½ (.9² + 9 · .1²) = .45: the loss of the first plateau, whatever the samples.
        double squares =
                Arrays.stream(all(3).targets().toMatrix().data).map(t -> t * t).sum();
        assertThat(squares / (2.0 * Digits.SIZE)).isEqualTo(0.45, within(1e-12));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, -5})
    void fewerSamplesAreTheFirstOfMore(long seed) {
        Task few = Digits.task(30, random(seed), Targets.CENTRED);
        Task more = all(seed);
        assertThat(labels(few)).containsExactlyElementsOf(labels(more).subList(0, 30));
        // Centring takes the same from all samples, so what is left of two is their difference.
        for (int n = 1; n < 30; n++) {
            for (int j = 0; j < 64; j++) {
                assertThat(few.inputs().toMatrix().get(n, j)
                                - few.inputs().toMatrix().get(0, j))
                        .isEqualTo(
                                more.inputs().toMatrix().get(n, j)
                                        - more.inputs().toMatrix().get(0, j),
                                within(2 * ROUNDING));
            }
        }
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertThat(all(1).inputs().toMatrix().data).isEqualTo(all(1).inputs().toMatrix().data);
        assertThat(labels(all(1))).isNotEqualTo(labels(all(2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1798})
    void thereAreNotSoMany(int samples) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Digits.task(samples, random(0), Targets.CENTRED))
                .withMessage("there are 1 to 1797 digits but %d were asked for".formatted(samples));
    }

    private static Task all(long seed) {
        return Digits.task(Digits.SIZE, random(seed), Targets.CENTRED);
    }

    private static RandomStream random(long seed) {
        return RandomStream.of(seed, "data");
    }

    /** The class of each sample: where its target is greatest. */
    private static List<Integer> labels(Task task) {
        var labels = new ArrayList<Integer>();
        for (int n = 0; n < task.samples(); n++) {
            int best = 0;
            for (int k = 1; k < 10; k++) {
                best = task.targets().toMatrix().get(n, k)
                                > task.targets().toMatrix().get(n, best)
                        ? k
                        : best;
            }
            labels.add(best);
        }
        return labels;
    }

    private static byte[] bundled() throws IOException {
        try (var in = new GZIPInputStream(open("/saddlefarm/data/digits.csv.gz"))) {
            return in.readAllBytes();
        }
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream in = open(path)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String path) {
        return Objects.requireNonNull(DigitsTest.class.getResourceAsStream(path), path);
    }

    private static List<int[]> rows(String text) {
        return text.lines()
                .map(line -> Arrays.stream(line.split(",", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toList();
    }

    private static List<Integer> boxed(int[] row) {
        return Arrays.stream(row).boxed().toList();
    }
}
