package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static saddlefarm.experiment.Experiments.overridden;
import static saddlefarm.experiment.Experiments.run;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.ObserveSettings;
import saddlefarm.analysis.StopRules;
import saddlefarm.descent.Limits;
import saddlefarm.experiment.DataSettings.Teacher;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;

class ExperimentKeysTest {

    @Test
    void everyKeyHasItsDefault() {
        RunSpec run = run("");
        assertThat(run.experiment()).isEqualTo("short");
        assertThat(run.architecture()).isEqualTo(new Architecture(List.of(64, 5, 5, 10), Activation.RELU, false));
        assertThat(run.data()).isEqualTo(new DataSettings.Digits(200, 0));
        assertThat(run.initialization()).isEqualTo(new InitializationSettings.Gaussian(0.1, 0));
        assertThat(run.loss()).isEqualTo(Loss.MSE);
        assertThat(run.descent()).isEqualTo(new DescentSettings.GradientDescent(0.04));
        assertThat(run.limits()).isEqualTo(new Limits(100, 0, 0, 0));
        assertThat(run.stopRules().afterEscapes()).isZero();
        assertThat(run.observe()).isEqualTo(new ObserveSettings(Cadence.Kind.ADAPTIVE, 50, 10, true));
        assertThat(run.backend()).isEqualTo("ordered");
        assertThat(run.checkpointEvery()).isEqualTo(Duration.ofSeconds(10));
        assertThat(run.swept()).isEmpty();
    }

