package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

class LimitsTest {

    private static final double NONE = 0;

    /** A descent that stands still at a state. */
    private record Standing(long step, double flowTime, double loss, double gradientNorm, boolean finite)
            implements Descent {

        @Override
        public double squaredGradientNorm() {
            return gradientNorm * gradientNorm;
        }

        @Override
        public void evaluate() {}

        @Override
        public void advance() {}

        @Override
        public Parameters parameters() {
            return new Parameters(new Architecture(List.of(1, 1), Activation.LINEAR, false));
        }

        @Override
        public DescentState state() {
            return new DescentState(step, flowTime, loss, squaredGradientNorm(), parameters());
        }

        @Override
        public DescentState previousState() {
            return state();
        }
    }

    private static final Descent STATE = new Standing(100, 2.5, 1e-3, 1e-2, true);

    @Test
    void zeroIsNoLimit() {
        var none = new Limits(0, NONE, NONE, NONE);
        assertThat(none.reached(STATE)).isNull();
        assertThat(none.reached(new Standing(Long.MAX_VALUE, 1e300, 0, 0, true)))
                .isNull();
    }

    @ParameterizedTest(name = "{0} steps")
    @CsvSource({"99, MAX_STEPS", "100, MAX_STEPS", "101,"})
    void stepsAreReachedFromBelow(long maxSteps, Ending ending) {
        assertThat(new Limits(maxSteps, NONE, NONE, NONE).reached(STATE)).isEqualTo(ending);
    }

    @ParameterizedTest(name = "t = {0}")
    @CsvSource({"2.4, MAX_FLOW_TIME", "2.5, MAX_FLOW_TIME", "2.6,"})
    void flowTimeIsReachedFromBelow(double maxFlowTime, Ending ending) {
        assertThat(new Limits(0, maxFlowTime, NONE, NONE).reached(STATE)).isEqualTo(ending);
    }

    @ParameterizedTest(name = "loss {0}")
    @CsvSource({"1.1e-3, LOSS", "1e-3, LOSS", "0.9e-3,"})
    void theLossIsReachedFromAbove(double loss, Ending ending) {
        assertThat(new Limits(0, NONE, loss, NONE).reached(STATE)).isEqualTo(ending);
    }

    @ParameterizedTest(name = "gradient norm {0}")
    @CsvSource({"1.1e-2, GRADIENT_NORM", "1e-2, GRADIENT_NORM", "0.9e-2,"})
    void theGradientNormIsReachedFromAbove(double gradientNorm, Ending ending) {
        assertThat(new Limits(0, NONE, NONE, gradientNorm).reached(STATE)).isEqualTo(ending);
    }

    /** What a run arrived at says more than the budget that was spent on the way, and divergence voids both. */
    @Test
    void ofSeveralEndingsTheFirstInOrderIsTheReason() {
        var everything = new Limits(1, 1, 1, 1);
        assertThat(everything.reached(new Standing(100, 2.5, 1e-3, 1e-2, false)))
                .isEqualTo(Ending.DIVERGED);
        assertThat(everything.reached(STATE)).isEqualTo(Ending.LOSS);
        assertThat(new Limits(1, 1, NONE, 1).reached(STATE)).isEqualTo(Ending.GRADIENT_NORM);
        assertThat(new Limits(1, 1, NONE, NONE).reached(STATE)).isEqualTo(Ending.MAX_STEPS);
        assertThat(new Limits(0, 1, NONE, NONE).reached(STATE)).isEqualTo(Ending.MAX_FLOW_TIME);
    }

    @Test
    void divergenceEndsARunWithoutLimits() {
        var diverged = new Standing(3, 0.3, Double.NaN, 1, false);
        assertThat(new Limits(0, NONE, NONE, NONE).reached(diverged)).isEqualTo(Ending.DIVERGED);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aRunHasConvergedByItsLossOrItsGradientOrAMinimum(Ending ending) {
        assertThat(ending.converged())
                .isEqualTo(List.of(Ending.LOSS, Ending.GRADIENT_NORM, Ending.MINIMUM)
                        .contains(ending));
    }
}
