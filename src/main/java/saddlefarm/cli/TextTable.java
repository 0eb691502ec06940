package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.report.Listing;
import saddlefarm.report.Rounded;

/** A table in columns as wide as their widest cell; columns of numbers are aligned to the right. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> header) {
        this.header = List.copyOf(header);
    }

    static TextTable of(Listing listing) {
        var table = new TextTable(listing.header());
        listing.rows().forEach(table::add);
        return table;
    }

    /** Adds a row with a cell for each column. */
    void add(List<String> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(row.size(), header.size()));
        }
        rows.add(List.copyOf(row));
    }

    void print(PrintWriter out) {
        int[] widths = new int[header.size()];
        boolean[] numbers = new boolean[header.size()];
        for (int c = 0; c < widths.length; c++) {
            int column = c;
            widths[c] = Math.max(
                    header.get(c).length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0));
            numbers[c] = rows.stream().allMatch(row -> row.get(column).matches("[-\\d.,+eE∞]*"));
        }
        printRow(out, header, widths, numbers);
        rows.forEach(row -> printRow(out, row, widths, numbers));
    }

    private static void printRow(PrintWriter out, List<String> cells, int[] widths, boolean[] numbers) {
        var line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String padding = " ".repeat(widths[c] - cells.get(c).length());
            line.append(c == 0 ? "" : GAP).append(numbers[c] ? padding + cells.get(c) : cells.get(c) + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    /** A count, with its thousands apart. */
    static String count(@Nullable Number value) {
        return Rounded.count(value);
    }

    /** A quantity, to four digits. */
    static String quantity(@Nullable Double value) {
        return Rounded.quantity(value);
    }
}
