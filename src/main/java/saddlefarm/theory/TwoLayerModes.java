package saddlefarm.theory;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * When a linear network of two layers learns its modes, from small random weights. While these are small, {@code m_j =
 * W_2ᵀ u_j + W_1 v_j} grows as e^{s_j t} and what is orthogonal to it dies out. From there on the flow is a Riccati
 * equation with the solution of K. Fukumizu (<i>Effect of batch learning in multilayer neural networks</i>, 1998): the
 * modes {@code A = ¼ MᵀM} obey {@code A' = SA + AS − 2A²}. When mode j rises the stronger ones have taken their
 * directions, so it is Saxe's mode (A. Saxe, J. McClelland, S. Ganguli, 2014) that begins at ¼ of the squared length of
 * what of m_j is orthogonal to m_1, …, m_{j−1}. The smaller the weights, and the further apart the strengths, the
 * truer.
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
        if (!LinearTask.whitened(inputs)) {
            return Predicted.not("the inputs are not whitened, so modes do not move by themselves");
        }
        return Predicted.of(halfTimes(correlation(inputs, targets), start, architecture.outputs(1)));
    }

    private static List<HalfTime> halfTimes(DMatrixRMaj correlation, Parameters start, int hidden) {
        var decomposition = DecompositionFactory_DDRM.svd(correlation.numRows, correlation.numCols, true, true, true);
        if (!decomposition.decompose(correlation)) {
            throw new ArithmeticException("singular values did not converge");
        }
        DMatrixRMaj u = decomposition.getU(null, false);
        DMatrixRMaj v = decomposition.getV(null, false);
        double[] strengths = decomposition.getSingularValues();
        int modes = decomposition.numberOfSingularValues();
        SingularOps_DDRM.descendingOrder(u, false, strengths, modes, v, false);
        var taken = new ArrayList<double[]>();
        var times = new ArrayList<HalfTime>();
        for (int j = 0; j < Math.min(modes, hidden); j++) {
            double[] direction = direction(start, u, v, j);
            taken.forEach(other -> Vectors.addScaled(-Vectors.dot(other, direction), other, direction));
            double initial = Vectors.squaredNorm(direction) / 4;
            if (initial > 0) {
                if (distinct(strengths, modes, j) && initial < strengths[j]) {
                    times.add(new HalfTime(j + 1, strengths[j], new AlignedMode(2, strengths[j], initial).halfTime()));
                }
                Vectors.scale(1 / Vectors.norm(direction), direction);
                taken.add(direction);
            }
        }
        return times;
    }

    /** m_j, as long as there are hidden units. */
    private static double[] direction(Parameters start, DMatrixRMaj u, DMatrixRMaj v, int j) {
        var first = CommonOps_DDRM.mult(start.weights(1), CommonOps_DDRM.extractColumn(v, j, null), null);
        var second = CommonOps_DDRM.multTransA(start.weights(2), CommonOps_DDRM.extractColumn(u, j, null), null);
        return CommonOps_DDRM.add(first, second, null).data;
    }

    private static boolean distinct(double[] strengths, int modes, int j) {
        double least = DISTINCT * strengths[0];
        boolean first = j == 0 || strengths[j - 1] - strengths[j] > least;
        boolean last = j == modes - 1 || strengths[j] - strengths[j + 1] > least;
        return first && last && strengths[j] > ROUNDING * strengths[0];
    }

    private static DMatrixRMaj correlation(PaddedMatrix inputs, PaddedMatrix targets) {
        DMatrixRMaj correlation = CommonOps_DDRM.multTransA(targets.toMatrix(), inputs.toMatrix(), null);
        CommonOps_DDRM.divide(correlation, inputs.rows());
        return correlation;
    }
}
