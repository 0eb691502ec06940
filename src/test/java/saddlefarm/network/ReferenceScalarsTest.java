package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import saddlefarm.Reference;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Vectors;

/** Loss, gradient and Hessian-vector product at the initial weights against NumPy's, to 1e-12 relative. */
class ReferenceScalarsTest {

    static final Iterable<String> NAMES = Reference.NAMES;

    private static final Percentage ROUNDING = withinPercentage(1e-10);

    @ParameterizedTest
    @FieldSource("NAMES")
    void lossAndGradientAgreeWithTheReference(String name) {
        var reference = Reference.of(name);
        var task = reference.task();
        var evaluator =
                new Gradient(reference.architecture(), Loss.MSE, task.inputs(), task.targets(), Kernels.ordered());
        var gradient = new Parameters(reference.architecture());

        double loss = evaluator.evaluate(reference.initialWeights(), gradient);

        assertThat(loss).isCloseTo(reference.initial("loss"), ROUNDING);
        assertThat(Math.sqrt(gradient.squaredNorm())).isCloseTo(reference.initial("grad_norm"), ROUNDING);
        assertThat(Arrays.stream(gradient.toVector()).sum()).isCloseTo(reference.initial("grad_sum"), ROUNDING);
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theHessiansQuadraticFormAgreesWithTheReference(String name) {
        var reference = Reference.of(name);
        var task = reference.task();
        var hessian =
                new Hessian(Loss.MSE, task.inputs(), task.targets(), Kernels.ordered(), reference.initialWeights());
        double[] ones = new double[hessian.dimension()];
        Arrays.fill(ones, 1 / Math.sqrt(ones.length));
        double[] product = new double[ones.length];

        hessian.apply(ones, product);

        assertThat(Vectors.dot(ones, product)).isCloseTo(reference.initial("hvp_ones_quadform"), ROUNDING);
    }
}
