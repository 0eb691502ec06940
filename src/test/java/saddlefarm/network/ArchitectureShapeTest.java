package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureShapeTest {

    @Test
    void layersCountFromOneAtTheInput() {
        var architecture = new Architecture(List.of(64, 50, 30, 10), Activation.RELU, false);
        assertThat(architecture.depth()).isEqualTo(3);
        assertThat(architecture.inputs(1)).isEqualTo(64);
        assertThat(architecture.outputs(1)).isEqualTo(50);
        assertThat(architecture.inputs(3)).isEqualTo(30);
        assertThat(architecture.outputs(3)).isEqualTo(10);
        assertThat(architecture.singularValues(1)).isEqualTo(50);
        assertThat(architecture.singularValues(3)).isEqualTo(10);
    }

    @Test
    void parametersAreTheWeightsAndWhenThereAreSomeTheBiases() {
        List<Integer> widths = List.of(64, 50, 10);
        assertThat(new Architecture(widths, Activation.RELU, false).parameters())
                .isEqualTo(64 * 50 + 50 * 10);
        assertThat(new Architecture(widths, Activation.RELU, true).parameters()).isEqualTo(64 * 50 + 50 + 50 * 10 + 10);
    }

    @Test
    void moreParametersThanAnArrayHoldsAreNotMiscounted() {
        // 2³² and 4 weights: the low 32 bits are 4
        var architecture = new Architecture(List.of(65536, 65536, 1), Activation.LINEAR, false);
        assertThatThrownBy(architecture::parameters).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void widthsAreAtLeastTwoAndEachIsAtLeastOne() {
        assertThatThrownBy(() -> new Architecture(List.of(3), Activation.RELU, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a network has at least two widths but was given [3]");
        assertThatThrownBy(() -> new Architecture(List.of(3, 0, 2), Activation.RELU, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("widths must be at least 1 but were [3, 0, 2]");
        assertThatThrownBy(() -> new Architecture(List.of(-1, 2), Activation.RELU, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Architecture(List.of(1, 1), Activation.RELU, false).depth())
                .isEqualTo(1);
    }

    @Test
    void laterChangesOfTheListDoNotReachIt() {
        var widths = new ArrayList<>(List.of(3, 4, 2));
        var architecture = new Architecture(widths, Activation.RELU, false);
        widths.set(1, 99);
        assertThat(architecture.widths()).containsExactly(3, 4, 2);
    }
}
