package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
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
import saddlefarm.linalg.WarmUp;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class GradientFlowTest {

    private static final double TOLERANCE = 1e-4;
    private static final Task TASK = TestTasks.linearTeacher(0);
    private static final double[] STRENGTHS = {3, 1.5, 0.8};
    private static final double START = 0.02;

    static final List<Architecture> ARCHITECTURES = List.of(
            new Architecture(List.of(10, 10), Activation.LINEAR, false),
            new Architecture(List.of(10, 7, 10), Activation.LINEAR, true),
            new Architecture(List.of(10, 12, 9, 12, 10), Activation.RELU, true));

    /** Relative to the strength, at the ends of steps; of order 2, the error falls as the ⅔ power of the tolerance. */
    @ParameterizedTest(name = "depth {0}")
    @CsvSource({"2, 1e-5", "3, 1e-4", "4, 5e-4"})
    void modesFollowTheirFlow(int depth, double deviation) {
        double loose = deviation(depth, 1e-6);
        double tight = deviation(depth, 1e-9);
        assertThat(tight).isLessThan(deviation);
        // 100 = (1e-6/1e-9)^⅔
        assertThat(loose / tight).isBetween(50.0, 200.0);
    }

    @Test
    void aLineIsFollowedAsFarAsItGoes() {
        // C = ½ (θ − 1)² from 5: θ = 1 + 4 e^{−t}
        var flow = oneWeight(5, 1e-8);
        flow.evaluate();
        while (flow.flowTime() < 3) {
            flow.advance();
            assertThat(weight(flow)).isCloseTo(1 + 4 * Math.exp(-flow.flowTime()), within(1e-5));
        }
    }

    @Test
    void timeIsTheSumOfStepsAndTheLossFalls() {
        var flow = flow(DescentState.initial(start(ARCHITECTURES.get(1))), TOLERANCE);
        flow.evaluate();
        double time = 0;
        for (int step = 1; step <= 150; step++) {
            double loss = flow.loss();
            flow.advance();
            flow.evaluate();
            assertThat(flow.step()).isEqualTo(step);
            assertThat(flow.loss()).isLessThan(loss);
            double h = memory(flow).lastStep();
            assertThat(flow.flowTime()).isEqualTo(time + h);
            time = flow.flowTime();
        }
    }

    @Test
    void aStepNeverGoesFartherThanHalfOfTheWeightsNormNorAQuarterOfTheTime() {
        Parameters start = Initialization.gaussian(
                new Architecture(List.of(10, 20, 20, 10), Activation.LINEAR, false),
                1e-3,
                RandomStream.of(0, "initialization"));
        var flow = flow(DescentState.initial(start), 0.9);
        flow.evaluate();
        for (int step = 0; step < 100; step++) {
            double time = flow.flowTime();
            double move =
                    Math.sqrt(flow.squaredGradientNorm() / flow.parameters().squaredNorm());
            flow.advance();
            double h = memory(flow).lastStep();
            // the last roundings are the product's
            assertThat(h * move).isLessThanOrEqualTo(0.5 * (1 + 1e-12));
            if (step > 0) {
                assertThat(h).isLessThanOrEqualTo(0.25 * time);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void goingOnFromAStateGivesTheBitsOfNotStopping(Architecture architecture) {
        var through = flow(DescentState.initial(start(architecture)), TOLERANCE);
        through.evaluate();
        for (int step = 1; step <= 60; step++) {
            DescentState state = through.state();
            var again = flow(state, TOLERANCE);
            assertSame(again.state(), state);
            again.evaluate();
            assertSame(again.state(), state);
            through.advance();
            through.evaluate();
            again.advance();
            again.evaluate();
            assertSame(again.state(), through.state());
            assertSame(through.previousState(), state);
        }
    }

    /** 25 steps have no measurement of the radius, so their evaluations are their stages alone. */
    @Test
    void everyEvaluationIsCountedAndAStepCostsItsStages() {
        var flow = flow(DescentState.initial(start(ARCHITECTURES.get(1))), TOLERANCE);
        flow.evaluate();
        assertThat(flow.evaluations()).isEqualTo(1);
        int plain = 0;
        for (int step = 0; step < 200; step++) {
            FlowMemory before = memory(flow);
            flow.advance();
            flow.evaluate();
            FlowMemory after = memory(flow);
            long spent = after.evaluations() - before.evaluations();
            boolean measured = after.age() == 1;
            boolean rejected = after.handover().rejected() > before.handover().rejected();
            int stages = ChebyshevStep.stages(after.lastStep(), after.radius());
            if (!measured && !rejected) {
                plain++;
                assertThat(spent).isEqualTo(stages);
            } else {
                assertThat(spent).isGreaterThan(stages);
            }
            assertThat(after.evaluations()).isEqualTo(flow.evaluations());
        }
        assertThat(plain).isGreaterThan(150);
    }

    @Test
    void itsStartIsCopiedAndStatesAreLeftAlone() {
        Parameters start = start(ARCHITECTURES.get(2));
        double[] before = start.toVector();
        var flow = flow(DescentState.initial(start), TOLERANCE);
        steps(flow, 2);
        assertThat(start.toVector()).isEqualTo(before);
        DescentState state = flow.state();
        double[] vector = state.parameters().toVector();
        double[] direction = memory(flow).direction().toVector();
        steps(flow, 60);
        assertThat(state.parameters().toVector()).isEqualTo(vector);
        assertThat(memory(state).direction().toVector()).isEqualTo(direction);
    }

    /** Some small records a step, and one vector of 277 numbers for 25 of them. */
    @Test
    void aStepAllocatesLittle() {
        // Vectors are objects until the kernels are compiled.
        WarmUp.run(Kernels.ordered());
        var flow = flow(DescentState.initial(start(ARCHITECTURES.get(1))), 1e-10);
        flow.evaluate();
        Runnable step = () -> {
            flow.advance();
            flow.evaluate();
        };
        assertThat(AllocatedBytes.of(step, 100)).isLessThan(100 * 600L);
    }

    @Test
    void whereTheGradientIsZeroTimeGoesOnAndNothingElse() {
        var zero = new Parameters(new Architecture(List.of(10, 7, 10), Activation.LINEAR, false));
        var flow = flow(DescentState.initial(zero), TOLERANCE);
        steps(flow, 2000);
        assertThat(flow.finite()).isTrue();
        assertThat(flow.parameters().squaredNorm()).isZero();
        assertThat(flow.flowTime()).isPositive().isFinite();
    }

    @Test
    void oneLayerMayStartAtZero() {
        var flow = oneWeight(0, TOLERANCE);
        steps(flow, 100);
        assertThat(weight(flow)).isCloseTo(1, within(1e-3));
    }

    /** Below rounding no step is within the tolerance, and shorter ones are no better. */
    @Test
    void aToleranceBelowRoundingStillGoesOn() {
        var flow = oneWeight(5, 1e-300);
        steps(flow, 20);
        assertThat(flow.flowTime()).isPositive();
        assertThat(weight(flow)).isCloseTo(1 + 4 * Math.exp(-flow.flowTime()), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1, Double.NaN})
    void toleranceIsAboveZeroAndBelowOne(double tolerance) {
        var start = DescentState.initial(start(ARCHITECTURES.get(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> flow(start, tolerance))
                .withMessage("tolerance must be above 0 and below 1 but was " + tolerance);
    }

    /**
     * The largest deviation of a mode from its closed form or scalar equation, relative to its strength, until t = 4.
     */
    private static double deviation(int depth, double tolerance) {
        var network = new AlignedModes(
                depth, STRENGTHS, START, (evaluator, start) -> new GradientFlow(evaluator, tolerance, start));
        double deviation = 0;
        double next = 0;
        while (network.descent().flowTime() < 4) {
            if (network.descent().flowTime() >= next) {
                deviation = Math.max(deviation, deviationNow(network, depth));
                next += 0.05;
            }
            network.step();
        }
        return deviation;
    }

    private static double deviationNow(AlignedModes network, int depth) {
        double deviation = 0;
        DMatrixRMaj modes = network.modes();
        for (int j = 0; j < STRENGTHS.length; j++) {
            DoubleUnaryOperator exact = depth == 2
                    ? AlignedModes.sigmoid(STRENGTHS[j], START)
                    : AlignedModes.flow(depth, STRENGTHS[j], START);
            double expected = exact.applyAsDouble(network.descent().flowTime());
            deviation = Math.max(deviation, Math.abs(modes.get(j, j) - expected) / STRENGTHS[j]);
        }
        return deviation;
    }

    private static void steps(Descent descent, int steps) {
        descent.evaluate();
        for (int i = 0; i < steps; i++) {
            descent.advance();
            descent.evaluate();
        }
    }

    private static void assertSame(DescentState state, DescentState expected) {
        assertThat(state)
                .usingRecursiveComparison()
                .ignoringFields("parameters", "memory.direction")
                .isEqualTo(expected);
        assertThat(state.parameters().toVector())
                .isEqualTo(expected.parameters().toVector());
        assertThat(memory(state).direction().toVector())
                .isEqualTo(memory(expected).direction().toVector());
    }

    private static FlowMemory memory(GradientFlow flow) {
        return memory(flow.state());
    }

    private static FlowMemory memory(DescentState state) {
        return Objects.requireNonNull(state.memory());
    }

    private static Parameters start(Architecture architecture) {
        return Initialization.gaussian(architecture, 0.7, RandomStream.of(0, "initialization"));
    }

    private static GradientFlow flow(DescentState start, double tolerance) {
        var architecture = start.parameters().architecture();
        return new GradientFlow(
                new Gradient(architecture, Loss.MSE, TASK.inputs(), TASK.targets(), Kernels.ordered()),
                tolerance,
                start);
    }

    /** C = ½ (θ − 1)². */
    private static GradientFlow oneWeight(double weight, double tolerance) {
        var one = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}}));
        var architecture = new Architecture(List.of(1, 1), Activation.LINEAR, false);
        var evaluator = new Gradient(architecture, Loss.MSE, one, one, Kernels.ordered());
        return new GradientFlow(
                evaluator, tolerance, DescentState.initial(Parameters.of(architecture, new double[] {weight})));
    }

    private static double weight(Descent descent) {
        return descent.parameters().weights(1).get(0, 0);
    }
}
