package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;

class NeighbouringLayersTest {

    private static final double ROUNDING = 1e-14;

    @Test
    void layersThatShareTheirSquaresAreBalanced() {
        var random = RandomStream.of(0, "weights");
        DMatrixRMaj lower = TestMatrices.withSingularValues(5, 4, new double[] {3, 1}, random);
        DMatrixRMaj left = TestMatrices.orthonormal(7, 5, random);
        // The upper layer is any rotation of a square root of W Wᵀ; W itself, made square, is one.
        DMatrixRMaj upper = CommonOps_DDRM.mult(left, CommonOps_DDRM.transpose(wide(lower), null), null);
        var pair = new NeighbouringLayers(lower, upper);
        assertThat(pair.balance()).isCloseTo(0, within(ROUNDING));
        assertThat(pair.alignment(1)).isCloseTo(1, within(ROUNDING));
        assertThat(pair.alignment(2)).isCloseTo(1, within(ROUNDING));
    }

    /** UᵀU = diag(9, 1) and WWᵀ = diag(1, 4): the difference diag(8, −3). */
    @Test
    void balanceIsTheDifferenceOfTheSquaresRelativeToTheirNorms() {
        var pair = new NeighbouringLayers(diagonal(1, 2), diagonal(3, 1));
        double expected = Math.sqrt(64 + 9) / (Math.sqrt(81 + 1) + Math.sqrt(1 + 16));
        assertThat(pair.balance()).isCloseTo(expected, within(ROUNDING));
    }

    @Test
    void aLayerOfZerosIsAsFarFromBalancedAsCanBeUnlessBothAre() {
        assertThat(new NeighbouringLayers(diagonal(0, 0), diagonal(3, 1)).balance())
                .isEqualTo(1);
        assertThat(new NeighbouringLayers(diagonal(0, 0), diagonal(0, 0)).balance())
                .isZero();
    }

    /** In the plane, singular vectors at an angle φ. */
    @ParameterizedTest(name = "at {0} rad")
    @ValueSource(doubles = {0, 0.3, 1, Math.PI / 2})
    void alignmentIsTheSquareOfTheCosineBetweenTheLeadingVectors(double angle) {
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        var turned = new DMatrixRMaj(new double[][] {{5 * c, 5 * s}, {-s, c}});
        var pair = new NeighbouringLayers(diagonal(4, 1), turned);
        assertThat(pair.alignment(1)).isCloseTo(c * c, within(ROUNDING));
        assertThat(pair.alignment(2)).as("the whole plane").isCloseTo(1, within(ROUNDING));
    }

    @Test
    void alignmentOfMoreVectorsIsTheirMean() {
        var lower = diagonal(4, 3, 0.1, 0.1); // spans e_1, e_2
        var upper = diagonal(0.1, 3, 4, 0.1); // spans e_3, e_2
        assertThat(new NeighbouringLayers(lower, upper).alignment(1)).isCloseTo(0, within(ROUNDING));
        assertThat(new NeighbouringLayers(lower, upper).alignment(2)).isCloseTo(0.5, within(ROUNDING));
    }

    @Test
    void thereAreNoMoreVectorsThanTheNarrowestLayerHas() {
        var lower = new DMatrixRMaj(new double[][] {{1}, {0}, {0}});
        var pair = new NeighbouringLayers(lower, diagonal(3, 2, 1));
        assertThat(pair.alignment(3)).isEqualTo(pair.alignment(1)).isCloseTo(1, within(ROUNDING));
    }

    private static DMatrixRMaj wide(DMatrixRMaj matrix) {
        var square = new DMatrixRMaj(matrix.numRows, matrix.numRows);
        CommonOps_DDRM.insert(matrix, square, 0, 0);
        return square;
    }

    private static DMatrixRMaj diagonal(double... values) {
        return CommonOps_DDRM.diag(values);
    }
}
