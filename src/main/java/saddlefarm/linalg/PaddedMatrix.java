package saddlefarm.linalg;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * A dense matrix as {@link Kernels} read it: row after row, each row padded with zeros to a multiple of {@link #BLOCK}
 * columns, so that vector loops need no remainder. Mutable; whoever made it owns it.
 *
 * <p>Kernels compute the padding too. It stays 0 while numbers are finite, because products, masks and sums of zeros
 * are 0. What infinite ones leave there is gone when {@link #set}, {@link #setRows}, {@link #setZero} or a product next
 * fills the matrix.
 */
public final class PaddedMatrix {

    /** Columns are padded to a multiple of this: the widest vector of doubles there is. */
    public static final int BLOCK = 8;

    /** The elements; row r is from {@code offset + r · stride} on. */
    final double[] data;

    final int offset;
    final int stride;
    private final int rows;
    private final int columns;

    private PaddedMatrix(double[] data, int offset, int stride, int rows, int columns) {
        this.data = data;
        this.offset = offset;
        this.stride = stride;
        this.rows = rows;
        this.columns = columns;
    }

    /** All zero. */
    public PaddedMatrix(int rows, int columns) {
        this(new double[Math.multiplyExact(rows, padded(columns))], 0, padded(columns), rows, columns);
    }

    /** A copy of a matrix. */
    public static PaddedMatrix of(DMatrixRMaj matrix) {
        var padded = new PaddedMatrix(matrix.numRows, matrix.numCols);
        padded.set(matrix);
        return padded;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Some of the rows, sharing their elements with this matrix. */
    public PaddedMatrix rows(int from, int count) {
        if (from < 0 || count < 0 || from + count > rows) {
            throw new IndexOutOfBoundsException("rows %d to %d of %d".formatted(from, from + count, rows));
        }
        return new PaddedMatrix(data, offset + from * stride, stride, count, columns);
    }

    /** The element in a row and a column, both from 0. */
    public double get(int row, int column) {
        return data[index(row, column)];
    }

    public void set(int row, int column, double value) {
        data[index(row, column)] = value;
    }

    /** Copies a matrix of the same shape into this one. */
    public void set(DMatrixRMaj matrix) {
        requireShape(matrix, rows, columns);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(matrix.data, row * columns, data, offset + row * stride, columns);
        }
    }

    /** Copies the transpose of a matrix into this one. */
    public void setTransposed(DMatrixRMaj matrix) {
        requireShape(matrix, columns, rows);
        for (int row = 0; row < matrix.numRows; row++) {
            for (int column = 0, from = row * rows, to = offset + row; column < rows; column++, to += stride) {
                data[to] = matrix.data[from + column];
            }
        }
    }

    /** Copies this matrix into one of the same shape. */
    public void copyTo(DMatrixRMaj matrix) {
        requireShape(matrix, rows, columns);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(data, offset + row * stride, matrix.data, row * columns, columns);
        }
    }

    /** A copy without padding. */
    public DMatrixRMaj toMatrix() {
        var matrix = new DMatrixRMaj(rows, columns);
        copyTo(matrix);
        return matrix;
    }

    /** Sets every row to the same vector, and the padding to 0. */
    public void setRows(double[] vector) {
        for (int row = 0; row < rows; row++) {
            int begin = offset + row * stride;
            System.arraycopy(vector, 0, data, begin, columns);
            clearPadding(row);
        }
    }

    /** Sets the padding of a row to 0. */
    void clearPadding(int row) {
        int begin = offset + row * stride;
        Arrays.fill(data, begin + columns, begin + stride, 0);
    }

    /** Adds the rows to a vector, in ascending order. */
    public void addRowsTo(double[] vector) {
        for (int row = 0, i = offset; row < rows; row++, i += stride) {
            for (int column = 0; column < columns; column++) {
                vector[column] += data[i + column];
            }
        }
    }

    public void setZero() {
        Arrays.fill(data, offset, end(), 0);
    }

    /** The index behind the last element. */
    int end() {
        return offset + rows * stride;
    }

    private int index(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("element (%d, %d) of %d × %d".formatted(row, column, rows, columns));
        }
        return offset + row * stride + column;
    }

    private static void requireShape(DMatrixRMaj matrix, int rows, int columns) {
        if (matrix.numRows != rows || matrix.numCols != columns) {
            throw new IllegalArgumentException("a matrix of %d × %d where one of %d × %d belongs"
                    .formatted(matrix.numRows, matrix.numCols, rows, columns));
        }
    }

    private static int padded(int columns) {
        return (columns + BLOCK - 1) & -BLOCK;
    }
}
