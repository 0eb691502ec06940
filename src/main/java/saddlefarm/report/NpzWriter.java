package saddlefarm.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Arrays by name, as {@code numpy.load} reads them: a ZIP archive of NPY files, version 1.0 (NumPy's format
 * documentation). Nothing is compressed and all times are the same, so equal arrays give equal bytes on every machine.
 */
final class NpzWriter implements AutoCloseable {

    /** Not the first moment of 1980: Java writes that one down again, in the time zone of the machine. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final int HEADER_ALIGNMENT = 64;

    private final ZipOutputStream zip;

    NpzWriter(OutputStream out) {
        zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    }

    /** Adds a vector of whole numbers. */
    void add(String name, long[] values) throws IOException {
        var npy = new Npy("<i8", "(%d,)".formatted(values.length), 8L * values.length);
        for (long value : values) {
            npy.content.putLong(value);
        }
        add(name, npy.file);
    }

    /** Adds a vector. */
    void add(String name, double[] values) throws IOException {
        var npy = new Npy("<f8", "(%d,)".formatted(values.length), 8L * values.length);
        for (double value : values) {
            npy.content.putDouble(value);
        }
        add(name, npy.file);
    }

    /** Adds a matrix with these rows, all of one length. */
    void add(String name, List<double[]> rows, int columns) throws IOException {
        var npy = new Npy("<f8", "(%d, %d)".formatted(rows.size(), columns), 8L * rows.size() * columns);
        for (double[] row : rows) {
            for (double value : row) {
                npy.content.putDouble(value);
            }
        }
        add(name, npy.file);
    }

    /** Adds a text, as an array without dimensions. */
    void add(String name, String text) throws IOException {
        byte[] characters = text.getBytes(Charset.forName("UTF-32LE"));
        var npy = new Npy("<U" + characters.length / 4, "()", characters.length);
        npy.content.put(characters);
        add(name, npy.file);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private void add(String name, byte[] npy) throws IOException {
        var checksum = new CRC32();
        checksum.update(npy);
        var entry = new ZipEntry(name + ".npy");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(npy.length);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
        zip.write(npy);
        zip.closeEntry();
    }

    /** One array: the bytes of its file, with the header written, and where its content goes. */
    private static final class Npy {

        private final byte[] file;
        private final ByteBuffer content;

        Npy(String type, String shape, long size) throws IOException {
            String start = "\u0093NUMPY\u0001\u0000";
            String description = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
            int unpadded = start.length() + 2 + description.length() + 1;
            int length = (unpadded + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
            if (length + size > Integer.MAX_VALUE - 8) {
                throw new IOException("an array of %d bytes is too large for one file".formatted(size));
            }
            String header = description + " ".repeat(length - unpadded) + "\n";
            file = new byte[(int) (length + size)];
            content = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            content.put(start.getBytes(StandardCharsets.ISO_8859_1));
            content.putShort((short) header.length());
            content.put(header.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