    @Test
    void everyKeyMapsToItsSetting() {
        RunSpec run = Experiments.only(
                Experiment.parse("""
                        name = all of it
                        network { widths = [64, 7, 10], activation = linear, bias = true }
                        data { source = digits, samples = 150, seed = 9007199254740993 }
                        initialization { source = gaussian, scale = 0.15, seed = -9223372036854775808 }
                        loss = cross-entropy
                        descent { method = gradient-descent, learning-rate = 0.1 }
                        stop { max-steps = 32000, max-flow-time = 12.5, loss = 1e-10, gradient-norm = 1e-7, after-escapes = 3 }
                        observe { cadence = linear, every-steps = 7, singular-values = 4, curvature = false }
                        checkpoint { every = 2 minutes }
                        linalg { backend = ordered }
                        """, "x.conf", Experiments.NOWHERE, List.of()).runs());
        assertThat(run.experiment()).isEqualTo("all of it");
        assertThat(run.architecture()).isEqualTo(new Architecture(List.of(64, 7, 10), Activation.LINEAR, true));
        assertThat(run.data()).isEqualTo(new DataSettings.Digits(150, 9007199254740993L));
        assertThat(run.initialization()).isEqualTo(new InitializationSettings.Gaussian(0.15, Long.MIN_VALUE));
        assertThat(run.loss()).isEqualTo(Loss.CROSS_ENTROPY);
        assertThat(run.descent()).isEqualTo(new DescentSettings.GradientDescent(0.1));
        assertThat(run.limits()).isEqualTo(new Limits(32000, 12.5, 1e-10, 1e-7));
        assertThat(run.stopRules().afterEscapes()).isEqualTo(3);
        assertThat(run.observe()).isEqualTo(new ObserveSettings(Cadence.Kind.LINEAR, 7, 4, false));
        assertThat(run.backend()).isEqualTo("ordered");
        assertThat(run.checkpointEvery()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void rulesOfStoppingMapToTheirSettingsAndKnowTheBudget() {
        var rules = Experiments.run(
                        "stop { after-escapes = 3, rank = 2, minimum = 1e-6, beyond-budget = 1.5, max-flow-time = 10 }")
                .stopRules();
        assertThat(rules).isEqualTo(new StopRules(3, 2, 1e-6, 1.5, 4)); // 100 steps of .04 are spent first
    }

    @Test
    void aRuleOfStoppingThatIsNotUsedLeavesNoTrace() {
        RunSpec run = Experiments.run("stop { rank = 0, minimum = 0, beyond-budget = 0 }");
        assertThat(run.id()).isEqualTo(Experiments.run("").id());
        assertThat(run.specification()).doesNotContain("minimum");
        assertThat(Experiments.run("stop.rank = 2").id()).isNotEqualTo(run.id());
    }

    @Test
    void gradientFlowHasATolerance() {
        RunSpec run = run("descent = { method = gradient-flow, tolerance = 1e-5, learning-rate = null }");
        assertThat(run.descent()).isEqualTo(new DescentSettings.GradientFlow(1e-5));
    }

    /** Its steps are long, so rows may follow each other. */
    @Test
    void gradientFlowHasItsOwnDefaults() {
        RunSpec run = run("descent = { method = gradient-flow, learning-rate = null }");
        assertThat(run.descent()).isEqualTo(new DescentSettings.GradientFlow(1e-3));
        assertThat(run.observe()).isEqualTo(new ObserveSettings(Cadence.Kind.ADAPTIVE, 1, 10, true));
        RunSpec given = run("descent = { method = gradient-flow, learning-rate = null }, observe.every-steps = 7");
        assertThat(given.observe().everySteps()).isEqualTo(7);
    }

    @Test
    void eachSourceHasItsDefaults() {
        assertThat(dataOf("digits")).isEqualTo(new DataSettings.Digits(200, 0));
        assertThat(dataOf("linear-teacher"))
                .isEqualTo(new Teacher(Teacher.Kind.LINEAR, 10, 40, List.of(4.0, 2.0, 1.0, 0.5), 0));
        assertThat(dataOf("positive-teacher"))
                .isEqualTo(new Teacher(Teacher.Kind.POSITIVE, 10, 100, List.of(4.0, 2.0, 1.0), 0));
        assertThat(dataOf("orthogonal-teacher"))
                .isEqualTo(new Teacher(Teacher.Kind.ORTHOGONAL, 10, 10, List.of(4.0, 2.0, 1.0), 0));
        assertThat(dataOf("relu-teacher"))
                .isEqualTo(new Teacher(Teacher.Kind.RELU, 10, 100, List.of(4.0, 2.0, 1.0), 0));
        assertThat(dataOf("circle-toy")).isEqualTo(new DataSettings.CircleToy());
    }

    @Test
    void aTeacherIsDescribedByItsKeys() {
        assertThat(run("data { source = relu-teacher, dimension = 6, samples = 30, strengths = [3, 0.25], seed = 5 }")
                        .data())
                .isEqualTo(new Teacher(Teacher.Kind.RELU, 6, 30, List.of(3.0, 0.25), 5));
    }

    @ParameterizedTest
    @CsvSource({"digits,64,10", "linear-teacher,10,10", "orthogonal-teacher,10,10", "circle-toy,2,1"})
    void depthAndWidthBecomeWidthsThatFitTheData(String source, int inputs, int outputs) {
        assertThat(run("data.source = " + source).architecture().widths()).containsExactly(inputs, 5, 5, outputs);
    }

    @Test
    void aNetworkOfOneLayerNeedsNoWidth() {
        String text = Experiments.SHORT.replace("depth = 3, width = 5", "depth = 1");
        RunSpec run = Experiments.only(
                Experiment.parse(text, "x.conf", Experiments.NOWHERE, List.of()).runs());
        assertThat(run.architecture().widths()).containsExactly(64, 10);
    }

    @Test
    void widthsGivenLaterReplaceDepthAndWidth() {
        assertThat(run("network.widths = [64, 8, 10]").architecture().widths()).containsExactly(64, 8, 10);
        assertThat(Experiments.only(overridden("", "network.widths=[64, 9, 10]"))
                        .architecture()
                        .widths())
                .containsExactly(64, 9, 10);
    }

    @Test
    void depthAndWidthGivenLaterReplaceWidths() {
        assertThat(run("network.widths = [64, 8, 10]\nnetwork.width = 6")
                        .architecture()
                        .widths())
                .containsExactly(64, 6, 6, 10);
        assertThat(Experiments.only(overridden("network.widths = [64, 8, 10]", "network.depth=2", "network.width=4"))
                        .architecture()
                        .widths())
                .containsExactly(64, 4, 10);
    }

    @Test
    void anOverrideWinsOverTheFileAndOverEarlierOnes() {
        RunSpec run = Experiments.only(overridden("", "stop.max-steps=7", "stop.max-steps=8", "name=a: b, c"));
        assertThat(run.limits().maxSteps()).isEqualTo(8);
        assertThat(run.experiment()).isEqualTo("a: b, c");
    }

    @Test
    void anOverrideMayBeAListAnObjectOrQuoted() {
        RunSpec run = Experiments.only(
                overridden("", "data={source=relu-teacher}", "data.strengths=[2, 1]", "name=\"quoted\""));
        assertThat(run.data()).isEqualTo(new Teacher(Teacher.Kind.RELU, 10, 100, List.of(2.0, 1.0), 0));
        assertThat(run.experiment()).isEqualTo("quoted");
    }

    @Test
    void substitutionsSeeOverrides() {
        RunSpec run = Experiments.only(overridden("observe.every-steps = ${stop.max-steps}", "stop.max-steps=12"));
        assertThat(run.observe().everySteps()).isEqualTo(12);
    }

    @Test
    void aWholeNumberMayBeWrittenAsADecimal() {
        assertThat(run("stop.max-steps = 3.2e4").limits().maxSteps()).isEqualTo(32000);
    }

    @Test
    void minusZeroIsZero() {
        assertThat(run("stop.loss = -0.0").limits()).isEqualTo(new Limits(100, 0, 0, 0));
    }

    @Test
    void nullUnsetsAKey() {
        assertThat(run("data.samples = 7\ndata.samples = null").data()).isEqualTo(new DataSettings.Digits(200, 0));
    }

    private static DataSettings dataOf(String source) {
        return run("data.source = " + source).data();
    }
}
