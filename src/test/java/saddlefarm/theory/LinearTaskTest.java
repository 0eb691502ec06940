package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
        assertThat(LinearTask.whitened(teacher.inputs())).isTrue();
        assertThat(task.strengths().subList(0, 4))
                .usingElementComparator(near())
                .containsExactly(4.0, 2.0, 1.0, 0.5);
        assertThat(ladder(List.of(10, 20, 10), teacher.inputs(), teacher.targets())
                        .levels())
                .usingElementComparator(near())
                .containsExactly(10.625, 2.625, 0.625, 0.125, 0.0);
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
        assertThat(LinearTask.whitened(PaddedMatrix.of(x))).isFalse();

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
        assertThat(ladder(List.of(4, 3, 3), PaddedMatrix.of(x), PaddedMatrix.of(t))
                        .level(rank))
                .isCloseTo(loss, within(1e-13));
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

    private static Ladder ladder(List<Integer> widths, PaddedMatrix inputs, PaddedMatrix targets) {
        var network = new Architecture(widths, Activation.LINEAR, false);
        return Objects.requireNonNull(
                Ladder.of(network, Loss.MSE, inputs, targets).value());
    }

    private static Comparator<Double> near() {
        return (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b);
    }
}
