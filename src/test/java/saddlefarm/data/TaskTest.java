package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

    private static final DMatrixRMaj ONE = new DMatrixRMaj(new double[][] {{1}});

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void everyNumberIsFinite(double value) {
        var two = new DMatrixRMaj(new double[][] {{1}, {2}});
        var bad = new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, value, 6}});
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> new Task(bad, two))
                .withMessage("input 2 of sample 2 is " + value);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> new Task(two, bad))
                .withMessage("target 2 of sample 2 is " + value);
    }

    @Test
    void thereIsSomethingToLearn() {
        for (DMatrixRMaj none : new DMatrixRMaj[] {new DMatrixRMaj(1, 0), new DMatrixRMaj(0, 1)}) {
            assertThatExceptionOfType(DataException.class).isThrownBy(() -> new Task(none, ONE));
            assertThatExceptionOfType(DataException.class).isThrownBy(() -> new Task(ONE, none));
        }
    }

    @Test
    void aDistributionIsNotNegativeAndAddsUpToOne() {
        double[] tenths = new double[10];
        Arrays.fill(tenths, 0.1); // they add up to 1 but for rounding
        assertThatCode(() -> targets(new double[][] {tenths}).requireDistributions())
                .doesNotThrowAnyException();
        assertThatCode(() -> targets(new double[][] {{1, 0, 0}}).requireDistributions())
                .doesNotThrowAnyException();
        for (double[] bad : new double[][] {{0.5, 0.6, 0}, {1.5, -0.5, 0}, {0, 0, 0}}) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> targets(new double[][] {{1, 0, 0}, bad}).requireDistributions())
                    .withMessage("the targets of sample 2 are not a probability distribution");
        }
    }

    private static Task targets(double[][] rows) {
        return new Task(new DMatrixRMaj(rows.length, 1), new DMatrixRMaj(rows));
    }
}
