package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.analysis.Plateau.Kind;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Lanczos.Ritz;
import saddlefarm.network.Loss;

class CurvatureTest {

    // --- the saddles of a two-layer linear network, whose Hessian is known in closed form ---

    private static final int INPUTS = 6;
    private static final int HIDDEN = 5;
    private static final int OUTPUTS = 7;
    private static final double[] STRENGTHS = LinearSaddle.STRENGTHS;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void theWholeSpectrumAtASaddleOfRankKIsThatOfTheClosedForm(int rank) {
        var saddle = new LinearSaddle(2, HIDDEN, rank);
        var dense = new DenseHessian(Loss.MSE, saddle.task(), saddle.point());
        // The largest eigenvalue is 8, so this is some hundred roundings.
        assertThat(dense.eigenvalues()).containsExactly(closedForm(rank), within(1e-13 * 8 * 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theLeastEigenvalueAtASaddleOfRankKIsTheNextStrengthsNegative(int rank) {
        Curvature curvature = probe(rank);
        assertThat(curvature.least().value()).isCloseTo(-STRENGTHS[rank], within(1e-12));
        assertThat(curvature.least().residual()).isLessThan(1e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void theGreatestEigenvalueAtASaddleIsTwiceTheLargestStrength(int rank) {
        Curvature curvature = probe(rank);
        assertThat(curvature.greatest().value()).isCloseTo(2 * STRENGTHS[0], within(1e-12));
        assertThat(curvature.greatest().residual()).isLessThan(1e-6);
    }

    @Test
    void nothingLeadsDownFromWhereEveryStrengthIsLearned() {
        Curvature minimum = probe(4);
        assertThat(minimum.least().value()).isCloseTo(0, within(1e-12));
        assertThat(minimum.stable(100)).isTrue();
        assertThat(minimum.kind(100)).isNotEqualTo(Kind.SADDLE);
    }

    @Test
    void aProbeIsAFunctionOfThePointAlone() {
        assertThat(probe(2)).isEqualTo(probe(2));
    }

    // --- what curvature says of a plateau ---

    @Test
    void aPlateauIsASaddleWhenItsDirectionDownGrowsWithinItsAge() {
        assertThat(curvature(-0.0701, 0).kind(10)).isEqualTo(Kind.SADDLE);
        assertThat(curvature(-0.0699, 0).kind(10)).isEqualTo(Kind.CANDIDATE);
        assertThat(curvature(-0.0699, 0).kind(11)).isEqualTo(Kind.SADDLE);
    }

    @Test
    void aPlateauIsAMinimumWhenNothingLeadsDownInATimeThatTheRunHasKnown() {
        assertThat(curvature(-0.0101, 0).kind(10)).isEqualTo(Kind.CANDIDATE);
        assertThat(curvature(-0.0099, 0).kind(10)).isEqualTo(Kind.MINIMUM);
        assertThat(curvature(-0.0099, 0).kind(11)).isEqualTo(Kind.CANDIDATE);
        assertThat(curvature(0.3, 0).kind(1e9)).isEqualTo(Kind.MINIMUM);
    }

    @Test
    void anEigenvalueThatIsNotResolvedMakesNoMinimum() {
        assertThat(curvature(-0.009, 0.00091).kind(10)).isEqualTo(Kind.CANDIDATE);
        assertThat(curvature(-0.009, 0.00089).kind(10)).isEqualTo(Kind.MINIMUM);
        assertThat(curvature(0, 1).kind(10)).isEqualTo(Kind.MINIMUM);
        assertThat(curvature(0.001, 1).kind(10)).isEqualTo(Kind.MINIMUM);
    }

    @Test
    void aSaddleNeedsNoResolutionSinceARitzValueIsNeverBelowTheLeastEigenvalue() {
        assertThat(curvature(-0.1, 1).kind(10)).isEqualTo(Kind.SADDLE);
    }

    @Test
    void whereARunConvergedIsStableBelowATenth() {
        assertThat(curvature(-0.0099, 1).stable(10)).isTrue();
        assertThat(curvature(-0.0101, 0).stable(10)).isFalse();
        assertThat(curvature(0.1, 0).stable(10)).isTrue();
    }

    private static Curvature probe(int rank) {
        var saddle = new LinearSaddle(2, HIDDEN, rank);
        return Curvature.probe(Loss.MSE, saddle.task().inputs(), saddle.task().targets(), Kernels.ordered())
                .at(saddle.point());
    }

    private static Curvature curvature(double least, double residual) {
        return new Curvature(new Ritz(least, residual), new Ritz(1, 0));
    }

    /**
     * The eigenvalues at W_1 = Σ √s_m e_m v_mᵀ, W_2 = Σ √s_m u_m e_mᵀ (m ≤ k), ascending. In the bases of u, e and v
     * the second order of the loss falls into blocks of two: with A = δW_2 and B = δW_1,
     *
     * <ul>
     *   <li>A_ij and B_ij, i, j ≤ k: {@code ½ (√s_j A_ij + √s_i B_ij)²}, eigenvalues s_i + s_j and 0;
     *   <li>A_jm and B_mj, m ≤ k < j: {@code ½ s_m (A_jm² + B_mj²) − s_j A_jm B_mj}, eigenvalues s_m ± s_j;
     *   <li>A_jm and B_mj, m, j > k: {@code −s_j A_jm B_mj}, eigenvalues ± s_j,
     * </ul>
     *
     * where s_j is 0 beyond the last strength, and A_jm (B_mj) is missing beyond the last output (input).
     */
    private static double[] closedForm(int rank) {
        double[] values = new double[HIDDEN * (INPUTS + OUTPUTS)];
        int n = 0;
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < rank; j++) {
                values[n] = STRENGTHS[i] + STRENGTHS[j];
                n += 2;
            }
        }
        for (int m = 0; m < HIDDEN; m++) {
            double learned = m < rank ? STRENGTHS[m] : 0;
            for (int j = rank; j < STRENGTHS.length; j++) {
                values[n++] = learned + STRENGTHS[j];
                values[n++] = learned - STRENGTHS[j];
            }
            for (int j = STRENGTHS.length; j < INPUTS; j++) {
                values[n++] = learned;
            }
            for (int j = STRENGTHS.length; j < OUTPUTS; j++) {
                values[n++] = learned;
            }
        }
        // Hidden neurons beyond the rank move freely along what is learned.
        n += 2 * rank * (HIDDEN - rank);
        assertThat(n).isEqualTo(values.length);
        Arrays.sort(values);
        return values;
    }
}
