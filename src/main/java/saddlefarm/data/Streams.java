package saddlefarm.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Streams that may be compressed. */
public final class Streams {

    private Streams() {}

    /**
     * The stream itself, or what it holds when it begins as gzip does; then reading it throws {@link DataException}
     * where it is damaged or cut off.
     *
     * @param name of the stream, for messages
     */
    public static InputStream plain(InputStream in, String name) throws IOException {
        var buffered = new BufferedInputStream(in);
        buffered.mark(2);
        boolean compressed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        if (!compressed) {
            return buffered;
        }
        try {
            return new Gzip(buffered, name);
        } catch (ZipException | EOFException e) {
            throw unsound(name, e);
        }
    }

    private static final class Gzip extends GZIPInputStream {

        private final String name;

        Gzip(InputStream in, String name) throws IOException {
            super(in);
            this.name = name;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (ZipException | EOFException e) {
                throw unsound(name, e);
            }
        }
    }

    private static DataException unsound(String name, IOException e) {
        return new DataException(
                "%s: not sound gzip: %s".formatted(name, e.getMessage() == null ? "cut off" : e.getMessage()));
    }
}
