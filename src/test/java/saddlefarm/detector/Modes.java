package saddlefarm.detector;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import saddlefarm.data.Task;
import saddlefarm.network.Activation;
import saddlefarm.network.Parameters;

/**
 * The modes of a task's targets, {@code T = Σ_j τ_j q_j p_jᵀ} (a sample a row), and how far a network has learned each.
 *
 * <p>On a linear teacher U S Vᵀ with whitened inputs mode j is the teacher's own: τ_j = √N s_j, p_j = u_j, and what is
 * learned of it is u_jᵀ W_L ⋯ W_1 v_j / s_j. On any task the outputs of rank k that are nearest to the targets have the
 * first k modes and no other (C. Eckart, G. Young, <i>The approximation of one matrix by another of lower rank</i>,
 * 1936).
 */
final class Modes {

    /** Modes below this part of the first are rounding. */
    private static final double NOTHING = 1e-9;

    private final Task task;
    private final DMatrixRMaj samples;
    private final DMatrixRMaj outputs;
    private final double[] strengths;

    Modes(Task task) {
        this.task = task;
        DMatrixRMaj targets = task.targets().toMatrix();
        var svd = DecompositionFactory_DDRM.svd(targets.numRows, targets.numCols, true, true, true);
        if (!svd.decompose(targets)) {
            throw new ArithmeticException("no singular values");
        }
        samples = svd.getU(null, false);
        outputs = svd.getV(null, false);
        double[] values = svd.getSingularValues();
        SingularOps_DDRM.descendingOrder(samples, false, values, svd.numberOfSingularValues(), outputs, false);
        int count = 0;
        while (count < svd.numberOfSingularValues() && values[count] > NOTHING * values[0]) {
            count++;
        }
        strengths = Arrays.copyOf(values, count);
    }

    /** How many there are. */
    int count() {
        return strengths.length;
    }

    /** {@code C_k = 1/(2N) Σ_{j>k} τ_j²}, the least loss of outputs of rank k. */
    double level(int rank) {
        double sum = 0;
        for (int j = rank; j < strengths.length; j++) {
            sum += strengths[j] * strengths[j];
        }
        return sum / (2.0 * task.samples());
    }

    /** {@code q_jᵀ Y p_j / τ_j} of every mode: 0 when nothing of it is learned, 1 when all is. */
    double[] learned(Parameters parameters) {
        DMatrixRMaj y = outputs(parameters);
        double[] learned = new double[strengths.length];
        for (int j = 0; j < learned.length; j++) {
            double sum = 0;
            for (int n = 0; n < y.numRows; n++) {
                for (int i = 0; i < y.numCols; i++) {
                    sum += samples.get(n, j) * y.get(n, i) * outputs.get(i, j);
                }
            }
            learned[j] = sum / strengths[j];
        }
        return learned;
    }

    /** Y of a network without biases, a sample a row. */
    private DMatrixRMaj outputs(Parameters parameters) {
        DMatrixRMaj y = task.inputs().toMatrix();
        int depth = parameters.architecture().depth();
        for (int layer = 1; layer <= depth; layer++) {
            y = CommonOps_DDRM.multTransB(y, parameters.weights(layer), null);
            if (layer < depth && parameters.architecture().activation() == Activation.RELU) {
                for (int i = 0; i < y.getNumElements(); i++) {
                    y.data[i] = Math.max(y.data[i], 0);
                }
            }
        }
        return y;
    }
}
