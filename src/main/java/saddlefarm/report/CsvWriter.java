package saddlefarm.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.Decimals;
import saddlefarm.statistics.Interval;

/**
 * Rows of a table as RFC 4180 has them, with the line ends of Unix: comma, quotes only where needed. An empty cell is
 * what is not known or is not a number.
 */
final class CsvWriter {

    private final OutputStream out;
    private final StringBuilder row = new StringBuilder();
    private boolean first = true;

    CsvWriter(OutputStream out) {
        this.out = out;
    }

    CsvWriter cell(@Nullable String text) {
        if (!first) {
            row.append(',');
        }
        first = false;
        if (text == null) {
            return this;
        }
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        row.append(plain ? text : '"' + text.replace("\"", "\"\"") + '"');
        return this;
    }

    CsvWriter cell(long value) {
        return cell(Long.toString(value));
    }

    CsvWriter cell(double value) {
        return cell(Double.isFinite(value) ? Decimals.text(value) : null);
    }

    CsvWriter cell(@Nullable Long value) {
        return cell(value == null ? null : value.toString());
    }

    CsvWriter cell(@Nullable Integer value) {
        return cell(value == null ? null : value.toString());
    }

    CsvWriter cell(@Nullable Double value) {
        return value == null ? cell((String) null) : cell(value.doubleValue());
    }

    CsvWriter cells(String... texts) {
        for (String text : texts) {
            cell(text);
        }
        return this;
    }

    /** Two cells, its ends; empty without one. */
    CsvWriter interval(@Nullable Interval interval) {
        return interval == null
                ? cell((String) null).cell((String) null)
                : cell(interval.low()).cell(interval.high());
    }

    void endRow() throws IOException {
        out.write(row.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        row.setLength(0);
        first = true;
    }
}
