package saddlefarm.theory;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * When a linear network of two layers learns its modes, from small random weights. As long as the weights are small,
 * {@code W_2ᵀ u_j + W_1 v_j} grows as e^{s_j t} and what is orthogonal to it dies out, so that mode j is that of a
 * balanced and aligned start at {@code a_j(0) = ¼ ‖W_2ᵀ u_j + W_1 v_j‖²}, of which Saxe's form is exact (A. Saxe, J.
 * McClelland, S. Ganguli, 2014). The smaller the weights, the truer.
 */
final class TwoLayerModes {

    /** Strengths below this part of the largest one are rounding. */
    private static final double ROUNDING = 1e-10;

    /** Modes whose strengths differ relatively by no more than this have no directions of their own. */
    private static final double DISTINCT = 1e-6;

    private TwoLayerModes() {}

    /**
     * Half-times of the modes that have them, the strongest first; or why there are none.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     */
    static Predicted<List<HalfTime>> halfTimes(
            Architecture architecture, Loss loss, PaddedMatrix inputs, PaddedMatrix targets, Parameters start) {
        if (architecture.activation() != Activation.LINEAR || loss != Loss.MSE || architecture.bias()) {
            return Predicted.not("Saxe's form is of linear networks without biases under the mean squared error");
        }
        if (architecture.depth() != 2) {
            return Predicted.not("from random weights only two layers have half-times in closed form");
        }
        LinearTask task = LinearTask.of(inputs, targets);
        if (!task.whitened()) {
            return Predicted.not("the inputs are not whitened, so modes do not move by themselves");
        }
        int most = Math.min(task.strengths().size(), architecture.outputs(1));
        return Predicted.of(halfTimes(task, correlation(inputs, targets), start, most));
    }

    private static List<HalfTime> halfTimes(LinearTask task, DMatrixRMaj correlation, Parameters start, int most) {
        var decomposition = DecompositionFactory_DDRM.svd(correlation.numRows, correlation.numCols, true, true, true);
        if (!decomposition.decompose(correlation)) {
            throw new ArithmeticException("singular values did not converge");
        }
        DMatrixRMaj u = decomposition.getU(null, false);
        DMatrixRMaj v = decomposition.getV(null, false);
        SingularOps_DDRM.descendingOrder(
                u, false, decomposition.getSingularValues(), decomposition.numberOfSingularValues(), v, false);
        var times = new ArrayList<HalfTime>();
        for (int j = 1; j <= most; j++) {
            double strength = task.strengths().get(j - 1);
            double initial = value(start, u, v, j - 1);
            if (distinct(task.strengths(), j - 1) && initial > 0 && initial < strength) {
                times.add(new HalfTime(j, strength, task.mode(j, 2, initial).halfTime()));
            }
        }
        return times;
    }

    /** {@code ¼ ‖W_2ᵀ u_j + W_1 v_j‖²}. */
    private static double value(Parameters start, DMatrixRMaj u, DMatrixRMaj v, int j) {
        var first = CommonOps_DDRM.mult(start.weights(1), CommonOps_DDRM.extractColumn(v, j, null), null);
        var second = CommonOps_DDRM.multTransA(start.weights(2), CommonOps_DDRM.extractColumn(u, j, null), null);
        double square = 0;
        for (int i = 0; i < first.numRows; i++) {
            double sum = first.get(i, 0) + second.get(i, 0);
            square += sum * sum;
        }
        return square / 4;
    }

    private static boolean distinct(List<Double> strengths, int j) {
        double strength = strengths.get(j);
        boolean first = j == 0 || strengths.get(j - 1) - strength > DISTINCT * strengths.get(0);
        boolean last = j == strengths.size() - 1 || strength - strengths.get(j + 1) > DISTINCT * strengths.get(0);
        return first && last && strength > ROUNDING * strengths.get(0);
    }

    private static DMatrixRMaj correlation(PaddedMatrix inputs, PaddedMatrix targets) {
        DMatrixRMaj correlation = CommonOps_DDRM.multTransA(targets.toMatrix(), inputs.toMatrix(), null);
        CommonOps_DDRM.divide(correlation, inputs.rows());
        return correlation;
    }
}
