package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/** As functions of the outputs alone; {@link GradientTest} compares their values with the slow formulas. */
class LossTest {

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    @Test
    void theMeanSquaredErrorHalvesAndAveragesOverSamples() {
        DMatrixRMaj outputs = matrix(new double[][] {{1, 2}, {3, 4}});
        DMatrixRMaj targets = matrix(new double[][] {{0, 0}, {3, 2}});
        assertThat(evaluate(Loss.MSE, outputs, targets)).isEqualTo((1 + 4 + 0 + 4) / 4.0);
        assertThat(gradient(Loss.MSE, outputs, targets).data).containsExactly(0.5, 1, 0, 1);
    }

    /** softmax(0, ln 3) = (¼, ¾), and of equal outputs it is uniform. */
    @Test
    void theCrossEntropyIsTheSurprisalOfTheTarget() {
        DMatrixRMaj quarters = matrix(new double[][] {{0, Math.log(3)}});
        DMatrixRMaj first = matrix(new double[][] {{1, 0}});
        assertThat(evaluate(Loss.CROSS_ENTROPY, quarters, first)).isCloseTo(Math.log(4), within(1e-15));
        assertClose(gradient(Loss.CROSS_ENTROPY, quarters, first), -0.75, 0.75);

        DMatrixRMaj equal = matrix(new double[][] {{7, 7, 7, 7, 7}});
        DMatrixRMaj third = matrix(new double[][] {{0, 0, 1, 0, 0}});
        assertThat(evaluate(Loss.CROSS_ENTROPY, equal, third)).isCloseTo(Math.log(5), within(2e-15));
    }

