package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CircleToyTest {

    private final Task task = CircleToy.task();

    @Test
    void itsInputsAreEightPointsEvenlyAroundTheCircle() {
        assertThat(task.samples()).isEqualTo(8);
        assertThat(task.inputWidth()).isEqualTo(2);
        for (int n = 0; n < 8; n++) {
            // one rounding of √½
            assertThat(task.inputs().toMatrix().get(n, 0)).isEqualTo(Math.cos(n * Math.PI / 4), within(2e-16));
            assertThat(task.inputs().toMatrix().get(n, 1)).isEqualTo(Math.sin(n * Math.PI / 4), within(2e-16));
        }
    }

    @Test
    void theGradientOfItsLossAtTheOriginIsOneInTurnUpAndDown() {
        assertThat(task.outputWidth()).isEqualTo(1);
        for (int n = 0; n < 8; n++) {
            // G = ∇C(Y = 0) = (0 − T)/N for C = ‖Y − T‖²/(2N).
            assertThat(-task.targets().toMatrix().get(n, 0) / 8).isEqualTo(n % 2 == 0 ? 1 : -1);
        }
    }
}
