package saddlefarm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Phase;
import saddlefarm.analysis.PlateauDetector;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.Spectra;
import saddlefarm.analysis.StopDecision;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.FlowMemory;
import saddlefarm.descent.Handover;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;
import saddlefarm.run.Checkpoint;

class CheckpointCodecTest {

    private static final Architecture ARCHITECTURE = new Architecture(List.of(2, 3, 1), Activation.RELU, true);
    private static final double[] UNUSUAL = {
        Double.NaN,
        -0.0,
        0.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MAX_VALUE,
        0.1
    };

    static Stream<Checkpoint> checkpoints() {
        var before = new Checkpoint(
                DescentState.initial(new Parameters(ARCHITECTURE)), Cadence.State.INITIAL, SaddleFinder.State.INITIAL);
        var within = TestRuns.checkpoint(12_345_678_901L, ARCHITECTURE);
        var spectra = new Spectra(new double[][] {UNUSUAL, {}, {-0.0}});
        var state = new DescentState(Long.MAX_VALUE, -0.0, Double.NaN, Double.POSITIVE_INFINITY, unusual());
        var detector = new PlateauDetector.State(
                Phase.PLATEAU, Double.NaN, 1, -0.0, 2, 1e-320, false, Double.POSITIVE_INFINITY, Double.NaN);
        var extreme = new Checkpoint(
                state,
                new Cadence.State(detector, -0.0, true, -1, -0.0, Double.NEGATIVE_INFINITY),
                new SaddleFinder.State(
                        detector,
                        spectra,
                        new SaddleFinder.Deepest(within.descent(), spectra, List.of(0, 7, Integer.MAX_VALUE)),
                        state,
                        Integer.MAX_VALUE,
                        Long.MIN_VALUE,
                        -1,
                        new StopDecision.Asked(-0.0, Double.NaN)));
        var memory = new FlowMemory(
                1e-320,
                -0.0,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                -1,
                unusual(),
                Long.MAX_VALUE,
                new Handover(19, 7, Long.MIN_VALUE, 0.1, -0.0, 1e300));
        var flowing = new DescentState(7, 0.1, 0.2, 0.3, unusual(), memory);
        var spectraOfFlow = new SaddleFinder.Deepest(flowing, spectra, List.of(1, 1));
        return Stream.of(
                before,
                within,
                TestRuns.checkpoint(state, null, null),
                extreme,
                TestRuns.checkpoint(flowing, spectra, spectraOfFlow));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aCheckpointReadsBackToTheLastBit(Checkpoint checkpoint) throws IOException {
        byte[] bytes = CheckpointCodec.encode(checkpoint);
        Checkpoint read = CheckpointCodec.decode(bytes, ARCHITECTURE);
        assertThat(TestRuns.content(read)).isEqualTo(TestRuns.content(checkpoint));
        assertThat(CheckpointCodec.encode(read)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void parametersReadBackWithTheirArchitecture(boolean bias) throws IOException {
        for (Activation activation : Activation.values()) {
            var architecture = new Architecture(List.of(3, 1, 4, 2), activation, bias);
            Parameters parameters = TestRuns.parameters(0.1, architecture);
            byte[] bytes = CheckpointCodec.encodeNetwork(parameters);
            Parameters read = CheckpointCodec.decodeNetwork(bytes);
            assertThat(read.architecture()).isEqualTo(architecture);
            assertThat(read.toVector()).isEqualTo(parameters.toVector());
            for (int length = 0; length < bytes.length; length++) {
                byte[] part = Arrays.copyOf(bytes, length);
                assertThatExceptionOfType(IOException.class)
                        .as("%d of %d bytes", length, bytes.length)
                        .isThrownBy(() -> CheckpointCodec.decodeNetwork(part));
            }
        }
    }

    @Test
    void theBytesOfANumberAreItsBitsFromTheGreatestOn() {
        byte[] bytes = CheckpointCodec.encode(new Spectra(new double[][] {{1.5}}));
        // One layer, one value, and 1.5 = 0x3ff8000000000000 (IEEE 754).
        assertThat(bytes).containsExactly(0, 0, 0, 1, 0, 0, 0, 1, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aCheckpointCutOffAnywhereIsRefused(Checkpoint checkpoint) {
        byte[] bytes = CheckpointCodec.encode(checkpoint);
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(IOException.class)
                    .as("%d of %d bytes", length, bytes.length)
                    .isThrownBy(() -> CheckpointCodec.decode(part, ARCHITECTURE));
        }
    }

    @Test
    void spectraCutOffAnywhereAreRefused() {
        byte[] bytes = CheckpointCodec.encode(TestRuns.spectra(3));
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> CheckpointCodec.decodeSpectra(part));
        }
    }

    /** A changed number is another number; the checksum that is stored beside the bytes tells those. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void changedBytesAreACheckpointOrRefusedAndNothingElse(long seed) {
        var random = new Random(seed);
        byte[] sound = CheckpointCodec.encode(TestRuns.checkpoint(100, ARCHITECTURE));
        long before = allocated();
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = sound.clone();
            for (int flip = 0; flip <= random.nextInt(4); flip++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            refused += refused(bytes) ? 1 : 0;
        }
        // Refused are those whose magic, a count or a flag was hit: some hundreds of 2000.
        assertThat(refused).isBetween(100, 1900);
        assertThat(allocated() - before).isLessThan(2000 * 100L * sound.length);
    }

    @Test
    void noByteOfACheckpointAsksForMoreMemoryThanThereAreBytes() {
        byte[] sound = CheckpointCodec.encode(TestRuns.checkpoint(100, ARCHITECTURE));
        for (int i = 0; i < sound.length; i++) {
            for (int value : new int[] {0x00, 0x01, 0x7f, 0x80, 0xff}) {
                byte[] bytes = sound.clone();
                bytes[i] = (byte) value;
                long before = allocated();
                refused(bytes);
                assertThat(allocated() - before)
                        .as("byte %d of %d as 0x%02x", i, sound.length, value)
                        .isLessThan(1_000_000);
            }
        }
    }

    @Test
    void whatIsNoCheckpointOfThisNetworkIsRefusedWithAReason() {
        byte[] sound = CheckpointCodec.encode(TestRuns.checkpoint(100, ARCHITECTURE));
        byte[] magic = sound.clone();
        magic[3]++;
        assertThatIOException()
                .isThrownBy(() -> CheckpointCodec.decode(magic, ARCHITECTURE))
                .withMessage("not a checkpoint of a known format");
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertThatIOException()
                .isThrownBy(() -> CheckpointCodec.decode(longer, ARCHITECTURE))
                .withMessage("bytes beyond the checkpoint's end");
        // 2·3 + 3 + 3·1 + 1 = 13 parameters, and 2·4 + 4 + 4·1 + 1 = 17.
        var wider = new Architecture(List.of(2, 4, 1), Activation.RELU, true);
        assertThatIOException()
                .isThrownBy(() -> CheckpointCodec.decode(sound, wider))
                .withMessage("13 parameters for a network of widths [2, 4, 1], which has 17");
    }

    private static boolean refused(byte[] bytes) {
        try {
            CheckpointCodec.decode(bytes, ARCHITECTURE);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Parameters unusual() {
        double[] vector = IntStream.range(0, ARCHITECTURE.parameters())
                .mapToDouble(i -> UNUSUAL[i % UNUSUAL.length])
                .toArray();
        return Parameters.of(ARCHITECTURE, vector);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
