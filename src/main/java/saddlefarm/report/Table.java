package saddlefarm.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The numbers behind a figure, as CSV in memory. */
final class Table {

    /** Writes rows. */
    @FunctionalInterface
    interface Rows {
        void write(CsvWriter csv) throws IOException;
    }

    private Table() {}

    static String csv(Rows rows) {
        var bytes = new ByteArrayOutputStream();
        try {
            rows.write(new CsvWriter(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not from memory
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
