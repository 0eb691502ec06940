package saddlefarm.analysis;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** How the weights of one layer fit those of the next. */
final class NeighbouringLayers {

    private final DMatrixRMaj lower;
    private final DMatrixRMaj upper;

    /**
     * @param lower W_ℓ, [n_ℓ × n_{ℓ−1}]
     * @param upper W_{ℓ+1}, [n_{ℓ+1} × n_ℓ]
     */
    NeighbouringLayers(DMatrixRMaj lower, DMatrixRMaj upper) {
        this.lower = lower;
        this.upper = upper;
    }

    /**
     * {@code ‖UᵀU − WWᵀ‖_F / (‖UᵀU‖_F + ‖WWᵀ‖_F)} of the upper and the lower weights; 0 where both are 0. Gradient flow
     * keeps the difference in linear networks (S. Arora, N. Cohen, E. Hazan, <i>On the optimization of deep
     * networks</i>, 2018) and its diagonal in those of ReLU (S. Du, W. Hu, J. Lee, <i>Algorithmic regularization in
     * learning deep homogeneous models</i>, 2018), without biases; so it stays as small as it was at first while
     * weights grow.
     */
    double balance() {
        DMatrixRMaj below = CommonOps_DDRM.multTransB(lower, lower, null);
        DMatrixRMaj above = CommonOps_DDRM.multTransA(upper, upper, null);
        double norms = NormOps_DDRM.normF(below) + NormOps_DDRM.normF(above);
        CommonOps_DDRM.subtractEquals(above, below);
        return norms == 0 ? 0 : NormOps_DDRM.normF(above) / norms;
    }

    /**
     * {@code ‖VᵀU‖_F² / k} of the k leading left singular vectors U of the lower weights and right ones V of the upper:
     * the mean square of the cosines of the angles between the spaces that they span.
     *
     * @param most k ≥ 1; fewer where a layer has fewer singular values
     */
    double alignment(int most) {
        int k = Math.min(most, Math.min(lower.numCols, Math.min(lower.numRows, upper.numRows)));
        DMatrixRMaj u = leadingLeft(lower, k);
        DMatrixRMaj v = leadingLeft(CommonOps_DDRM.transpose(upper, null), k);
        double norm = NormOps_DDRM.normF(CommonOps_DDRM.multTransA(v, u, null));
        return Math.min(1, norm * norm / k);
    }

    private static DMatrixRMaj leadingLeft(DMatrixRMaj matrix, int k) {
        var decomposition = DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, true, false, true);
        if (!decomposition.decompose(matrix.copy())) {
            throw new ArithmeticException("singular vectors did not converge");
        }
        DMatrixRMaj u = decomposition.getU(null, false);
        DMatrixRMaj w = decomposition.getW(null);
        SingularOps_DDRM.descendingOrder(u, false, w, null, false);
        return CommonOps_DDRM.extract(u, 0, u.numRows, 0, k);
    }
}
