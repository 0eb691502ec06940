package saddlefarm.data;

import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.PaddedMatrix;

/**
 * What a network learns: N inputs and their targets. Immutable by agreement and shared by all runs on it: nobody writes
 * to its matrices.
 *
 * <p>In memory a sample is a row (in formulas, and in text matrices, a column).
 */
public final class Task {

    private final PaddedMatrix inputs;
    private final PaddedMatrix targets;

    /**
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     * @throws DataException if there are no samples, the numbers of samples differ, or a value is not finite
     */
    public Task(DMatrixRMaj inputs, DMatrixRMaj targets) {
        if (inputs.numRows != targets.numRows) {
            throw new DataException("%d inputs but %d targets".formatted(inputs.numRows, targets.numRows));
        }
        if (inputs.numRows == 0 || inputs.numCols == 0 || targets.numCols == 0) {
            throw new DataException("no samples");
        }
        requireFinite("input", inputs);
        requireFinite("target", targets);
        this.inputs = PaddedMatrix.of(inputs);
        this.targets = PaddedMatrix.of(targets);
    }

    /** X, [N × n_0], a sample a row. */
    public PaddedMatrix inputs() {
        return inputs;
    }

    /** T, [N × n_L], a sample a row. */
    public PaddedMatrix targets() {
        return targets;
    }

    /** N. */
    public int samples() {
        return inputs.rows();
    }

    /** n_0. */
    public int inputWidth() {
        return inputs.columns();
    }

    /** n_L. */
    public int outputWidth() {
        return targets.columns();
    }

    /**
     * For the cross-entropy.
     *
     * @throws DataException if the targets of a sample are not a probability distribution
     */
    public void requireDistributions() {
        for (int n = 0; n < samples(); n++) {
            double sum = 0;
            boolean negative = false;
            for (int j = 0; j < outputWidth(); j++) {
                sum += targets.get(n, j);
                negative |= targets.get(n, j) < 0;
            }
            if (negative || Math.abs(sum - 1) > 1e-9) {
                throw new DataException("the targets of sample %d are not a probability distribution".formatted(n + 1));
            }
        }
    }

    private static void requireFinite(String what, DMatrixRMaj matrix) {
        for (int i = 0; i < matrix.getNumElements(); i++) {
            if (!Double.isFinite(matrix.data[i])) {
                throw new DataException("%s %d of sample %d is %s"
                        .formatted(what, i % matrix.numCols + 1, i / matrix.numCols + 1, matrix.data[i]));
            }
        }
    }
}
