package saddlefarm.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

/**
 * Checkpoints, spectra and parameters as bytes: big-endian, doubles by their bits, so that what is read is what was
 * written to the last one.
 */
final class CheckpointCodec {

    private static final int MAGIC = 0x5adf_0003;

    private CheckpointCodec() {}

    static byte[] encode(Checkpoint checkpoint) {
        return bytes(out -> {
            out.writeInt(MAGIC);
            write(out, checkpoint.descent());
            write(out, checkpoint.cadence());
            write(out, checkpoint.analysis());
        });
    }

    /** @throws IOException if the bytes are not a checkpoint of a network of this architecture */
    static Checkpoint decode(byte[] bytes, Architecture architecture) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a checkpoint of a known format");
        }
        var checkpoint = new Checkpoint(readDescent(in, architecture), readCadence(in), readAnalysis(in, architecture));
        if (in.read() >= 0) {
            throw new IOException("bytes beyond the checkpoint's end");
        }
        return checkpoint;
    }

    static byte[] encode(Spectra spectra) {
        return bytes(out -> write(out, spectra));
    }

    static Spectra decodeSpectra(byte[] bytes) throws IOException {
        return readSpectra(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    /** Parameters with their architecture, so that nothing else is needed to read them. */
    static byte[] encodeNetwork(Parameters parameters) {
        return bytes(out -> {
            write(out, parameters.architecture());
            write(out, parameters);
        });
    }

    static Parameters decodeNetwork(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        return readParameters(in, readArchitecture(in));
    }

    /** A state with its architecture. */
    static byte[] encode(DescentState state) {
        return bytes(out -> {
            write(out, state.parameters().architecture());
            write(out, state);
        });
    }

    static DescentState decodeState(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        return readDescent(in, readArchitecture(in));
    }

    private static void write(DataOutputStream out, Architecture architecture) throws IOException {
        write(out, architecture.widths());
        out.writeBoolean(architecture.activation() == Activation.RELU);
        out.writeBoolean(architecture.bias());
    }

    private static Architecture readArchitecture(DataInputStream in) throws IOException {
        List<Integer> widths = readIntegers(in);
        Activation activation = in.readBoolean() ? Activation.RELU : Activation.LINEAR;
        return new Architecture(widths, activation, in.readBoolean());
    }

    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Body body) {
        var bytes = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, DescentState state) throws IOException {
        out.writeLong(state.step());
        out.writeDouble(state.flowTime());
        out.writeDouble(state.loss());
        out.writeDouble(state.squaredGradientNorm());
        write(out, state.parameters());
        out.writeBoolean(state.memory() != null);
        if (state.memory() != null) {
            write(out, state.memory());
        }
    }

    private static DescentState readDescent(DataInputStream in, Architecture architecture) throws IOException {
        return new DescentState(
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                readParameters(in, architecture),
                in.readBoolean() ? readMemory(in, architecture) : null);
    }

    private static void write(DataOutputStream out, FlowMemory memory) throws IOException {
        out.writeDouble(memory.nextStep());
        out.writeDouble(memory.lastStep());
        out.writeDouble(memory.lastError());
        out.writeDouble(memory.radius());
        out.writeInt(memory.age());
        write(out, memory.direction());
        out.writeLong(memory.evaluations());
        Handover handover = memory.handover();
        out.writeInt(handover.steps());
        out.writeInt(handover.rejected());
        out.writeLong(handover.evaluations());
        out.writeDouble(handover.time());
        out.writeDouble(handover.square());
        out.writeDouble(handover.leg());
    }

    private static FlowMemory readMemory(DataInputStream in, Architecture architecture) throws IOException {
        return new FlowMemory(
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readInt(),
                readParameters(in, architecture),
                in.readLong(),
                new Handover(
                        in.readInt(), in.readInt(), in.readLong(), in.readDouble(), in.readDouble(), in.readDouble()));
    }

    private static void write(DataOutputStream out, Cadence.State state) throws IOException {
        write(out, state.detector());
        out.writeDouble(state.leastSquare());
        out.writeBoolean(state.dropped());
        out.writeLong(state.rowStep());
        out.writeDouble(state.rowLoss());
        out.writeDouble(state.rowSquaredGradientNorm());
    }

    private static Cadence.State readCadence(DataInputStream in) throws IOException {
        return new Cadence.State(
                readDetector(in), in.readDouble(), in.readBoolean(), in.readLong(), in.readDouble(), in.readDouble());
    }

    private static void write(DataOutputStream out, PlateauDetector.State detector) throws IOException {
        out.writeBoolean(detector.phase() == Phase.ESCAPE);
        out.writeDouble(detector.initialLoss());
        out.writeLong(detector.startStep());
        out.writeDouble(detector.startTime());
        out.writeLong(detector.endStep());
        out.writeDouble(detector.endTime());
        out.writeBoolean(detector.confirmed());
        out.writeDouble(detector.leastSquare());
        out.writeDouble(detector.deepestLoss());
    }

    private static PlateauDetector.State readDetector(DataInputStream in) throws IOException {
        return new PlateauDetector.State(
                in.readBoolean() ? Phase.ESCAPE : Phase.PLATEAU,
                in.readDouble(),
                in.readLong(),
                in.readDouble(),
                in.readLong(),
                in.readDouble(),
                in.readBoolean(),
                in.readDouble(),
                in.readDouble());
    }

    private static void write(DataOutputStream out, SaddleFinder.State state) throws IOException {
        write(out, state.detector());
        out.writeBoolean(state.initial() != null);
        if (state.initial() != null) {
            write(out, state.initial());
        }
        out.writeBoolean(state.deepest() != null);
        if (state.deepest() != null) {
            write(out, state.deepest().state());
            write(out, state.deepest().spectra());
            write(out, state.deepest().layerRanks());
        }
        out.writeBoolean(state.drop() != null);
        if (state.drop() != null) {
            write(out, state.drop());
        }
        out.writeInt(state.plateaus());
        out.writeLong(state.rowStep());
        out.writeInt(state.rank());
        out.writeDouble(state.asked().flowTime());
        out.writeDouble(state.asked().square());
    }

    private static SaddleFinder.State readAnalysis(DataInputStream in, Architecture architecture) throws IOException {
        var detector = readDetector(in);
        @Nullable Spectra initial = in.readBoolean() ? readSpectra(in) : null;
        SaddleFinder.@Nullable Deepest deepest = in.readBoolean()
                ? new SaddleFinder.Deepest(readDescent(in, architecture), readSpectra(in), readIntegers(in))
                : null;
        @Nullable DescentState drop = in.readBoolean() ? readDescent(in, architecture) : null;
        return new SaddleFinder.State(
                detector,
                initial,
                deepest,
                drop,
                in.readInt(),
                in.readLong(),
                in.readInt(),
                new StopDecision.Asked(in.readDouble(), in.readDouble()));
    }

    private static void write(DataOutputStream out, List<Integer> values) throws IOException {
        out.writeInt(values.size());
        for (int value : values) {
            out.writeInt(value);
        }
    }

    private static List<Integer> readIntegers(DataInputStream in) throws IOException {
        int count = readCount(in, Integer.BYTES);
        List<Integer> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.readInt());
        }
        return values;
    }

    private static void write(DataOutputStream out, Spectra spectra) throws IOException {
        out.writeInt(spectra.depth());
        for (int layer = 1; layer <= spectra.depth(); layer++) {
            out.writeInt(spectra.count(layer));
            for (int i = 1; i <= spectra.count(layer); i++) {
                out.writeDouble(spectra.value(layer, i));
            }
        }
    }

    private static Spectra readSpectra(DataInputStream in) throws IOException {
        double[][] values = new double[readCount(in, Integer.BYTES)][];
        for (int l = 0; l < values.length; l++) {
            values[l] = new double[readCount(in, Double.BYTES)];
            for (int i = 0; i < values[l].length; i++) {
                values[l][i] = in.readDouble();
            }
        }
        return new Spectra(values);
    }

    private static void write(DataOutputStream out, Parameters parameters) throws IOException {
        double[] vector = parameters.toVector();
        out.writeInt(vector.length);
        for (double value : vector) {
            out.writeDouble(value);
        }
    }

    private static Parameters readParameters(DataInputStream in, Architecture architecture) throws IOException {
        double[] vector = new double[readCount(in, Double.BYTES)];
        if (vector.length != architecture.parameters()) {
            throw new IOException("%d parameters for a network of widths %s, which has %d"
                    .formatted(vector.length, architecture.widths(), architecture.parameters()));
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = in.readDouble();
        }
        return Parameters.of(architecture, vector);
    }

    /** A count that what is left of the bytes can hold, so that no wrong one allocates more than was read. */
    private static int readCount(DataInputStream in, int size) throws IOException {
        int count = in.readInt();
        if (count < 0 || (long) count * size > in.available()) {
            throw new IOException("%d values where %d bytes are left".formatted(count, in.available()));
        }
        return count;
    }
}
