package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import saddlefarm.TestTasks;
import saddlefarm.data.Task;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;

class LadderTest {

    /** ½ (16 + 4 + 1 + ¼), and so on; the last level is 0 and not what rounding leaves of it. */
    @Test
    void aLinearLadderIsThatOfTheTeachersStrengths() {
        Ladder ladder = ladder(TestTasks.linearTeacher(1), Activation.LINEAR, 20);
        assertThat(ladder.exact()).isTrue();
        assertThat(ladder.levels()).hasSize(5);
        double[] expected = {10.625, 2.625, 0.625, 0.125};
        for (int rank = 0; rank < 4; rank++) {
            assertThat(ladder.level(rank)).isCloseTo(expected[rank], within(1e-12));
        }
        assertThat(ladder.level(4)).isZero();
        assertThat(ladder.level(9)).isZero();
    }

    @Test
    void theNarrowestLayerEndsIt() {
        Ladder ladder = ladder(TestTasks.linearTeacher(1), Activation.LINEAR, 2);
        assertThat(ladder.levels()).hasSize(3);
        assertThat(ladder.level(2)).isCloseTo(0.625, within(1e-12));
        assertThat(ladder.level(3)).isEqualTo(ladder.level(2));
    }

    /** Noise beyond the inputs' reach stays, at every rank: C_min by the normal equations. */
    @Test
    void whatNoLinearMapReachesIsInEveryLevel() {
        var random = RandomStream.of(5, "noise");
        DMatrixRMaj x = TestMatrices.gaussian(12, 3, random);
        DMatrixRMaj t = TestMatrices.gaussian(12, 2, random);
        var best = new DMatrixRMaj(3, 2);
        CommonOps_DDRM.solve(x, t, best);
        DMatrixRMaj rest = CommonOps_DDRM.subtract(t, CommonOps_DDRM.mult(x, best, null), null);
        Ladder ladder = ladder(new Task(x, t), Activation.LINEAR, 4);
        assertThat(ladder.levels()).hasSize(3);
        assertThat(ladder.level(0)).isCloseTo(Vectors.squaredNorm(t.data) / 24, within(1e-12));
        assertThat(ladder.level(2)).isCloseTo(Vectors.squaredNorm(rest.data) / 24, within(1e-12));
    }

    /** Targets with orthogonal columns of lengths 3, 2, 1: the squares that are not kept, by 2N = 12. */
    @Test
    void aReluLadderIsTheLeastLossOfOutputsOfEachRank() {
        DMatrixRMaj t = TestMatrices.orthonormal(6, 3, RandomStream.of(0, "targets"));
        for (int row = 0; row < 6; row++) {
            for (int column = 0; column < 3; column++) {
                t.set(row, column, (3 - column) * t.get(row, column));
            }
        }
        DMatrixRMaj x = TestMatrices.gaussian(6, 4, RandomStream.of(0, "inputs"));
        Ladder ladder = ladder(new Task(x, t), Activation.RELU, 8);
        assertThat(ladder.exact()).isFalse();
        assertThat(ladder.levels()).hasSize(4);
        assertThat(ladder.level(0)).isCloseTo(14.0 / 12, within(1e-14));
        assertThat(ladder.level(1)).isCloseTo(5.0 / 12, within(1e-14));
        assertThat(ladder.level(2)).isCloseTo(1.0 / 12, within(1e-14));
        assertThat(ladder.level(3)).isZero();
    }

    @Test
    void theNearestLevelIsThatOfTheLeastDifference() {
        var ladder = new Ladder(List.of(10.0, 2.0, 0.5, 0.0), true);
        assertThat(ladder.nearest(11)).isZero();
        assertThat(ladder.nearest(6.1)).isZero();
        assertThat(ladder.nearest(5.9)).isEqualTo(1);
        assertThat(ladder.nearest(0.26)).isEqualTo(2);
        assertThat(ladder.nearest(1e-9)).isEqualTo(3);
    }

    private static Ladder ladder(Task task, Activation activation, int width) {
        var network = new Architecture(List.of(task.inputWidth(), width, task.outputWidth()), activation, false);
        Ladder ladder =
                Ladder.of(network, Loss.MSE, task.inputs(), task.targets()).value();
        if (ladder == null) {
            throw new AssertionError("no ladder");
        }
        return ladder;
    }
}
