package saddlefarm.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Cadence.Look;
import saddlefarm.data.Task;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.Limits;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class TrainingTest {

    private static final Limits ENDLESS = new Limits(0, 0, 0, 0);

    // --- scripted: C is 1/(step + 1), |∇C|² is 1/(step + 1)², t is 2 step ---

    @Test
    void theFirstStepEvaluatesTheInitialStateAndMovesNowhere() {
        var script = new Script(0);
        var training = Training.begin(script, everyTenth(), ENDLESS);
        assertThat(training.evaluated()).isFalse();
        assertThat(script.calls).isEmpty();
        training.step();
        assertThat(training.evaluated()).isTrue();
        assertThat(training.descent().step()).isZero();
        assertThat(training.look()).isEqualTo(Look.ROW);
        assertThat(training.ending()).isNull();
        training.step();
        training.step();
        assertThat(training.descent().step()).isEqualTo(2);
        assertThat(script.calls).containsExactly("evaluate", "advance", "evaluate", "advance", "evaluate");
    }

    @Test
    void theCadenceSeesEveryStepOnce() {
        var training = Training.begin(new Script(0), everyTenth(), ENDLESS);
        List<Long> rows = new ArrayList<>();
        for (long step = 0; step <= 35; step++) {
            training.step();
            if (training.look() == Look.ROW) {
                rows.add(training.descent().step());
            }
        }
        assertThat(rows).containsExactly(0L, 10L, 20L, 30L);
        assertThat(training.cadence().rowStep()).isEqualTo(30);
        assertThat(training.cadence().rowLoss()).isEqualTo(1.0 / 31);
    }

    @Test
    void aStateThatMeetsALimitIsLookedAtAsAnyOther() {
        var training = untilEnd(new Script(0), new Limits(20, 0, 0, 0));
        assertThat(training.ending()).isEqualTo(Ending.MAX_STEPS);
        assertThat(training.look()).isEqualTo(Look.ROW);
        assertThat(training.cadence().rowStep()).isEqualTo(20);
        assertThat(training.state().step()).isEqualTo(20);
    }

    @Test
    void everyLimitEndsATrainingAtTheFirstStateThatMeetsIt() {
        assertThat(end(new Limits(17, 0, 0, 0))).isEqualTo("MAX_STEPS at 17");
        assertThat(end(new Limits(0, 33, 0, 0))).isEqualTo("MAX_FLOW_TIME at 17");
        assertThat(end(new Limits(0, 34, 0, 0))).isEqualTo("MAX_FLOW_TIME at 17");
        assertThat(end(new Limits(0, 0, 0.06, 0))).isEqualTo("LOSS at 16");
        assertThat(end(new Limits(0, 0, 0.0625, 0))).isEqualTo("LOSS at 15");
        assertThat(end(new Limits(0, 0, 0, 0.06))).isEqualTo("GRADIENT_NORM at 16");
        assertThat(end(new Limits(0, 0, 0, 0.0625))).isEqualTo("GRADIENT_NORM at 15");
    }

    @Test
    void theLimitThatIsMetFirstEndsATraining() {
        assertThat(end(new Limits(100, 33, 0.01, 0.01))).isEqualTo("MAX_FLOW_TIME at 17");
        assertThat(end(new Limits(5, 33, 0.01, 0.01))).isEqualTo("MAX_STEPS at 5");
    }

    @Test
    void ofLimitsThatAreMetTogetherConvergenceCountsBeforeABudgetAndLossBeforeGradient() {
        assertThat(end(new Limits(15, 30, 0.0625, 0.0625))).isEqualTo("LOSS at 15");
        assertThat(end(new Limits(15, 30, 0, 0.0625))).isEqualTo("GRADIENT_NORM at 15");
        assertThat(end(new Limits(15, 30, 0, 0))).isEqualTo("MAX_STEPS at 15");
    }

    @Test
    void divergenceCountsBeforeEveryLimit() {
        var script = new Script(0);
        script.divergesAt = 15;
        assertThat(untilEnd(script, new Limits(15, 30, 0.0625, 0.0625)).ending())
                .isEqualTo(Ending.DIVERGED);
    }

    @Test
    void aDivergedTrainingEndsAtTheStateBeforeAndLooksAtNothing() {
        var script = new Script(0);
        script.divergesAt = 20;
        var training = untilEnd(script, ENDLESS);
        assertThat(training.look()).isEqualTo(Look.NONE);
        assertThat(training.state().step()).isEqualTo(19);
        assertThat(training.state().loss()).isEqualTo(1.0 / 20);
        // Step 20 would have been a row.
        assertThat(training.cadence().rowStep()).isEqualTo(10);
    }

    @Test
    void aRowJustBeforeADivergenceIsNotLookedAtTwice() {
        var script = new Script(0);
        script.divergesAt = 21;
        var training = untilEnd(script, ENDLESS);
        assertThat(training.state().step()).isEqualTo(20);
        assertThat(training.look()).isEqualTo(Look.NONE);
    }

    @Test
    void aTrainingWhoseInitialStateIsNotFiniteCannotBegin() {
        var script = new Script(0);
        script.divergesAt = 0;
        var training = Training.begin(script, everyTenth(), ENDLESS);
        assertThatThrownBy(training::step)
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("the loss at the initial weights is not finite");
    }

    @Test
    void aResumedTrainingHasEvaluatedItsStateAndDoesNotLookAtItAgain() {
        var begun = Training.begin(new Script(0), everyTenth(), ENDLESS);
        steps(begun, 15);
        var script = new Script(14);
        var cadence = new Cadence(Cadence.Kind.LINEAR, 10, begun.cadence());
        var resumed = Training.resume(script, cadence, ENDLESS, null);
        assertThat(resumed.evaluated()).isTrue();
        assertThat(resumed.look()).isEqualTo(Look.NONE);
        assertThat(resumed.ending()).isNull();
        assertThat(resumed.cadence()).isEqualTo(begun.cadence());
        resumed.step();
        assertThat(resumed.descent().step()).isEqualTo(15);
        assertThat(script.calls).containsExactly("evaluate", "advance", "evaluate");
    }

    @Test
    void aTrainingThatIsResumedFromAStateThatMeetsALimitHasEnded() {
        var resumed = Training.resume(new Script(15), everyTenth(), new Limits(15, 0, 0, 0), null);
        assertThat(resumed.ending()).isEqualTo(Ending.MAX_STEPS);
        assertThat(resumed.state().step()).isEqualTo(15);
        // With a greater budget the same state goes on.
        assertThat(Training.resume(new Script(15), everyTenth(), new Limits(16, 0, 0, 0), null)
                        .ending())
                .isNull();
    }

    // --- a real descent ---

    private static final Architecture ARCHITECTURE = new Architecture(List.of(10, 6, 10), Activation.RELU, false);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 57, 140, 299})
    void aTrainingFromTheStateOfAnyStepGoesOnBitForBit(int at) {
        var whole = Training.begin(descent(0.02, initial()), adaptive(Cadence.State.INITIAL), ENDLESS);
        steps(whole, at);
        var resumed = Training.resume(descent(0.02, whole.state()), adaptive(whole.cadence()), ENDLESS, null);
        for (int step = at; step < 300; step++) {
            whole.step();
            resumed.step();
            assertThat(resumed.look()).isEqualTo(whole.look());
            assertThat(resumed.descent().step()).isEqualTo(whole.descent().step());
            assertThat(resumed.descent().flowTime()).isEqualTo(whole.descent().flowTime());
            assertThat(resumed.descent().loss()).isEqualTo(whole.descent().loss());
            assertThat(resumed.descent().squaredGradientNorm())
                    .isEqualTo(whole.descent().squaredGradientNorm());
        }
        assertThat(resumed.state().parameters().toVector())
                .containsExactly(whole.state().parameters().toVector());
        assertThat(resumed.cadence()).isEqualTo(whole.cadence());
    }

    @Test
    void tooLargeALearningRateDivergesAndLeavesTheLastFiniteState() {
        var training = Training.begin(descent(50, initial()), adaptive(Cadence.State.INITIAL), ENDLESS);
        List<Double> losses = new ArrayList<>();
        while (training.ending() == null) {
            training.step();
            losses.add(training.descent().loss());
        }
        assertThat(training.ending()).isEqualTo(Ending.DIVERGED);
        DescentState last = training.state();
        assertThat(last.step()).isEqualTo(losses.size() - 2);
        assertThat(last.loss()).isFinite().isEqualTo(losses.get(losses.size() - 2));
        assertThat(last.squaredGradientNorm()).isFinite();
        // Its own loss is what it says, so that the state fits its parameters.
        var again = descent(50, last);
        again.evaluate();
        assertThat(again.loss()).isEqualTo(last.loss());
        assertThat(again.squaredGradientNorm()).isEqualTo(last.squaredGradientNorm());
    }

    private static DescentState initial() {
        return DescentState.initial(Initialization.gaussian(ARCHITECTURE, 0.3, RandomStream.of(3, "initialization")));
    }

    private static GradientDescent descent(double learningRate, DescentState from) {
        Task task = TestTasks.linearTeacher(3);
        var kernels = Kernels.ordered();
        var gradient = new Gradient(ARCHITECTURE, Loss.MSE, task.inputs(), task.targets(), kernels);
        return new GradientDescent(gradient, kernels, learningRate, from);
    }

    private static Cadence adaptive(Cadence.State state) {
        return new Cadence(Cadence.Kind.ADAPTIVE, 3, state);
    }

    private static Cadence everyTenth() {
        return new Cadence(Cadence.Kind.LINEAR, 10, Cadence.State.INITIAL);
    }

    private static void steps(Training training, int count) {
        for (int i = 0; i < count; i++) {
            training.step();
        }
    }

    private static Training untilEnd(Script script, Limits limits) {
        var training = Training.begin(script, everyTenth(), limits);
        do {
            training.step();
        } while (training.ending() == null);
        return training;
    }

    private static String end(Limits limits) {
        var training = untilEnd(new Script(0), limits);
        @Nullable Ending ending = training.ending();
        return ending + " at " + training.state().step();
    }

    /** A descent with a formula instead of a network. */
    private static final class Script implements Descent {

        private final Parameters parameters = new Parameters(ARCHITECTURE);
        private final List<String> calls = new ArrayList<>();
        private long divergesAt = -1;
        private long step;

        Script(long step) {
            this.step = step;
        }

        @Override
        public void evaluate() {
            calls.add("evaluate");
        }

        @Override
        public void advance() {
            calls.add("advance");
            step++;
        }

        @Override
        public long step() {
            return step;
        }

        @Override
        public double flowTime() {
            return 2.0 * step;
        }

        @Override
        public double loss() {
            return 1.0 / (step + 1);
        }

        @Override
        public double squaredGradientNorm() {
            return loss() * loss();
        }

        @Override
        public Parameters parameters() {
            return parameters;
        }

        @Override
        public boolean finite() {
            return step != divergesAt;
        }

        @Override
        public DescentState state() {
            return new DescentState(step, flowTime(), loss(), squaredGradientNorm(), parameters);
        }

        @Override
        public DescentState previousState() {
            return new Script(step - 1).state();
        }
    }
}
