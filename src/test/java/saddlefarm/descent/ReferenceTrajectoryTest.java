package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.Reference;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * Gradient descent against NumPy's. The reference's own sensitivity to a rounding of its initial weights is below 1e-12
 * for losses and 2e-14 for singular values, so another order of summation may differ by some orders less than what is
 * allowed here.
 */
@ParameterizedClass
@ValueSource(strings = {"ordered", "openblas"})
class ReferenceTrajectoryTest {

    static final Iterable<String> NAMES = Reference.NAMES;

    private final String backend;

    ReferenceTrajectoryTest(String backend) {
        this.backend = backend;
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void followsTheReferenceFromItsFirstToItsLastRow(String name) {
        var reference = Reference.of(name);
        var descent = descent(reference);
        descent.evaluate();
        double firstLoss = descent.loss();
        for (var row : reference.trajectory()) {
            while (descent.step() < value(row, "step")) {
                descent.advance();
                descent.evaluate();
            }
            assertRow(descent, row, firstLoss);
        }
        assertThat(descent.step()).isEqualTo(reference.steps());
        assertWeights(descent.parameters(), reference.finalWeights());
    }

    private GradientDescent descent(Reference reference) {
        var kernels = Kernels.of(backend);
        var task = reference.task();
        var gradient = new Gradient(reference.architecture(), Loss.MSE, task.inputs(), task.targets(), kernels);
        return new GradientDescent(
                gradient, kernels, reference.learningRate(), DescentState.initial(reference.initialWeights()));
    }

    private void assertRow(Descent descent, Map<String, Double> row, double firstLoss) {
        String at = "at step " + descent.step();
        // Step by step sums of η and products with it may round differently.
        assertThat(descent.flowTime()).as(at).isCloseTo(value(row, "gf_time"), within(1e-12 * descent.flowTime()));
        if (value(row, "loss") > 1e-8 * firstLoss) {
            assertThat(descent.loss()).as(at).isCloseTo(value(row, "loss"), withinPercentage(1e-7));
            assertThat(Math.sqrt(descent.squaredGradientNorm()))
                    .as(at)
                    .isCloseTo(value(row, "grad_norm"), withinPercentage(1e-7));
        }
        double norm = Math.sqrt(descent.parameters().squaredNorm());
        assertThat(norm).as(at).isCloseTo(value(row, "param_norm"), within(1e-10 * norm));
        for (int layer = 1; layer <= descent.parameters().architecture().depth(); layer++) {
            double[] values =
                    Kernels.of(backend).singularValues(descent.parameters().weights(layer));
            for (int i = 1; i <= 6; i++) {
                assertThat(values[i - 1])
                        .as("σ_%d of layer %d %s", i, layer, at)
                        .isCloseTo(value(row, "W%d_s%d".formatted(layer, i)), within(1e-10 * values[0]));
            }
        }
    }

    private static void assertWeights(Parameters weights, Parameters expected) {
        for (int layer = 1; layer <= weights.architecture().depth(); layer++) {
            DMatrixRMaj matrix = weights.weights(layer);
            for (int i = 0; i < matrix.getNumElements(); i++) {
                // σ_1 at the end is about 2, so this is relative to the matrix
                assertThat(matrix.data[i])
                        .as("element %d of layer %d", i, layer)
                        .isCloseTo(expected.weights(layer).data[i], within(1e-10));
            }
        }
    }

    private static double value(Map<String, Double> row, String column) {
        Double value = row.get(column);
        assertThat(value).as(column).isNotNull();
        return value == null ? Double.NaN : value;
    }
}