    /** Of a soft target it is least where the softmax is the target, and there it is the target's entropy. */
    @Test
    void theCrossEntropyOfItsOwnTargetIsTheEntropyAndFlat() {
        DMatrixRMaj outputs = matrix(new double[][] {{Math.log(1), Math.log(2), Math.log(5)}});
        DMatrixRMaj targets = matrix(new double[][] {{0.125, 0.25, 0.625}});
        double entropy = -0.125 * Math.log(0.125) - 0.25 * Math.log(0.25) - 0.625 * Math.log(0.625);
        assertThat(evaluate(Loss.CROSS_ENTROPY, outputs, targets)).isCloseTo(entropy, within(1e-15));
        assertClose(gradient(Loss.CROSS_ENTROPY, outputs, targets), 0, 0, 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theGradientIsTheDerivativeByEachOutput(NetworkCase network) {
        Loss loss = network.loss();
        DMatrixRMaj outputs = new NaiveNetwork(network.point(), network.inputs()).outputs();
        DMatrixRMaj gradient = gradient(loss, outputs, network.targets());
        for (int i = 0; i < outputs.getNumElements(); i++) {
            int element = i;
            double[] expected = NetworkCase.derivative(distance -> {
                DMatrixRMaj moved = outputs.copy();
                moved.data[element] += distance;
                return new double[] {evaluate(loss, moved, network.targets())};
            });
            assertThat(gradient.data[i]).isCloseTo(expected[0], within(1e-9));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theCurvatureIsTheDerivativeOfTheGradient(NetworkCase network) {
        Loss loss = network.loss();
        DMatrixRMaj outputs = new NaiveNetwork(network.point(), network.inputs()).outputs();
        DMatrixRMaj direction = network.targets().copy(); // any direction will do
        double[] expected = NetworkCase.derivative(distance -> {
            DMatrixRMaj moved = outputs.copy();
            CommonOps_DDRM.addEquals(moved, distance, direction);
            return gradient(loss, moved, network.targets()).data;
        });

        DMatrixRMaj product = curvature(loss, outputs, direction);

        for (int i = 0; i < expected.length; i++) {
            assertThat(product.data[i]).isCloseTo(expected[i], within(1e-9));
        }
    }

    /** log(1 + e^{−2a}) ≤ 1e-300 there, so C is 2a for the wrong class and 0 for the right one; e^a overflows. */
    @ParameterizedTest(name = "outputs ±{0}")
    @ValueSource(doubles = {400, 1000, 1e9, 1e300})
    void theCrossEntropyOfHugeOutputsStaysFinite(double a) {
        DMatrixRMaj outputs = matrix(new double[][] {{a, -a}});
        DMatrixRMaj right = matrix(new double[][] {{1, 0}});
        DMatrixRMaj wrong = matrix(new double[][] {{0, 1}});
        assertThat(evaluate(Loss.CROSS_ENTROPY, outputs, right)).isZero();
        assertThat(evaluate(Loss.CROSS_ENTROPY, outputs, wrong)).isEqualTo(2 * a);
        assertClose(gradient(Loss.CROSS_ENTROPY, outputs, right), 0, 0);
        assertClose(gradient(Loss.CROSS_ENTROPY, outputs, wrong), 1, -1);
        assertClose(curvature(Loss.CROSS_ENTROPY, outputs, right), 0, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e6, -3, 0.5, 1e6})
    void theCrossEntropyDoesNotSeeWhatAllOutputsOfASampleShare(double shift) {
        DMatrixRMaj outputs = matrix(new double[][] {{1, -2, 0.5}, {3, 2, 1}});
        DMatrixRMaj targets = matrix(new double[][] {{1, 0, 0}, {0.5, 0.5, 0}});
        DMatrixRMaj shifted = outputs.copy();
        CommonOps_DDRM.add(shifted, shift);
        // the shifted outputs are rounded
        double rounding = 4 * Math.ulp(Math.max(1, Math.abs(shift)));
        assertThat(evaluate(Loss.CROSS_ENTROPY, shifted, targets))
                .isCloseTo(evaluate(Loss.CROSS_ENTROPY, outputs, targets), within(rounding));
    }

    /** So that a run which left the finite numbers is seen to have diverged. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void outputsThatAreNotFiniteGiveALossThatIsNot(Loss loss) {
        DMatrixRMaj targets = matrix(new double[][] {{0.5, 0.5}, {1, 0}});
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int i = 0; i < 4; i++) {
                DMatrixRMaj outputs = matrix(new double[][] {{1, 2}, {3, 4}});
                outputs.data[i] = value;
                assertThat(evaluate(loss, outputs, targets))
                        .as("%s as output %d", value, i)
                        .matches(evaluated -> !Double.isFinite(evaluated));
            }
            DMatrixRMaj all = matrix(new double[2][2]);
            Arrays.fill(all.data, value);
            assertThat(evaluate(loss, all, targets)).matches(evaluated -> !Double.isFinite(evaluated));
        }
    }

    private static DMatrixRMaj matrix(double[][] rows) {
        return new DMatrixRMaj(rows);
    }

    private static double evaluate(Loss loss, DMatrixRMaj outputs, DMatrixRMaj targets) {
        double[] sums = new double[PaddedMatrix.BLOCK];
        evaluate(loss, outputs, targets, sums);
        return loss.total(sums, outputs.numRows);
    }

    private static DMatrixRMaj gradient(Loss loss, DMatrixRMaj outputs, DMatrixRMaj targets) {
        return evaluate(loss, outputs, targets, new double[PaddedMatrix.BLOCK]).toMatrix();
    }

    private static PaddedMatrix evaluate(Loss loss, DMatrixRMaj outputs, DMatrixRMaj targets, double[] sums) {
        var delta = PaddedMatrix.of(outputs);
        loss.evaluate(
                PaddedMatrix.of(outputs), PaddedMatrix.of(targets), outputs.numRows, Kernels.ordered(), delta, sums);
        return delta;
    }

    private static DMatrixRMaj curvature(Loss loss, DMatrixRMaj outputs, DMatrixRMaj direction) {
        var product = PaddedMatrix.of(outputs);
        loss.curvature(
                PaddedMatrix.of(outputs), PaddedMatrix.of(direction), outputs.numRows, Kernels.ordered(), product);
        return product.toMatrix();
    }

    private static void assertClose(DMatrixRMaj matrix, double... expected) {
        assertThat(matrix.data).containsExactly(expected, within(1e-15));
    }
}
