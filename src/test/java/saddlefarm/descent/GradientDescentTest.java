package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.AllocatedBytes;
import saddlefarm.TestTasks;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;

class GradientDescentTest {

    private static final double RATE = 0.02;
    private static final Task TASK = TestTasks.linearTeacher(0);

    static final List<Architecture> ARCHITECTURES = List.of(
            new Architecture(List.of(10, 10), Activation.LINEAR, false),
            new Architecture(List.of(10, 7, 10), Activation.LINEAR, true),
            new Architecture(List.of(10, 5, 1, 8, 10), Activation.RELU, false),
            new Architecture(List.of(10, 12, 9, 12, 10), Activation.RELU, true));

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void aStepSubtractsTheRateTimesTheGradient(Architecture architecture) {
        Parameters start = start(architecture);
        var gradient = new Parameters(architecture);
        double loss = evaluator(architecture).evaluate(start, gradient);
        var descent = descent(DescentState.initial(start));

        descent.evaluate();
        assertThat(descent.loss()).isEqualTo(loss);
        assertThat(descent.squaredGradientNorm()).isCloseTo(gradient.squaredNorm(), withinPercentage(1e-12));
        descent.advance();

        double[] from = start.toVector();
        double[] slope = gradient.toVector();
        double[] to = descent.parameters().toVector();
        for (int i = 0; i < to.length; i++) {
            // with one rounding
            assertThat(to[i]).as("parameter %d", i).isEqualTo(Math.fma(-RATE, slope[i], from[i]));
        }
    }

    @Test
    void itsStartIsCopied() {
        Parameters start = start(ARCHITECTURES.get(1));
        double[] before = start.toVector();
        var descent = descent(DescentState.initial(start));
        steps(descent, 3);
        assertThat(start.toVector()).isEqualTo(before);
        start.set(new double[before.length]);
        assertThat(descent.parameters().squaredNorm()).isGreaterThan(0);
    }

