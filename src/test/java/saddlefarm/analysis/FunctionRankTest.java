package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class FunctionRankTest {

    private static final DMatrixRMaj UNIT = new DMatrixRMaj(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});

    // --- the Jacobian ---

    /** The slope of a solution is 4 here, so that singular values count from .2 on. */
    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({"4, 0.21, 0.19, 2", "4, 2, 0.21, 3", "0.19, 0.1, 0.1, 0", "0.21, 0.1, 0.1, 1", "8, 0.41, 0.39, 2"})
    void singularValuesOfALinearMapCountFromATwentiethOfTheLargestOrOfASolutionsSlopeOn(
            double first, double second, double third, int rank) {
        var function = new FunctionRank(map(diagonal(first, second, third)), inputs(UNIT), Kernels.ordered());
        assertThat(function.ofJacobian(4)).isEqualTo(rank);
    }

    @Test
    void nearTheOriginAFunctionHasRankZero() {
        var architecture = new Architecture(List.of(3, 8, 8, 3), Activation.RELU, false);
        Parameters small = Initialization.gaussian(architecture, 0.1, RandomStream.of(0, "weights"));
        var function =
                new FunctionRank(small, inputs(TestMatrices.gaussian(20, 3, RandomStream.of(0, "x"))), kernels());
        assertThat(function.ofJacobian(1)).isZero();
        assertThat(function.ofJacobian(0))
                .as("and any where no slope is asked for")
                .isPositive();
    }

    @Test
    void aFunctionThatIsZeroHasRankZeroWhateverIsAskedOfIt() {
        var zero = new Parameters(new Architecture(List.of(3, 4, 3), Activation.RELU, false));
        assertThat(new FunctionRank(zero, inputs(UNIT), kernels()).ofJacobian(0))
                .isZero();
    }

    /**
     * f(x) = (|x_1|, relu(x_2), relu(x_2)): rank 2 where x_2 > 0 and 1 elsewhere, though the hidden layer has 3 units
     * of their own.
     */
    @Test
    void theRankOfANonlinearFunctionIsTheGreatestOfItsLinearPieces() {
        var folded = new Parameters(new Architecture(List.of(2, 3, 3), Activation.RELU, false));
        folded.weights(1).setData(new double[] {1, 0, -1, 0, 0, 1});
        folded.weights(2).setData(new double[] {1, 1, 0, 0, 0, 1, 0, 0, 1});
        DMatrixRMaj low = new DMatrixRMaj(new double[][] {{1, -1}, {-1, -1}});
        DMatrixRMaj all = new DMatrixRMaj(new double[][] {{1, -1}, {-1, -1}, {1, 1}});

        assertThat(new FunctionRank(folded, inputs(low), kernels()).ofJacobian(1))
                .isEqualTo(1);
        assertThat(new FunctionRank(folded, inputs(all), kernels()).ofJacobian(1))
                .isEqualTo(2);
        assertThat(new FunctionRank(folded, inputs(all), kernels()).ofActivations())
                .containsExactly(3);
    }

    /** f(x) = (Σ relu(x_i)) u: a first layer that unfolds the inputs, and a bottleneck of one unit behind it. */
    @Test
    void aBottleneckBehindAWideLayerHasRankOne() {
        var bottleneck = new Parameters(new Architecture(List.of(3, 3, 2, 2), Activation.RELU, false));
        bottleneck.weights(1).setTo(UNIT);
        bottleneck.weights(2).setData(new double[] {1, 1, 1, 0, 0, 0});
        bottleneck.weights(3).setData(new double[] {1, 0, 2, 0});
        var function = new FunctionRank(bottleneck, inputs(UNIT), kernels());
        assertThat(function.ofJacobian(1)).isEqualTo(1);
        assertThat(function.ofActivations()).containsExactly(3, 1);
        assertThat(function.deadUnits()).containsExactly(0, 1);
    }

    /** Of 2,000 samples on a line every tenth is looked at: the last one, of another piece, is not among them. */
    @Test
    void ofManySamplesSomeAreLookedAtEvenlySpaced() {
        var fold = new Parameters(new Architecture(List.of(1, 1, 1), Activation.RELU, false));
        fold.weights(1).set(0, 0, 1);
        fold.weights(2).set(0, 0, 1);
        var inputs = new DMatrixRMaj(2000, 1);
        Arrays.fill(inputs.data, -1);
        inputs.set(1999, 0, 1);
        assertThat(new FunctionRank(fold, inputs(inputs), kernels()).ofJacobian(1))
                .isZero();
        inputs.set(1990, 0, 1);
        assertThat(new FunctionRank(fold, inputs(inputs), kernels()).ofJacobian(1))
                .isEqualTo(1);
    }

    // --- the slope of a solution ---

    @Test
    void theSlopeOfALinearTeacherOnWhitenedInputsIsItsLargestStrength() {
        for (int rank = 0; rank < 3; rank++) {
            var task = new LinearSaddle(2, 5, rank).task();
            assertThat(FunctionRank.slope(Loss.MSE, task.inputs(), task.targets(), kernels()))
                    .isCloseTo(4, within(1e-12));
        }
    }

    /** Two classes at two unit inputs: −N G is T less the uniform distribution, ½ (1, −1; −1, 1), of norm 1. */
    @Test
    void ofCrossEntropyItIsThatOfTheTargetsLessTheUniformDistribution() {
        var targets = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1, 0}, {0, 1}}));
        var inputs = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{2, 0}, {0, 2}}));
        assertThat(FunctionRank.slope(Loss.CROSS_ENTROPY, inputs, targets, kernels()))
                .isCloseTo(0.5, within(1e-14));
    }

    @Test
    void inputsThatAreZeroAskForNothing() {
        var nothing = new PaddedMatrix(2, 2);
        assertThat(FunctionRank.slope(Loss.MSE, nothing, nothing, kernels())).isZero();
    }

    // --- activations ---

    /** X has orthonormal columns, so the singular values of X W_1ᵀ are those of W_1. */
    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({"1, 0.051, 0.049, 2", "100, 5.1, 4.9, 2", "1e-9, 9e-10, 8e-10, 3", "0, 0, 0, 0"})
    void singularValuesOfActivationsCountFromATwentiethOfTheLargestOn(
            double first, double second, double third, int rank) {
        DMatrixRMaj inputs = TestMatrices.orthonormal(10, 3, RandomStream.of(0, "inputs"));
        var function = new FunctionRank(map(diagonal(first, second, third)), inputs(inputs), kernels());
        assertThat(function.ofActivations()).containsExactly(rank);
    }

    @Test
    void aUnitIsDeadWhenNoSampleOpensIt() {
        var dying = new Parameters(new Architecture(List.of(1, 3, 1), Activation.RELU, false));
        dying.weights(1).setData(new double[] {1, -1, 0});
        assertThat(new FunctionRank(dying, column(1, 2), kernels()).deadUnits()).containsExactly(2);
        assertThat(new FunctionRank(dying, column(1, -2), kernels()).deadUnits())
                .containsExactly(1);
    }

    @Test
    void noUnitOfALinearNetworkIsDead() {
        var zero = new Parameters(new Architecture(List.of(1, 3, 2, 1), Activation.LINEAR, false));
        assertThat(new FunctionRank(zero, column(1, 2), kernels()).deadUnits()).containsExactly(0, 0);
    }

    /** A linear network of two layers: the map, and the identity after it. */
    private static Parameters map(DMatrixRMaj map) {
        var parameters = new Parameters(new Architecture(List.of(3, 3, 3), Activation.LINEAR, false));
        parameters.weights(1).setTo(map);
        parameters.weights(2).setTo(UNIT);
        return parameters;
    }

    private static DMatrixRMaj diagonal(double... values) {
        return CommonOps_DDRM.diag(values);
    }

    private static PaddedMatrix column(double... values) {
        return PaddedMatrix.of(new DMatrixRMaj(values.length, 1, true, values));
    }

    private static PaddedMatrix inputs(DMatrixRMaj inputs) {
        return PaddedMatrix.of(inputs);
    }

    private static Kernels kernels() {
        return Kernels.ordered();
    }
}
