package saddlefarm.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * Matrices as text: a line a row, numbers apart by white space; blank lines and those that begin with # do not count.
 */
public final class TextMatrix {

    private TextMatrix() {}

    /**
     * The matrix as it is written.
     *
     * @param name of the text, for messages
     * @throws DataException if it is empty or ragged, or a value is not a finite number
     */
    public static DMatrixRMaj read(Reader in, String name) throws IOException {
        var lines = new BufferedReader(in);
        List<double[]> rows = new ArrayList<>();
        int firstLine = 0;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            double[] row = row(text.split("\\s+"), name, number);
            if (rows.isEmpty()) {
                firstLine = number;
            } else if (row.length != rows.get(0).length) {
                throw new DataException("%s: line %d has %d values but line %d has %d"
                        .formatted(name, number, row.length, firstLine, rows.get(0).length));
            }
            rows.add(row);
        }
        if (rows.isEmpty()) {
            throw new DataException(name + ": no values");
        }
        return new DMatrixRMaj(rows.toArray(double[][]::new));
    }

    /** The task of inputs X and targets T whose samples are columns. */
    public static Task task(DMatrixRMaj x, DMatrixRMaj t) {
        return new Task(transposed(x), transposed(t));
    }

    static double[] row(String[] texts, String name, int line) {
        double[] row = new double[texts.length];
        for (int j = 0; j < row.length; j++) {
            row[j] = number(texts[j].strip(), name, line, j + 1);
        }
        return row;
    }

    static DMatrixRMaj transposed(DMatrixRMaj matrix) {
        var transposed = new DMatrixRMaj(matrix.numCols, matrix.numRows);
        for (int i = 0; i < matrix.numRows; i++) {
            for (int j = 0; j < matrix.numCols; j++) {
                transposed.set(j, i, matrix.get(i, j));
            }
        }
        return transposed;
    }

    private static double number(String text, String name, int line, int position) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new DataException(
                    "%s: line %d, value %d: \"%s\" is not a number".formatted(name, line, position, text));
        }
        if (!Double.isFinite(value)) {
            throw new DataException(
                    "%s: line %d, value %d: %s is not a finite number".formatted(name, line, position, text));
        }
        return value;
    }
}
