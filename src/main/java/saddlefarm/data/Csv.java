package saddlefarm.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;

/** Tables of numbers, comma separated, a sample a line, with or without a line of headers. */
public final class Csv {

    private Csv() {}

    /**
     * The task whose targets are some of the columns and whose inputs are the others.
     *
     * @param name of the table, for messages
     * @throws DataException if the table is ragged or not numeric, or the columns are not its
     */
    public static Task read(Reader in, String name, TargetColumns targets) throws IOException {
        var lines = new BufferedReader(in);
        List<String> headers = List.of();
        List<double[]> rows = new ArrayList<>();
        int number = 0;
        int width = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String[] cells = line.split(",", -1);
            if (width != 0 && cells.length != width) {
                throw new DataException("%s: line %d has %d values but the table has %d columns"
                        .formatted(name, number, cells.length, width));
            }
            if (width == 0 && !numeric(cells)) {
                headers = Stream.of(cells).map(Csv::unquoted).toList();
            } else {
                rows.add(TextMatrix.row(cells, name, number));
            }
            width = cells.length;
        }
        if (rows.isEmpty()) {
            throw new DataException(name + ": no values");
        }
        return task(rows, targetColumns(targets, headers, width, name), width);
    }

    private static Task task(List<double[]> rows, List<Integer> targetColumns, int width) {
        List<Integer> inputColumns = IntStream.range(0, width)
                .filter(column -> !targetColumns.contains(column))
                .boxed()
                .toList();
        return new Task(columns(rows, inputColumns), columns(rows, targetColumns));
    }

    private static DMatrixRMaj columns(List<double[]> rows, List<Integer> columns) {
        var matrix = new DMatrixRMaj(rows.size(), columns.size());
        for (int n = 0; n < rows.size(); n++) {
            for (int j = 0; j < columns.size(); j++) {
                matrix.set(n, j, rows.get(n)[columns.get(j)]);
            }
        }
        return matrix;
    }

    /** Indices from 0, each in the table and different from the others, with at least one column left. */
    private static List<Integer> targetColumns(TargetColumns targets, List<String> headers, int width, String name) {
        List<Integer> columns = new ArrayList<>();
        if (targets instanceof TargetColumns.Last last) {
            IntStream.range(width - last.count(), width).forEach(columns::add);
        } else if (targets instanceof TargetColumns.Numbers numbers) {
            numbers.fromOne().forEach(column -> columns.add(column - 1));
        } else if (targets instanceof TargetColumns.Names names) {
            for (String header : names.headers()) {
                if (!headers.contains(header)) {
                    throw new DataException("%s: no column is called \"%s\"; there are %s"
                            .formatted(name, header, headers.isEmpty() ? "no headers" : String.join(", ", headers)));
                }
                columns.add(headers.indexOf(header));
            }
        }
        for (int column : columns) {
            if (column < 0 || column >= width) {
                throw new DataException("%s: there are columns 1 to %d but not %d".formatted(name, width, column + 1));
            }
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new DataException("%s: a target column is named twice".formatted(name));
        }
        if (columns.isEmpty() || columns.size() == width) {
            throw new DataException("%s: of %d columns %d are targets, but inputs and targets need one each at least"
                    .formatted(name, width, columns.size()));
        }
        return columns;
    }

    private static boolean numeric(String[] cells) {
        for (String cell : cells) {
            try {
                Double.parseDouble(cell.strip());
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return true;
    }

    private static String unquoted(String cell) {
        String text = cell.strip();
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
