package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KrylovSpaceTest {

    /** By the signs of pivots, against the eigenvalues of the projection. */
    @ParameterizedTest(name = "scale {0}")
    @ValueSource(doubles = {1e-200, 1e-3, 1, 1e200})
    void theRitzValuesBelowABoundAreCountedWithoutComputingThem(double scale) {
        DMatrixRMaj matrix = TestMatrices.symmetric(30, RandomStream.of(0, "matrix"));
        CommonOps_DDRM.scale(scale, matrix);
        var space = new KrylovSpace(operator(matrix), List.of(), 30, RandomStream.of(0, "start"));
        for (int size = 1; size <= 30; size++) {
            space.grow();
            RitzPairs pairs = space.ritzPairs();
            for (double bound : new double[] {-9 * scale, -2.5 * scale, 0.1 * scale, 7 * scale}) {
                int below = (int) IntStream.range(0, size)
                        .filter(i -> pairs.value(i) < bound)
                        .count();
                assertThat(space.below(bound)).as("%d, %s", size, bound).isEqualTo(below);
            }
        }
    }

    /** So that its Ritz values are those of the operator where the locked directions are left out. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1})
    void aSpaceIsOrthogonalToWhatIsLocked(long seed) {
        double[] values = {-5, -4, 1, 2, 3, 6};
        DMatrixRMaj diagonal = CommonOps_DDRM.diag(values);
        var locked = new ArrayList<double[]>();
        locked.add(new double[] {1, 0, 0, 0, 0, 0});
        locked.add(new double[] {0, 0, 0, 0, 0, 1});
        var space = new KrylovSpace(operator(diagonal), locked, 4, RandomStream.of(seed, "start"));
        while (space.size() < 4) {
            space.grow();
        }
        RitzPairs pairs = space.ritzPairs();
        double[] found =
                IntStream.range(0, 4).mapToDouble(pairs::value).sorted().toArray();
        assertThat(found).containsExactly(new double[] {-4, 1, 2, 3}, within(1e-13));
        assertThat(space.exhausted()).isTrue();
    }

    private static SymmetricOperator operator(DMatrixRMaj matrix) {
        return new SymmetricOperator() {
            @Override
            public int dimension() {
                return matrix.numRows;
            }

            @Override
            public void apply(double[] vector, double[] product) {
                for (int i = 0; i < product.length; i++) {
                    product[i] = 0;
                    for (int j = 0; j < vector.length; j++) {
                        product[i] += matrix.get(i, j) * vector[j];
                    }
                }
            }
        };
    }
}
