package saddlefarm.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.ejml.data.DMatrixRMaj;

/** Images and labels in the IDX format of MNIST (Y. LeCun, C. Cortes, C. Burges), unsigned bytes, plain or gzip. */
public final class Idx {

    private static final int UNSIGNED_BYTES = 8;
    private static final int MOST_VALUES = 1 << 28;

    private Idx() {}

    /**
     * Pixels/255, centred per pixel; as many classes as the largest label plus one.
     *
     * @throws DataException if a stream is not of the format, is cut off or goes on, or their counts differ
     */
    public static Task read(
            InputStream images, String imagesName, InputStream labels, String labelsName, Targets targets)
            throws IOException {
        Array pixels = read(images, imagesName, 2);
        Array classes = read(labels, labelsName, 1);
        if (pixels.count != classes.count) {
            throw new DataException("%s has %d images but %s has %d labels"
                    .formatted(imagesName, pixels.count, labelsName, classes.count));
        }
        var inputs = new DMatrixRMaj(pixels.count, pixels.size);
        for (int i = 0; i < inputs.getNumElements(); i++) {
            inputs.data[i] = (pixels.bytes[i] & 0xff) / 255.0;
        }
        int[] numbers = new int[classes.count];
        int largest = 0;
        for (int n = 0; n < numbers.length; n++) {
            numbers[n] = classes.bytes[n] & 0xff;
            largest = Math.max(largest, numbers[n]);
        }
        return Labelled.task(inputs, numbers, largest + 1, targets);
    }

    /** {@code count} items of {@code size} bytes each. */
    private static final class Array {
        private final int count;
        private final int size;
        private final byte[] bytes;

        private Array(int count, int size, byte[] bytes) {
            this.count = count;
            this.size = size;
            this.bytes = bytes;
        }
    }

    private static Array read(InputStream stream, String name, int leastDimensions) throws IOException {
        try {
            var in = new DataInputStream(Streams.plain(stream, name));
            int magic = in.readInt();
            int dimensions = magic & 0xff;
            boolean known = magic >>> 8 == UNSIGNED_BYTES && dimensions >= leastDimensions;
            if (!known || (leastDimensions == 1 && dimensions != 1)) {
                throw new DataException("%s: not an IDX file of %s in unsigned bytes: it begins with 0x%08x"
                        .formatted(name, leastDimensions == 1 ? "labels" : "images", magic));
            }
            long count = in.readInt();
            long size = 1;
            for (int d = 1; d < dimensions; d++) {
                size *= Math.max(-1, Math.min(in.readInt(), MOST_VALUES));
                if (size < 1 || size > MOST_VALUES) {
                    throw new DataException(name + ": its dimensions are out of bounds");
                }
            }
            if (count < 1 || count * size > MOST_VALUES) {
                throw new DataException("%s: %d items of %d bytes are out of bounds".formatted(name, count, size));
            }
            // Grows with what is there, so that a wrong size in the header costs no memory.
            byte[] bytes = in.readNBytes((int) (count * size));
            if (bytes.length < count * size) {
                throw new DataException("%s: cut off: %d bytes of %d".formatted(name, bytes.length, count * size));
            }
            if (in.read() >= 0) {
                throw new DataException("%s: goes on after its %d bytes".formatted(name, count * size));
            }
            return new Array((int) count, (int) size, bytes);
        } catch (EOFException e) {
            throw new DataException(name + ": cut off");
        }
    }
}
