package saddlefarm;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jspecify.annotations.NullMarked;
import saddlefarm.data.Task;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;

/** Tasks whose saddles are known; a sample is a row. */
@NullMarked
public final class TestTasks {

    private TestTasks() {}

    /**
     * Whitened inputs (XᵀX/N = I) and a linear teacher {@code x ↦ U diag(s) Vᵀ x} with s = 4, 2, 1, ½. Plateau k has
     * the loss ½ Σ_{j>k} s_j².
     */
    public static Task linearTeacher(long seed) {
        var random = RandomStream.of(seed, "linear teacher");
        int samples = 40;
        DMatrixRMaj x = TestMatrices.orthonormal(samples, 10, random);
        CommonOps_DDRM.scale(Math.sqrt(samples), x);
        DMatrixRMaj v = TestMatrices.orthonormal(10, 4, random);
        DMatrixRMaj u = TestMatrices.orthonormal(10, 4, random);
        double[] strengths = {4, 2, 1, 0.5};
        DMatrixRMaj hidden = CommonOps_DDRM.mult(x, v, null);
        for (int row = 0; row < samples; row++) {
            for (int j = 0; j < strengths.length; j++) {
                hidden.set(row, j, hidden.get(row, j) * strengths[j]);
            }
        }
        return new Task(x, CommonOps_DDRM.multTransB(hidden, u, null));
    }

    /** Ten orthogonal inputs of length √10; target i is s_j U_j with j = i mod 3 and s = 4, 2, 1. */
    public static Task orthogonalTeacher(long seed) {
        var random = RandomStream.of(seed, "orthogonal teacher");
        int samples = 10;
        DMatrixRMaj x = TestMatrices.orthonormal(samples, 10, random);
        CommonOps_DDRM.scale(Math.sqrt(samples), x);
        DMatrixRMaj u = TestMatrices.orthonormal(10, 3, random);
        double[] strengths = {4, 2, 1};
        var targets = new DMatrixRMaj(samples, 10);
        for (int i = 0; i < samples; i++) {
            for (int row = 0; row < 10; row++) {
                targets.set(i, row, strengths[i % 3] * u.get(row, i % 3));
            }
        }
        return new Task(x, targets);
    }
}
