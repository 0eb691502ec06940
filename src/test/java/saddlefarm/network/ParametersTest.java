package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

    private static final Architecture WITH_BIASES = new Architecture(List.of(2, 3, 1), Activation.RELU, true);

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    /** 3 · 2 weights, 3 biases, 1 · 3 weights, 1 bias. */
    @Test
    void theVectorRunsLayerByLayerRowByRowWithBiasesAfterTheirWeights() {
        var parameters = Parameters.of(
                WITH_BIASES, IntStream.rangeClosed(1, 13).asDoubleStream().toArray());
        assertThat(parameters.weights(1).numRows).isEqualTo(3);
        assertThat(parameters.weights(1).numCols).isEqualTo(2);
        assertThat(parameters.weights(1).data).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(parameters.weights(1).get(1, 0)).isEqualTo(3);
        assertThat(parameters.biases(1)).containsExactly(7, 8, 9);
        assertThat(parameters.weights(2).numRows).isEqualTo(1);
        assertThat(parameters.weights(2).data).containsExactly(10, 11, 12);
        assertThat(parameters.biases(2)).containsExactly(13);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aVectorComesBackAsItWasGiven(NetworkCase network) {
        double[] vector = network.direction(0);
        var parameters = Parameters.of(network.architecture(), vector);
        assertThat(parameters.toVector()).isEqualTo(vector).isNotSameAs(vector);
        assertThat(parameters.architecture()).isEqualTo(network.architecture());
    }

    @Test
    void aDifferenceIsTakenNumberByNumberAndChangesNeither() {
        var to = Parameters.of(
                WITH_BIASES, IntStream.rangeClosed(1, 13).asDoubleStream().toArray());
        var from = Parameters.of(
                WITH_BIASES,
                IntStream.rangeClosed(1, 13).mapToDouble(i -> i * i).toArray());
        double[] before = from.toVector();
        assertThat(to.minus(from).toVector())
                .containsExactly(
                        IntStream.rangeClosed(1, 13).mapToDouble(i -> i - i * i).toArray());
        assertThat(to.minus(from).architecture()).isEqualTo(WITH_BIASES);
        assertThat(from.toVector()).isEqualTo(before);
        assertThat(to.minus(to).toVector()).containsOnly(0);
    }

    @Test
    void withoutBiasesThereAreNone() {
        var parameters = new Parameters(new Architecture(List.of(2, 3, 1), Activation.RELU, false));
        assertThat(parameters.biases(1)).isEmpty();
        assertThat(parameters.biases(2)).isEmpty();
        assertThat(parameters.toVector()).hasSize(9).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 14})
    void aVectorOfAnotherLengthIsRefused(int length) {
        assertThatThrownBy(() -> Parameters.of(WITH_BIASES, new double[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a network of widths [2, 3, 1] has 13 parameters but was given " + length);
    }

    @Test
    void aCopyIsApartFromItsOriginal() {
        double[] vector = DoubleStream.iterate(1, x -> x + 1).limit(13).toArray();
        var original = Parameters.of(WITH_BIASES, vector);
        Parameters copy = original.copy();
        assertThat(copy.toVector()).isEqualTo(vector);

        copy.set(new double[13]);
        assertThat(original.toVector()).isEqualTo(vector);
        original.weights(1).set(0, 0, 99);
        original.biases(2)[0] = 99;
        assertThat(copy.toVector()).containsOnly(0);
    }

    /** 1² + 2² + … + 13² */
    @Test
    void theSquaredNormIsOverWeightsAndBiases() {
        var parameters = Parameters.of(
                WITH_BIASES, IntStream.rangeClosed(1, 13).asDoubleStream().toArray());
        assertThat(parameters.squaredNorm()).isEqualTo(13 * 14 * 27 / 6.0);
    }
}
