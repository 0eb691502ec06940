package saddlefarm.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.data.Task;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

/** On a linear teacher U diag(s) Vᵀ of whitened inputs, s = 4, 2, 1, ½. */
class ModesTest {

    private static final double[] STRENGTHS = {4, 2, 1, 0.5};
    private static final Offset<Double> ROUNDING = within(1e-12);

    private final DMatrixRMaj u = TestMatrices.orthonormal(10, 4, RandomStream.of(0, "u"));
    private final DMatrixRMaj v = TestMatrices.orthonormal(10, 4, RandomStream.of(0, "v"));
    private final Modes modes = new Modes(task());

    @Test
    void theModesOfALinearTeacherAreItsOwn() {
        assertThat(modes.count()).isEqualTo(4);
        List<Double> levels = List.of(10.625, 2.625, 0.625, 0.125, 0.0);
        for (int k = 0; k <= 4; k++) {
            assertThat(modes.level(k)).isCloseTo(levels.get(k), ROUNDING);
        }
    }

    /** The hidden units are v_j and −v_j: since x = relu(x) − relu(−x), what a ReLU makes of them is linear too. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void aNetworkThatMakesOfEachModeAPartHasLearnedThisPart(Activation activation) {
        double[] parts = {1, 0.3, 0, -0.2};
        double units = activation == Activation.RELU ? 1 : 2;
        var parameters = new Parameters(new Architecture(List.of(10, 8, 10), activation, false));
        for (int j = 0; j < 4; j++) {
            for (int i = 0; i < 10; i++) {
                double strength = STRENGTHS[j] * parts[j] / units;
                parameters.weights(1).set(j, i, v.get(i, j));
                parameters.weights(1).set(4 + j, i, -v.get(i, j));
                parameters.weights(2).set(i, j, strength * u.get(i, j));
                parameters.weights(2).set(i, 4 + j, -strength * u.get(i, j));
            }
        }
        assertThat(modes.learned(parameters)).containsExactly(parts, ROUNDING);
    }

    private Task task() {
        int samples = 40;
        DMatrixRMaj inputs = TestMatrices.orthonormal(samples, 10, RandomStream.of(0, "inputs"));
        CommonOps_DDRM.scale(Math.sqrt(samples), inputs);
        DMatrixRMaj hidden = CommonOps_DDRM.mult(inputs, v, null);
        CommonOps_DDRM.multCols(hidden, STRENGTHS);
        return new Task(inputs, CommonOps_DDRM.multTransB(hidden, u, null));
    }
}
