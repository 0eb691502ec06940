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
 */
record LinearTask(List<Double> strengths, double lossAtOrigin) {

    /** Directions of the inputs with a singular value below this part of the largest one are rounding. */
    private static final double RANK_TOLERANCE = 1e-10;

    LinearTask {
        strengths = List.copyOf(strengths);
    }

    /**
     * @param inputs X, [N × n_0], a sample a row
     * @param targets T, [N × n_L], a sample a row
     */
    static LinearTask of(PaddedMatrix inputs, PaddedMatrix targets) {
        DMatrixRMaj x = inputs.toMatrix();
        DMatrixRMaj t = targets.toMatrix();
        int samples = x.numRows;
        double[] strengths = SingularValues.of(CommonOps_DDRM.multTransA(t, range(x), null));
        return new LinearTask(
                Arrays.stream(strengths)
                        .map(s -> s / Math.sqrt(samples))
                        .boxed()
                        .toList(),
                Vectors.squaredNorm(t.data) / (2 * samples));
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

    /**
     * Whether Σ_xx = I to 1e-9. Then Σ_yx Σ_xx^{−1/2} is Σ_yx, and its modes move by themselves.
     *
     * @param inputs X, [N × n_0]
     */
    static boolean whitened(PaddedMatrix inputs) {
        DMatrixRMaj x = inputs.toMatrix();
        DMatrixRMaj covariance = CommonOps_DDRM.multTransA(x, x, null);
        CommonOps_DDRM.divide(covariance, x.numRows);
        CommonOps_DDRM.subtractEquals(covariance, CommonOps_DDRM.identity(x.numCols));
        return CommonOps_DDRM.elementMaxAbs(covariance) <= 1e-9;
    }
}
