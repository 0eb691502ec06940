package saddlefarm.theory;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.SingularValues;
import saddlefarm.linalg.Vectors;

/**
 * What a deep linear network makes of a task under the mean squared error. The critical points of rank k are the
 * projections of the best linear map on k of its modes (P. Baldi, K. Hornik, <i>Neural networks and principal component
 * analysis: learning from examples without local minima</i>, 1989); from small weights the strongest come first (A.
 * Saxe, J. McClelland, S. Ganguli, 2014), so plateau k has the loss {@code C_min + ½ Σ_{j>k} s_j²}. Networks with ReLU
 * have no such ladder in closed form.
 *
 * @param strengths s_j, the singular values of {@code Σ_yx Σ_xx^{−1/2}} with Σ_yx = TXᵀ/N and Σ_xx = XXᵀ/N, descending
 * @param lossAtOrigin C(Y = 0)
 * @param escapeSpeed σ_1(Σ_yx), the speed of the optimal escape directions of the origin
 * @param whitened whether Σ_xx = I to 1e-9: only then do modes move by themselves, as {@link #mode} says
 */
public record LinearTask(List<Double> strengths, double lossAtOrigin, double escapeSpeed, boolean whitened) {

    /** Directions of the inputs with a singular value below this part of the largest one are rounding. */
    private static final double RANK_TOLERANCE = 1e-10;

    public LinearTask {
        strengths = List.copyOf(strengths);
    }

    /**
     * @param inputs X, [N × n_0], a sample a row
     * @param targets T, [N × n_L], a sample a row
     */
    public static LinearTask of(PaddedMatrix inputs, PaddedMatrix targets) {
        DMatrixRMaj x = inputs.toMatrix();
        DMatrixRMaj t = targets.toMatrix();
        int samples = x.numRows;
        double[] strengths = SingularValues.of(CommonOps_DDRM.multTransA(t, range(x), null));
        DMatrixRMaj correlation = CommonOps_DDRM.multTransA(t, x, null);
        return new LinearTask(
                Arrays.stream(strengths)
                        .map(s -> s / Math.sqrt(samples))
                        .boxed()
                        .toList(),
                Vectors.squaredNorm(t.data) / (2 * samples),
                SingularValues.of(correlation)[0] / samples,
                isWhitened(x));
    }

    /**
     * The speed of the optimal escape directions of a linear network of any depth from 2, for any loss: on ‖W_ℓ‖_F = 1
     * the best product W_L ⋯ W_1 has rank one, so it is σ_1(G Xᵀ).
     *
     * @param inputs X, [N × n_0]
     * @param gradient G, [N × n_L]
     */
    public static double escapeSpeed(PaddedMatrix inputs, PaddedMatrix gradient) {
        return SingularValues.of(CommonOps_DDRM.multTransA(gradient.toMatrix(), inputs.toMatrix(), null))[0];
    }

    /** C on the plateau of rank k ≥ 0; from k = number of strengths on, the least loss of a linear map. */
    public double plateauLoss(int rank) {
        double learned = 0;
        for (double strength : strengths.subList(0, Math.min(rank, strengths.size()))) {
            learned += strength * strength;
        }
        return lossAtOrigin - learned / 2;
    }

    /**
     * The motion of mode j on whitened inputs, from a start that is balanced and aligned.
     *
     * @param j from 1
     * @param start its value at time 0, between 0 and s_j
     */
    public AlignedMode mode(int j, int depth, double start) {
        if (!whitened) {
            throw new IllegalStateException("modes move by themselves on whitened inputs only");
        }
        return new AlignedMode(depth, strengths.get(j - 1), start);
    }

    /** Orthonormal columns that span those of X. */
    private static DMatrixRMaj range(DMatrixRMaj x) {
        var decomposition = DecompositionFactory_DDRM.svd(x.numRows, x.numCols, true, false, true);
        if (!decomposition.decompose(x.copy())) {
            throw new ArithmeticException("singular values did not converge");
        }
        double[] values = decomposition.getSingularValues();
        DMatrixRMaj u = decomposition.getU(null, false);
        double largest = Arrays.stream(values).max().orElse(0);
        int[] kept = IntStream.range(0, Math.min(x.numRows, x.numCols))
                .filter(i -> values[i] > RANK_TOLERANCE * largest)
                .toArray();
        var range = new DMatrixRMaj(x.numRows, Math.max(1, kept.length));
        for (int row = 0; row < x.numRows; row++) {
            for (int j = 0; j < kept.length; j++) {
                range.set(row, j, u.get(row, kept[j]));
            }
        }
        return range;
    }

    private static boolean isWhitened(DMatrixRMaj x) {
        DMatrixRMaj covariance = CommonOps_DDRM.multTransA(x, x, null);
        CommonOps_DDRM.divide(covariance, x.numRows);
        CommonOps_DDRM.subtractEquals(covariance, CommonOps_DDRM.identity(x.numCols));
        return CommonOps_DDRM.elementMaxAbs(covariance) <= 1e-9;
    }
}
