package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class LinearTaskTest {

    /** ½ (16 + 4 + 1 + ¼), and so on down to 0. */
    @Test
    void theLinearTeachersLadderIsThatOfItsStrengths() {
        Task teacher = TestTasks.linearTeacher(3);
        LinearTask task = LinearTask.of(teacher.inputs(), teacher.targets());
        assertThat(task.whitened()).isTrue();
        assertThat(task.strengths().subList(0, 4))
                .usingElementComparator(near())
                .containsExactly(4.0, 2.0, 1.0, 0.5);
        assertThat(task.escapeSpeed()).isCloseTo(4, within(1e-12));
        double[] losses = {10.625, 2.625, 0.625, 0.125, 0, 0};
        for (int rank = 0; rank < losses.length; rank++) {
            assertThat(task.plateauLoss(rank)).as("rank %d", rank).isCloseTo(losses[rank], within(1e-12));
        }
        assertThat(task.mode(2, 2, 1e-6).halfTime()).isCloseTo(Math.log(2e6 - 1) / 4, within(1e-10));
    }

    /**
     * On any inputs, W_2 = U_k and W_1 = U_kᵀ Σ_yx Σ_xx⁻¹ with U_k the leading eigenvectors of Σ_yx Σ_xx⁻¹ Σ_xy are
     * critical (P. Baldi, K. Hornik, 1989); here through eigenvalues and inverses, without the singular values.
     */
    @ParameterizedTest(name = "rank {0}")
    @ValueSource(ints = {0, 1, 2, 3})
    void onAnyInputsAPlateauIsACriticalPointOfItsRank(int rank) {
        var random = RandomStream.of(7, "regression");
        DMatrixRMaj x = TestMatrices.gaussian(20, 4, random);
        DMatrixRMaj t = TestMatrices.gaussian(20, 3, random);
        LinearTask task = LinearTask.of(PaddedMatrix.of(x), PaddedMatrix.of(t));
        assertThat(task.whitened()).isFalse();

        DMatrixRMaj covariance = CommonOps_DDRM.multTransA(x, x, null);
        CommonOps_DDRM.invert(covariance);
        DMatrixRMaj map = CommonOps_DDRM.mult(CommonOps_DDRM.multTransA(t, x, null), covariance, null);
        DMatrixRMaj fitted = CommonOps_DDRM.mult(map, CommonOps_DDRM.multTransA(x, t, null), null);
        DMatrixRMaj u = leadingEigenvectors(fitted, rank);
        var saddle = new Parameters(new Architecture(List.of(4, 3, 3), Activation.LINEAR, false));
        saddle.weights(2).setTo(u);
        saddle.weights(1).setTo(CommonOps_DDRM.multTransA(u, map, null));
        var gradient = new Parameters(saddle.architecture());
        double loss = new Gradient(
                        saddle.architecture(), Loss.MSE, PaddedMatrix.of(x), PaddedMatrix.of(t), Kernels.ordered())
                .evaluate(saddle, gradient);

        assertThat(Math.sqrt(gradient.squaredNorm())).isLessThan(1e-13);
        assertThat(task.plateauLoss(rank)).isCloseTo(loss, within(1e-13));
    }

    /** A copied input is no new direction. */
    @Test
    void inputsThatDependOnEachOtherChangeNothing() {
        var random = RandomStream.of(8, "regression");
        DMatrixRMaj x = TestMatrices.gaussian(20, 3, random);
        DMatrixRMaj t = TestMatrices.gaussian(20, 4, random);
        var twice = new DMatrixRMaj(20, 6);
        CommonOps_DDRM.insert(x, twice, 0, 0);
        CommonOps_DDRM.insert(x, twice, 0, 3);
        LinearTask once = LinearTask.of(PaddedMatrix.of(x), PaddedMatrix.of(t));
        LinearTask copied = LinearTask.of(PaddedMatrix.of(twice), PaddedMatrix.of(t));
        assertThat(copied.strengths()).usingElementComparator(near()).isEqualTo(once.strengths());
    }

    /** As the mean squared error does: its G is −T/N. */
    @Test
    void theEscapeSpeedIsThatOfTheLossesSlope() {
        var random = RandomStream.of(9, "regression");
        var x = PaddedMatrix.of(TestMatrices.gaussian(9, 4, random));
        var t = PaddedMatrix.of(TestMatrices.gaussian(9, 3, random));
        PaddedMatrix slope = Loss.MSE.gradientAtZero(t, Kernels.ordered());
        assertThat(LinearTask.of(x, t).escapeSpeed()).isCloseTo(LinearTask.escapeSpeed(x, slope), within(1e-14));
    }

    @Test
    void modesOfOtherInputsDoNotMoveByThemselves() {
        var random = RandomStream.of(10, "regression");
        LinearTask task = LinearTask.of(
                PaddedMatrix.of(TestMatrices.gaussian(9, 4, random)),
                PaddedMatrix.of(TestMatrices.gaussian(9, 3, random)));
        assertThatThrownBy(() -> task.mode(1, 2, 1e-3)).isInstanceOf(IllegalStateException.class);
    }

    /** The eigenvectors of the largest eigenvalues, then columns of zeros. */
    private static DMatrixRMaj leadingEigenvectors(DMatrixRMaj symmetric, int count) {
        var eigen = DecompositionFactory_DDRM.eig(symmetric.numRows, true, true);
        assertThat(eigen.decompose(symmetric.copy())).isTrue();
        List<Integer> order = IntStream.range(0, symmetric.numRows)
                .boxed()
                .sorted((a, b) -> Double.compare(eigen.getEigenvalue(b).real, eigen.getEigenvalue(a).real))
                .toList();
        var vectors = new DMatrixRMaj(symmetric.numRows, symmetric.numRows);
        for (int j = 0; j < count; j++) {
            CommonOps_DDRM.insert(eigen.getEigenVector(order.get(j)), vectors, 0, j);
        }
        return vectors;
    }

    private static Comparator<Double> near() {
        return (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b);
    }
}
