package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/** Against the naive network and differences of it. */
class ActivationsTest {

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void afterTheLastLayerAreTheOutputs(NetworkCase network) {
        DMatrixRMaj expected = new NaiveNetwork(network.point(), network.inputs()).outputs();
        PaddedMatrix outputs = activations(network).after(network.architecture().depth());
        for (int n = 0; n < expected.numRows; n++) {
            for (int j = 0; j < expected.numCols; j++) {
                assertThat(outputs.get(n, j)).isCloseTo(expected.get(n, j), within(1e-12));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theJacobianIsTheOutputsDerivativeByTheInputs(NetworkCase network) {
        Activations activations = activations(network);
        for (int n = 0; n < network.inputs().numRows; n++) {
            DMatrixRMaj jacobian = activations.jacobian(n);
            for (int input = 0; input < network.inputs().numCols; input++) {
                int sample = n;
                int moved = input;
                double[] expected = NetworkCase.derivative(distance -> {
                    DMatrixRMaj inputs = network.inputs().copy();
                    inputs.add(sample, moved, distance);
                    DMatrixRMaj outputs = new NaiveNetwork(network.point(), inputs).outputs();
                    double[] row = new double[outputs.numCols];
                    System.arraycopy(outputs.data, sample * row.length, row, 0, row.length);
                    return row;
                });
                for (int j = 0; j < expected.length; j++) {
                    assertThat(jacobian.get(j, input)).isCloseTo(expected[j], within(1e-9));
                }
            }
        }
    }

    @Test
    void aUnitOfReluIsOpenAboveZeroAndOneOfALinearNetworkAlways() {
        var relu = new Parameters(new Architecture(List.of(1, 3, 1), Activation.RELU, false));
        relu.weights(1).set(0, 0, 2);
        relu.weights(1).set(1, 0, -2); // and the third is 0
        var linear = new Parameters(new Architecture(List.of(1, 3, 1), Activation.LINEAR, false));
        var inputs = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}, {-1}}));

        var open = new Activations(relu, inputs, Kernels.ordered());
        assertThat(open.open(0)).isEqualTo(BitSet.valueOf(new long[] {0b001}));
        assertThat(open.open(1)).isEqualTo(BitSet.valueOf(new long[] {0b010}));
        assertThat(new Activations(linear, inputs, Kernels.ordered()).open(0))
                .isEqualTo(BitSet.valueOf(new long[] {0b111}));
    }

    private static Activations activations(NetworkCase network) {
        return new Activations(network.point(), PaddedMatrix.of(network.inputs()), Kernels.ordered());
    }
}
