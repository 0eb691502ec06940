package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.Kernels;

/** {@link AlignedModes} under gradient descent: each follows its own recurrence, and in the limit its own flow. */
class LinearModesTest {

    private static final double[] STRENGTHS = {3, 1.5, 0.8};
    private static final double START = 0.02;
    private static final double TIME = 4;

    /** All layers of a mode have the same singular value q = c^{1/L}, which a step moves by −η q^{L−1} (q^L − s). */
    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void modesFollowTheirOwnRecurrence(int depth) {
        double rate = 0.01;
        AlignedModes network = modes(depth, rate);
        double[] q = new double[STRENGTHS.length];
        for (int j = 0; j < q.length; j++) {
            q[j] = Math.pow(START, 1.0 / depth);
        }
        for (int step = 1; step <= 400; step++) {
            network.step();
            for (int j = 0; j < q.length; j++) {
                q[j] -= rate * Math.pow(q[j], depth - 1) * (Math.pow(q[j], depth) - STRENGTHS[j]);
            }
            DMatrixRMaj modes = network.modes();
            for (int i = 0; i < q.length; i++) {
                for (int j = 0; j < q.length; j++) {
                    double expected = i == j ? Math.pow(q[j], depth) : 0;
                    // Roundings of 1e-16 grow as the modes do, by about two orders from START.
                    assertThat(modes.get(i, j))
                            .as("mode (%d, %d) at step %d", i, j, step)
                            .isCloseTo(expected, within(1e-12));
                }
            }
        }
    }

    /** a(t) = s e^{2st} / (e^{2st} − 1 + s/a0); the deviation is of first order in the rate, here 1.125 times it. */
    @ParameterizedTest(name = "rate {0}")
    @ValueSource(doubles = {1e-2, 1e-3, 1e-4})
    void twoLayersFollowTheSigmoidOfTheClosedForm(double rate) {
        double deviation = deviation(2, rate, strength -> AlignedModes.sigmoid(strength, START));
        assertThat(deviation).isBetween(rate, 1.3 * rate);
    }

    @ParameterizedTest(name = "depth {0}, rate {1}")
    @CsvSource({"2, 1e-3", "3, 1e-3", "4, 1e-3", "3, 5e-4", "4, 5e-4"})
    void modesFollowTheirFlow(int depth, double rate) {
        double deviation = deviation(depth, rate, strength -> AlignedModes.flow(depth, strength, START));
        double halved = deviation(depth, rate / 2, strength -> AlignedModes.flow(depth, strength, START));
        assertThat(deviation).isLessThan(5 * rate);
        // Of first order: half the rate, half the deviation, up to terms of second order.
        assertThat(halved / deviation).isCloseTo(0.5, within(10 * rate));
    }

    private static AlignedModes modes(int depth, double rate) {
        return new AlignedModes(
                depth,
                STRENGTHS,
                START,
                (evaluator, start) -> new GradientDescent(evaluator, Kernels.ordered(), rate, start));
    }

    private interface ByStrength {
        DoubleUnaryOperator solution(double strength);
    }

    /** The largest deviation of a mode from its solution, at times 0, 0.1, 0.2, …, relative to its strength. */
    private static double deviation(int depth, double rate, ByStrength exact) {
        AlignedModes network = modes(depth, rate);
        List<DoubleUnaryOperator> solutions = new ArrayList<>();
        for (double strength : STRENGTHS) {
            solutions.add(exact.solution(strength));
        }
        double deviation = 0;
        long every = Math.round(0.1 / rate);
        for (int row = 0; row <= 10 * TIME; row++) {
            DMatrixRMaj modes = network.modes();
            for (int j = 0; j < STRENGTHS.length; j++) {
                double expected =
                        solutions.get(j).applyAsDouble(network.descent().flowTime());
                deviation = Math.max(deviation, Math.abs(modes.get(j, j) - expected) / STRENGTHS[j]);
            }
            for (long step = 0; step < every; step++) {
                network.step();
            }
        }
        return deviation;
    }
}