    @Test
    void stepsCountFromZeroAndTimeIsTheirRate() {
        var descent = descent(DescentState.initial(start(ARCHITECTURES.get(1))));
        descent.evaluate();
        assertThat(descent.step()).isZero();
        assertThat(descent.flowTime()).isZero();
        for (int step = 1; step <= 100; step++) {
            descent.advance();
            descent.evaluate();
            assertThat(descent.step()).isEqualTo(step);
            // not a sum, whose rounding would grow
            assertThat(descent.flowTime()).isEqualTo(RATE * step);
        }
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void afterAnAdvanceTheStateBeforeItIsStillThere(Architecture architecture) {
        var descent = descent(DescentState.initial(start(architecture)));
        descent.evaluate();
        for (int step = 0; step < 5; step++) {
            DescentState before = descent.state();
            descent.advance();
            assertSame(descent.previousState(), before);
            descent.evaluate();
            assertSame(descent.previousState(), before);
        }
    }

    @Test
    void aStateIsACopyThatLaterStepsLeaveAlone() {
        var descent = descent(DescentState.initial(start(ARCHITECTURES.get(3))));
        steps(descent, 2);
        DescentState state = descent.state();
        DescentState previous = descent.previousState();
        double[] vector = state.parameters().toVector();
        double[] previousVector = previous.parameters().toVector();
        steps(descent, 5);
        assertThat(state.parameters().toVector()).isEqualTo(vector);
        assertThat(previous.parameters().toVector()).isEqualTo(previousVector);
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void goingOnFromAStateGivesTheBitsOfNotStopping(Architecture architecture) {
        var through = descent(DescentState.initial(start(architecture)));
        steps(through, 200);

        var first = descent(DescentState.initial(start(architecture)));
        steps(first, 77);
        var second = descent(first.state());
        assertThat(second.step()).isEqualTo(77);
        assertThat(second.loss()).isEqualTo(first.loss());
        assertThat(second.squaredGradientNorm()).isEqualTo(first.squaredGradientNorm());
        steps(second, 123);

        assertSame(second.state(), through.state());
        assertSame(second.previousState(), through.previousState());
    }

    @Test
    void aStateGoneOnFromIsKnownBeforeItIsEvaluatedAgain() {
        var first = descent(DescentState.initial(start(ARCHITECTURES.get(1))));
        steps(first, 3);
        var second = descent(first.state());
        assertSame(second.state(), first.state());
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void noStepAllocates(Architecture architecture) {
        assertNoStepAllocates(descent(DescentState.initial(start(architecture))), 2000);
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void noStepOfCrossEntropyAllocates(Architecture architecture) {
        assertNoStepAllocates(classifier(architecture), 2000);
    }

    /** So many outputs of layers make panels of eight samples: five of them. */
    @Test
    void noStepOfABatchOfSeveralPanelsAllocates() {
        var architecture = new Architecture(List.of(10, 4400, 10), Activation.RELU, true);
        assertThat(Workspaces.bytes(architecture, TASK.samples())).isEqualTo(Workspaces.bytes(architecture, 8));
        assertNoStepAllocates(classifier(architecture), 100);
    }

    private static void assertNoStepAllocates(GradientDescent descent, int steps) {
        descent.evaluate();
        Runnable step = () -> {
            descent.advance();
            descent.evaluate();
            if (!descent.finite()) {
                throw new AssertionError("diverged");
            }
        };
        // An object at every step would be 16 bytes at least.
        assertThat(AllocatedBytes.of(step, steps)).isLessThan(steps * 16L);
    }

    /** Of sample n the class is n mod 10. */
    private static GradientDescent classifier(Architecture architecture) {
        var targets = new PaddedMatrix(TASK.samples(), 10);
        for (int n = 0; n < TASK.samples(); n++) {
            targets.set(n, n % 10, 1);
        }
        var evaluator = new Gradient(architecture, Loss.CROSS_ENTROPY, TASK.inputs(), targets, Kernels.ordered());
        return descent(DescentState.initial(start(architecture)), evaluator, RATE);
    }

    /**
     * One weight, one sample: θ' = θ − η(θ − 1), so θ_k = 1 + (θ_0 − 1)(1 − η)^k, which grows without bound at η > 2.
     */
    @ParameterizedTest(name = "rate {0}")
    @CsvSource({"0.1, true", "1, true", "1.9, true", "2.1, false", "3, false", "1e300, false"})
    void aRateBeyondTwiceTheInverseSharpnessDiverges(double rate, boolean stays) {
        var descent = oneWeight(5, rate);
        boolean finite = true;
        for (int step = 1; step <= 300; step++) {
            steps(descent, 1);
            finite &= descent.finite();
        }
        assertThat(finite).isEqualTo(stays);
        if (stays) {
            assertThat(descent.parameters().weights(1).get(0, 0))
                    .isCloseTo(1 + 4 * Math.pow(1 - rate, 300), within(1e-12));
        }
    }

    /** A run that waits for its turn has no more parameters than it needs to go on. */
    @Test
    void aRestChangesNothingAndForgetsTheStateBefore() {
        var rested = oneWeight(5, 0.3);
        var other = oneWeight(5, 0.3);
        steps(rested, 3);
        steps(other, 3);
        assertThat(rested.previousState().step()).isEqualTo(2);
        rested.rest();
        assertThatThrownBy(rested::previousState).isInstanceOf(IllegalStateException.class);
        steps(rested, 3);
        steps(other, 3);
        assertThat(rested.parameters().toVector()).isEqualTo(other.parameters().toVector());
        assertThat(rested.loss()).isEqualTo(other.loss());
    }

    @Test
    void aRunThatDivergesStillHasItsLastFiniteState() {
        var descent = oneWeight(5, 3);
        descent.evaluate();
        while (descent.finite()) {
            descent.advance();
            descent.evaluate();
        }
        DescentState last = descent.previousState();
        double weight = last.parameters().weights(1).get(0, 0);
        // 1 + 4 · 2^k with alternating sign passes 1e8 at k = 25
        assertThat(last.step()).isEqualTo(24);
        assertThat(weight).isEqualTo(1 + 4 * Math.pow(-2, 24));
        assertThat(last.loss()).isEqualTo((weight - 1) * (weight - 1) / 2);
        assertThat(last.squaredGradientNorm()).isEqualTo((weight - 1) * (weight - 1));
        assertThat(descent(last, oneWeightEvaluator(), 3).finite()).isTrue();
    }

    @ParameterizedTest(name = "‖θ‖ = {0}")
    @CsvSource({"1e8, true", "-1e8, true", "1.0000001e8, false", "1e200, false", "NaN, false", "Infinity, false"})
    void parametersAreBoundedByTheLargestNorm(double weight, boolean finite) {
        var descent = oneWeight(weight, 1);
        descent.evaluate();
        assertThat(descent.finite()).isEqualTo(finite);
    }

    @ParameterizedTest(name = "loss {0}, squared gradient norm {1}")
    @CsvSource({
        "1, 1, true",
        "NaN, 1, false",
        "Infinity, 1, false",
        "1, NaN, false",
        "1, Infinity, false",
        "0, 0, true",
    })
    void lossAndGradientAreNumbers(double loss, double squaredGradientNorm, boolean finite) {
        Parameters parameters = weight(1);
        var state = new DescentState(3, 0.3, loss, squaredGradientNorm, parameters);
        assertThat(descent(state, oneWeightEvaluator(), 0.1).finite()).isEqualTo(finite);
    }

    /** With a small rate every step lowers the loss by η|∇C|², to first order in η. */
    @ParameterizedTest(name = "rate {0}")
    @ValueSource(doubles = {1e-4, 1e-5})
    void aSmallStepLowersTheLossByTheRateTimesTheSquaredGradient(double rate) {
        Architecture architecture = ARCHITECTURES.get(1);
        var descent = descent(DescentState.initial(start(architecture)), evaluator(architecture), rate);
        descent.evaluate();
        double loss = descent.loss();
        double slope = descent.squaredGradientNorm();
        steps(descent, 1);
        // the next term is ½η² times a curvature of some tens
        assertThat((loss - descent.loss()) / rate).isCloseTo(slope, within(slope * rate * 50));
    }

    private static void steps(Descent descent, int steps) {
        descent.evaluate();
        for (int i = 0; i < steps; i++) {
            descent.advance();
            descent.evaluate();
        }
    }

    private static void assertSame(DescentState state, DescentState expected) {
        assertThat(state.step()).isEqualTo(expected.step());
        assertThat(state.flowTime()).isEqualTo(expected.flowTime());
        assertThat(state.loss()).isEqualTo(expected.loss());
        assertThat(state.squaredGradientNorm()).isEqualTo(expected.squaredGradientNorm());
        assertThat(state.parameters().toVector())
                .isEqualTo(expected.parameters().toVector());
    }

    private static Parameters start(Architecture architecture) {
        return Initialization.gaussian(architecture, 0.7, RandomStream.of(0, "initialization"));
    }

    private static Gradient evaluator(Architecture architecture) {
        return new Gradient(architecture, Loss.MSE, TASK.inputs(), TASK.targets(), Kernels.ordered());
    }

    private static GradientDescent descent(DescentState start) {
        return descent(start, evaluator(start.parameters().architecture()), RATE);
    }

    private static GradientDescent descent(DescentState start, Gradient evaluator, double rate) {
        return new GradientDescent(evaluator, Kernels.ordered(), rate, start);
    }

    /** C = ½ (θ − 1)². */
    private static GradientDescent oneWeight(double weight, double rate) {
        return descent(DescentState.initial(weight(weight)), oneWeightEvaluator(), rate);
    }

    private static Gradient oneWeightEvaluator() {
        var one = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}}));
        return new Gradient(weight(1).architecture(), Loss.MSE, one, one, Kernels.ordered());
    }

    private static Parameters weight(double value) {
        return Parameters.of(new Architecture(List.of(1, 1), Activation.LINEAR, false), new double[] {value});
    }
}
