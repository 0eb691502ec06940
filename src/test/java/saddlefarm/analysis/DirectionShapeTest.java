package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

class DirectionShapeTest {

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void theEnergyOfALayerIsItsPartOfTheSquareWithItsBiases() {
        var direction = new Parameters(new Architecture(List.of(2, 2, 1), Activation.RELU, true));
        direction.weights(1).setData(new double[] {1, 2, 0, 2}); // 9
        direction.biases(1)[1] = 4; // 16
        direction.biases(2)[0] = 5; // 25
        assertThat(DirectionShape.energies(direction)).containsExactly(0.5, 0.5);
    }

    @Test
    void theRatioOfALayerIsThatOfItsFirstTwoSingularValues() {
        var direction = new Parameters(new Architecture(List.of(2, 2, 2), Activation.LINEAR, false));
        direction.weights(1).setData(new double[] {6, 0, 0, 1.5});
        direction.weights(2).setData(new double[] {0, 2, -2, 0});
        List<Double> ratios = DirectionShape.ratios(direction, Kernels.ordered());
        assertThat(ratios.get(0)).isCloseTo(4, within(1e-14));
        assertThat(ratios.get(1)).isCloseTo(1, within(1e-14));
    }

    @Test
    void aSecondSingularValueThatIsNoneOfTheDirectionsIsNone() {
        var direction = new Parameters(new Architecture(List.of(2, 2, 2, 2, 1), Activation.LINEAR, false));
        direction.weights(1).setData(new double[] {1, 0, 0, 1.1e-6});
        direction.weights(2).setData(new double[] {1e-3, 0, 0, 0.9e-6});
        direction.weights(3).setData(new double[] {0.5e-6, 0, 0, 0.4e-6}); // rounding
        assertThat(DirectionShape.ratios(direction, Kernels.ordered()).get(0)).isCloseTo(1 / 1.1e-6, within(1.0));
        assertThat(DirectionShape.ratios(direction, Kernels.ordered()).subList(1, 4))
                .containsExactly(INFINITE, INFINITE, INFINITE);
    }

    @Test
    void noDirectionHasNoEnergy() {
        var nothing = new Parameters(new Architecture(List.of(2, 2, 2), Activation.LINEAR, false));
        assertThat(DirectionShape.energies(nothing)).containsExactly(0.0, 0.0);
        assertThat(DirectionShape.ratios(nothing, Kernels.ordered())).containsExactly(INFINITE, INFINITE);
    }
}
