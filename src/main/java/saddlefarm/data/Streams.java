package saddlefarm.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Streams that may be compressed. */
public final class Streams {

    private Streams() {}

    /** The stream itself, or what it holds when it begins as gzip does. */
    public static InputStream plain(InputStream in) throws IOException {
        var buffered = new BufferedInputStream(in);
        buffered.mark(2);
        boolean compressed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return compressed ? new GZIPInputStream(buffered) : buffered;
    }
}
