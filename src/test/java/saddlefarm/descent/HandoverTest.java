package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.data.Task;
import saddlefarm.data.Teachers;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class HandoverTest {

    /**
     * 20 steps of 0.001 with 3 evaluations are 3000 for a unit of time; descent takes λ/0.1, and ten times that is 100
     * λ.
     */
    @ParameterizedTest(name = "{0} rejected, |∇C|² to {1}, t = {2}, sharpness {3}")
    @CsvSource({
        "5, 0.9, 100, 29.9, true",
        "5, 0.9, 100, 30.1, false",
        "4, 0.9, 100, 29.9, false",
        "5, 1.1, 100, 29.9, false",
        "5, 0.9, 0.34, 29.9, true",
        "5, 0.9, 0.33, 29.9, false",
    })
    void descentTakesOverWhereStepsAreRejectedAndDearAndTheGradientFalls(
            int rejected, double square, double time, double sharpness, boolean takesOver) {
        Handover window = Handover.NONE;
        for (int step = 1; step <= 20; step++) {
            assertThat(window.descending()).isFalse();
            double after = step == 20 ? square : 2;
            window = window.afterFlow(0.001, step <= rejected ? 1 : 0, 3, step == 1 ? 1 : 2, after, time, sharpness);
        }
        assertThat(window.descending()).isEqualTo(takesOver);
        assertThat(window).isEqualTo(takesOver ? new Handover(0, 0, 0, 0, square, 1.1 * time) : Handover.NONE);
    }

    @ParameterizedTest(name = "t = {0}, |∇C|² = {1}")
    @CsvSource({
        "109.9, 1e-4, true",
        "110.1, 1e-4, false",
        "105, 1.19e-4, true",
        "105, 1.21e-4, false",
    })
    void aLegEndsWithItsTimeOrWhereTheGradientRises(double time, double square, boolean goesOn) {
        var leg = new Handover(0, 0, 0, 0, 1, 110);
        leg = leg.afterDescent(101, 1e-4);
        assertThat(leg.descending()).isTrue();
        assertThat(leg.afterDescent(time, square).descending()).isEqualTo(goesOn);
    }

    /**
     * C = ½ (θ − 1)², in the middle of a leg: a step is 0.1/λ = 0.1 of the way, and one evaluation. The radius was
     * measured with its margin of 1.2.
     */
    @Test
    void inALegStepsAreGradientDescents() {
        var one = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}}));
        var architecture = new Architecture(List.of(1, 1), Activation.LINEAR, false);
        var evaluator = new Gradient(architecture, Loss.MSE, one, one, Kernels.ordered());
        Parameters weight = Parameters.of(architecture, new double[] {5});
        var memory = new FlowMemory(0.5, 0.5, 1, 1.2, 3, weight, 1000, new Handover(0, 0, 0, 0, 16, 110));
        var flow = new GradientFlow(evaluator, 1e-4, new DescentState(50, 100, 8, 16, weight, memory));
        double left = 4;
        for (int step = 1; step <= 5; step++) {
            flow.evaluate();
            flow.advance();
            left *= 0.9;
            assertThat(flow.parameters().weights(1).get(0, 0)).isCloseTo(1 + left, within(1e-12));
            assertThat(flow.flowTime()).isCloseTo(100 + 0.1 * step, within(1e-12));
            assertThat(flow.evaluations()).isEqualTo(1000 + step);
        }
    }

    /**
     * Two layers, twelve neurons, twenty samples: soon the flow slides along kinks. Without a handover it takes more
     * than 60,000 evaluations to t = 28. Each state, in legs too, is one to go on from bit for bit.
     */
    @Test
    void slidingAlongKinksIsLeftToDescent() {
        Task task = Teachers.relu(4, 20, List.of(2.0, 1.0), RandomStream.of(0, "data"));
        var architecture = new Architecture(List.of(4, 12, 4), Activation.RELU, false);
        var start = Initialization.gaussian(architecture, 0.3, RandomStream.of(0, "initialization"));
        GradientFlow flow = flow(task, DescentState.initial(start));
        int legs = 0;
        while (flow.flowTime() < 100) {
            flow.evaluate();
            DescentState before = flow.state();
            flow.advance();
            DescentState after = flow.state();
            boolean began = handover(after).descending() && !handover(before).descending();
            boolean ended = handover(before).descending() && !handover(after).descending();
            legs += began ? 1 : 0;
            if (began || ended) {
                GradientFlow again = flow(task, before);
                again.evaluate();
                again.advance();
                assertThat(again.state().parameters().toVector())
                        .isEqualTo(after.parameters().toVector());
                assertThat(handover(again.state())).isEqualTo(handover(after));
                assertThat(again.evaluations()).isEqualTo(flow.evaluations());
            }
        }
        assertThat(legs).isGreaterThan(3);
        assertThat(flow.evaluations()).isLessThan(60_000);
    }

    private static Handover handover(DescentState state) {
        return Objects.requireNonNull(state.memory()).handover();
    }

    private static GradientFlow flow(Task task, DescentState start) {
        var evaluator = new Gradient(
                start.parameters().architecture(), Loss.MSE, task.inputs(), task.targets(), Kernels.ordered());
        return new GradientFlow(evaluator, 1e-5, start);
    }
}
