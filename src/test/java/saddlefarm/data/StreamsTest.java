package saddlefarm.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2 3", "\u001f", "\u001f1"})
    void aStreamThatIsNotCompressedIsItself(String text) throws IOException {
        assertThat(plain(text.getBytes(US_ASCII))).isEqualTo(text.getBytes(US_ASCII));
    }

    @Test
    void aCompressedOneIsWhatItHolds() throws IOException {
        assertThat(plain(gzip("1 2 3"))).isEqualTo("1 2 3".getBytes(US_ASCII));
    }

    @Test
    void aCompressedOneCutOffAnywhereIsNamed() throws IOException {
        byte[] whole = gzip("1 2 3");
        for (int length = 2; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(DataException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> plain(part))
                    .withMessageStartingWith("X.txt.gz: not sound gzip: ");
        }
    }

    private static byte[] plain(byte[] bytes) throws IOException {
        try (var in = Streams.plain(new ByteArrayInputStream(bytes), "X.txt.gz")) {
            return in.readAllBytes();
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(US_ASCII));
        }
        return bytes.toByteArray();
    }
}
