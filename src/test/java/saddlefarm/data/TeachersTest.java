package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.SingularValues;

/** Each task against its definition; a sample is a row, so X here is the transpose of the definition's. */
class TeachersTest {

    // Some hundreds of products of numbers of size 1 to 10, each rounded to 1e-16.
    private static final double ROUNDING = 1e-12;

    private static final List<Double> FOUR = List.of(4.0, 2.0, 1.0, 0.5);
    private static final List<Double> THREE = List.of(4.0, 2.0, 1.0);

    // --- linear ---

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void aLinearTeachersInputsAreWhite(long seed) {
        DMatrixRMaj x = linear(seed).inputs().toMatrix();
        assertThat(x.numRows).isEqualTo(40);
        assertThat(x.numCols).isEqualTo(10);
        DMatrixRMaj covariance = CommonOps_DDRM.multTransA(x, x, null);
        CommonOps_DDRM.scale(1 / 40.0, covariance);
        assertThat(MatrixFeatures_DDRM.isIdentity(covariance, ROUNDING)).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void aLinearTeacherIsAMatrixWithItsStrengthsForSingularValues(long seed) {
        Task task = linear(seed);
        DMatrixRMaj teacher = teacher(task);
        assertThat(SingularValues.of(teacher))
                .containsExactly(new double[] {4, 2, 1, 0.5, 0, 0, 0, 0, 0, 0}, within(ROUNDING));
        assertClose(
                CommonOps_DDRM.multTransB(task.inputs().toMatrix(), teacher, null),
                task.targets().toMatrix());
    }

    // --- positive ---

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void aPositiveTeacherReadsHiddenVariablesThatAreNeverNegative(long seed) {
        Task task = positive(seed, 100);
        DMatrixRMaj teacher = teacher(task);
        assertThat(SingularValues.of(teacher))
                .containsExactly(new double[] {4, 2, 1, 0, 0, 0, 0, 0, 0, 0}, within(ROUNDING));
        DMatrixRMaj hidden = hidden(task, teacher);
        for (int j = 0; j < 3; j++) {
            double sign = Math.signum(hidden.get(0, j)); // singular vectors are known but for their sign
            for (int n = 0; n < 100; n++) {
                assertThat(sign * hidden.get(n, j)).isGreaterThan(0);
            }
        }
        // X = V z with orthonormal V: nothing of an input is outside of the hidden variables.
        assertThat(NormOps_DDRM.normF(hidden))
                .isEqualTo(NormOps_DDRM.normF(task.inputs().toMatrix()), within(ROUNDING));
    }

    @Test
    void theHiddenVariablesAreAbsoluteNormalOnes() {
        Task task = positive(5, 20_000);
        DMatrixRMaj hidden = hidden(task, teacher(task));
        double sum = 0;
        double squares = 0;
        for (double z : hidden.data) {
            sum += Math.abs(z);
            squares += z * z;
        }
        // E|z| = √(2/π) and E z² = 1; of 60,000 the standard errors are .0025 and .0058, and five of them are allowed.
        assertThat(sum / hidden.data.length).isEqualTo(Math.sqrt(2 / Math.PI), within(0.0125));
        assertThat(squares / hidden.data.length).isEqualTo(1, within(0.029));
    }

    // --- orthogonal ---

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void anOrthogonalTeachersInputsAreOrthogonalAndOfLengthRootTen(long seed) {
        DMatrixRMaj x = orthogonal(seed).inputs().toMatrix();
        DMatrixRMaj products = CommonOps_DDRM.multTransB(x, x, null);
        CommonOps_DDRM.scale(0.1, products);
        assertThat(products.numRows).isEqualTo(10);
        assertThat(MatrixFeatures_DDRM.isIdentity(products, ROUNDING)).isTrue();
    }

    /** T_i = s_j U_j with j = i mod 3, so T_i · T_k = s_j² where i ≡ k (mod 3), and 0 elsewhere. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void anOrthogonalTeachersTargetsAreItsModesInTurn(long seed) {
        DMatrixRMaj t = orthogonal(seed).targets().toMatrix();
        DMatrixRMaj products = CommonOps_DDRM.multTransB(t, t, null);
        for (int i = 0; i < 10; i++) {
            for (int k = 0; k < 10; k++) {
                double strength = THREE.get(i % 3);
                assertThat(products.get(i, k))
                        .as("T_%d · T_%d", i, k)
                        .isEqualTo(i % 3 == k % 3 ? strength * strength : 0, within(ROUNDING));
            }
        }
        assertThat(t.get(3, 0)).isEqualTo(t.get(0, 0)); // the same direction, and not its opposite
    }

    // --- relu ---

    /** Of rank one, T = s relu(v · x) u: found again from the samples on which it is active. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2})
    void aReluTeacherOfRankOneIsFoundAgainFromItsTask(long seed) {
        Task task = Teachers.relu(10, 100, List.of(3.0), random(seed));
        List<Integer> active = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
            if (norm(task.targets().toMatrix(), n) > 0) {
                active.add(n);
            }
        }
        assertThat(active).hasSizeBetween(25, 75); // half of 100, and five standard deviations
        var x = new DMatrixRMaj(active.size(), 10);
        var y = new DMatrixRMaj(active.size(), 1);
        for (int i = 0; i < active.size(); i++) {
            CommonOps_DDRM.extract(task.inputs().toMatrix(), active.get(i), active.get(i) + 1, 0, 10, x, i, 0);
            y.set(i, 0, norm(task.targets().toMatrix(), active.get(i)) / 3);
        }
        var inverse = new DMatrixRMaj(10, active.size());
        CommonOps_DDRM.pinv(x, inverse);
        DMatrixRMaj v = CommonOps_DDRM.mult(inverse, y, null);
        assertThat(NormOps_DDRM.normF(v)).isEqualTo(1, within(ROUNDING));
        DMatrixRMaj all = CommonOps_DDRM.mult(task.inputs().toMatrix(), v, null);
        for (int n = 0; n < 100; n++) {
            assertThat(Math.max(all.get(n, 0), 0)).isEqualTo(norm(task.targets().toMatrix(), n) / 3, within(ROUNDING));
        }
        assertThat(SingularValues.of(task.targets().toMatrix())[1]).isEqualTo(0, within(ROUNDING)); // one direction u
    }

    @Test
    void aReluTeachersTargetsHaveTheSizeAndRankOfItsStrengths() {
        Task task = Teachers.relu(10, 20_000, THREE, random(7));
        double[] values = SingularValues.of(task.targets().toMatrix());
        assertThat(values[2]).isGreaterThan(1);
        assertThat(values[3]).isEqualTo(0, within(1e-10)); // of values up to 400
        // E relu(z)² = ½, so E‖t‖² = ½ (4² + 2² + 1²) = 10.5; the spread of relu(z)² is √(5/4), so that of ‖t‖² is
        // √(5/4 (4⁴ + 2⁴ + 1)) = 18.5, and five standard errors of 20,000 are .65.
        double square = NormOps_DDRM.normF(task.targets().toMatrix());
        assertThat(square * square / 20_000).isEqualTo(10.5, within(0.65));
        // Inputs are standard normal: 200,000 squares have the mean 1 with a standard error of .0032.
        double inputs = NormOps_DDRM.normF(task.inputs().toMatrix());
        assertThat(inputs * inputs / 200_000).isEqualTo(1, within(0.016));
    }

    // --- all ---

    /** The four kinds, each of rank three. */
    static Stream<Named<Function<RandomStream, Task>>> kinds() {
        return Stream.of(
                Named.of("linear", random -> Teachers.linear(10, 40, THREE, random)),
                Named.of("positive", random -> Teachers.positive(10, 40, THREE, random)),
                Named.of("orthogonal", random -> Teachers.orthogonal(10, THREE, random)),
                Named.of("relu", random -> Teachers.relu(10, 40, THREE, random)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTeacherFollowsFromItsSeed(Function<RandomStream, Task> kind) {
        Task task = kind.apply(random(1));
        Task again = kind.apply(random(1));
        Task other = kind.apply(random(2));
        assertThat(again.inputs().toMatrix().data).isEqualTo(task.inputs().toMatrix().data);
        assertThat(again.targets().toMatrix().data).isEqualTo(task.targets().toMatrix().data);
        assertThat(other.inputs().toMatrix().data).isNotEqualTo(task.inputs().toMatrix().data);
        assertThat(other.targets().toMatrix().data).isNotEqualTo(task.targets().toMatrix().data);
    }

    @Test
    void aTeacherThatCannotBeIsNotMade() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Teachers.linear(10, 9, FOUR, random(0)))
                .withMessage("9 samples of dimension 10 cannot be whitened: at least 10 are needed");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Teachers.positive(3, 10, FOUR, random(0)))
                .withMessage("a teacher of dimension 3 has 1 to 3 strengths but was given 4");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Teachers.relu(3, 10, List.of(), random(0)))
                .withMessage("a teacher of dimension 3 has 1 to 3 strengths but was given 0");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> Teachers.orthogonal(3, FOUR, random(0)));
    }

    private static Task linear(long seed) {
        return Teachers.linear(10, 40, FOUR, random(seed));
    }

    private static Task positive(long seed, int samples) {
        return Teachers.positive(10, samples, THREE, random(seed));
    }

    private static Task orthogonal(long seed) {
        return Teachers.orthogonal(10, THREE, random(seed));
    }

    private static RandomStream random(long seed) {
        return RandomStream.of(seed, "data");
    }

    /** T X⁺ with samples as columns: the matrix of least norm that makes the targets of the inputs. */
    private static DMatrixRMaj teacher(Task task) {
        var inverse = new DMatrixRMaj(task.inputWidth(), task.samples());
        CommonOps_DDRM.pinv(task.inputs().toMatrix(), inverse);
        return CommonOps_DDRM.multTransAB(task.targets().toMatrix(), inverse, null);
    }

    /** Vᵀ X with V the first three right singular vectors of a teacher, a sample a row. */
    private static DMatrixRMaj hidden(Task task, DMatrixRMaj teacher) {
        var svd = DecompositionFactory_DDRM.svd(10, 10, true, true, false);
        assertThat(svd.decompose(teacher.copy())).isTrue();
        DMatrixRMaj u = svd.getU(null, false);
        DMatrixRMaj v = svd.getV(null, false);
        SingularOps_DDRM.descendingOrder(u, false, svd.getSingularValues(), 10, v, false);
        return CommonOps_DDRM.mult(task.inputs().toMatrix(), CommonOps_DDRM.extract(v, 0, 10, 0, 3), null);
    }

    private static double norm(DMatrixRMaj matrix, int row) {
        return NormOps_DDRM.normF(CommonOps_DDRM.extractRow(matrix, row, null));
    }

    private static void assertClose(DMatrixRMaj actual, DMatrixRMaj expected) {
        assertThat(MatrixFeatures_DDRM.isIdentical(actual, expected, ROUNDING)).isTrue();
    }
}
