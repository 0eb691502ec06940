package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static saddlefarm.experiment.Experiments.message;
import static saddlefarm.experiment.Experiments.overridden;
import static saddlefarm.experiment.Experiments.runs;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "initialization.seed = [3, 1, 2] | 3 1 2",
                "initialization.seed = \"range(0, 3)\" | 0 1 2",
                "initialization.seed = \"range(5, 0, -2)\" | 5 3 1",
                "initialization.seed = \"range(9007199254740993, 9007199254740995)\" | 9007199254740993"
                        + " 9007199254740994",
                "initialization.scale = \"range(0.1, 0.5, 0.1)\" | 0.1 0.2 0.3 0.4",
                "stop.loss = \"range(0, 1, 0.1)\" | 0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9",
                "initialization.scale = \"linspace(0.1, 0.4, 4)\" | 0.1 0.2 0.3 0.4",
                "initialization.scale = \"linspace(1, 2, 4)\" | 1.0 1.3333333333333333 1.6666666666666667 2.0",
                "network.width = \"linspace(10, 30, 3)\" | 10 20 30",
                "initialization.scale = \"linspace(0.3, 9, 1)\" | 0.3",
                "initialization.scale = \"logspace(1e-3, 1e-1, 3)\" | 0.001 0.01 0.1",
                "initialization.scale = \"logspace(1, 1e-8, 9)\" | 1.0 0.1 0.01 0.001 1.0E-4 1.0E-5 1.0E-6 1.0E-7"
                        + " 1.0E-8",
                "initialization.scale = \"logspace(0.3, 0.7, 2)\" | 0.3 0.7",
                // 0.1^(1/2), 0.1^(3/2) to 15 digits
                "initialization.scale = \"logspace(1e-2, 1, 5)\" | 0.01 0.0316227766016838 0.1 0.316227766016838 1.0",
                "network.activation = [relu, linear] | \"relu\" \"linear\"",
                "network.bias = [true, false] | true false",
                "network.widths = [[64, 10], [64, 5, 10]] | [64,10] [64,5,10]",
                "network.depth = [1, 2] | 1 2",
            })
    void anAxisHasItsValues(String axis, String values) {
        String key = axis.substring(0, axis.indexOf(' '));
        String removed = key.equals("network.widths") ? "network.depth = null\nnetwork.width = null\n" : "";
        assertThat(runs(removed + "sweep." + axis))
                .extracting(run -> run.swept().get(key))
                .containsExactly(values.split(" "));
    }

    @Test
    void axesMultiplyInTheOrderOfTheFileAndTheLastIsFastest() {
        List<RunSpec> runs = runs("""
                sweep {
                  network.width = [6, 7]
                  initialization.seed = [1, 2]
                }
                """);
        assertThat(runs)
                .extracting(run -> run.swept().toString())
                .containsExactly(
                        "{initialization.seed=1, network.width=6}",
                        "{initialization.seed=2, network.width=6}",
                        "{initialization.seed=1, network.width=7}",
                        "{initialization.seed=2, network.width=7}");
        assertThat(runs.get(3).architecture().widths()).containsExactly(64, 7, 7, 10);
        assertThat(runs.get(3).initialization()).isEqualTo(new InitializationSettings.Gaussian(0.1, 2));
    }

    @Test
    void axesOnOneLineComeInTheOrderOfTheirNames() {
        assertThat(runs("sweep { network.width = [6, 7], initialization.seed = [1, 2] }"))
                .extracting(run -> run.swept().toString())
                .startsWith("{initialization.seed=1, network.width=6}", "{initialization.seed=1, network.width=7}");
    }

    @Test
    void zippedKeysAdvanceTogether() {
        assertThat(runs("""
                        sweep {
                          initialization.scale = [0.1, 0.2]
                          descent.learning-rate = [1e-2, 2e-2]
                          initialization.seed = [5, 6]
                          zip = [["initialization.scale", "descent.learning-rate"]]
                        }
                        """))
                .extracting(run -> run.swept().toString())
                .containsExactly(
                        "{descent.learning-rate=0.01, initialization.scale=0.1, initialization.seed=5}",
                        "{descent.learning-rate=0.01, initialization.scale=0.1, initialization.seed=6}",
                        "{descent.learning-rate=0.02, initialization.scale=0.2, initialization.seed=5}",
                        "{descent.learning-rate=0.02, initialization.scale=0.2, initialization.seed=6}");
    }

    @Test
    void aSweptKeyMayBeQuotedAsInJson() {
        assertThat(runs("sweep { \"initialization.seed\": \"range(0, 3)\" }")).hasSize(3);
    }

    @Test
    void anAxisReplacesThePlainValueOfTheFile() {
        assertThat(runs("initialization.seed = 9\nsweep.initialization.seed = [1, 2]\ninitialization.seed = 8"))
                .extracting(run -> run.swept().get("initialization.seed"))
                .containsExactly("1", "2");
    }

    @Test
    void aPlainOverrideReplacesTheAxisOfTheFile() {
        RunSpec run = Experiments.only(overridden("sweep.initialization.seed = [1, 2]", "initialization.seed=3"));
        assertThat(run.initialization()).isEqualTo(new InitializationSettings.Gaussian(0.1, 3));
        assertThat(run.swept()).isEmpty();
    }

    @Test
    void theLastOfPlainValueAndAxisOnTheCommandLineHolds() {
        String axis = "sweep.initialization.seed=range(0, 3)";
        assertThat(overridden("", "initialization.seed=7", axis)).hasSize(3);
        assertThat(overridden("", axis, "initialization.seed=7")).hasSize(1);
    }

    @Test
    void sweptWidthsOnTheCommandLineReplaceDepthAndWidth() {
        assertThat(overridden("sweep.network.depth = [2, 3]", "sweep.network.widths=[[64, 10], [64, 4, 10]]"))
                .extracting(run -> run.architecture().widths().toString())
                .containsExactly("[64, 10]", "[64, 4, 10]");
    }

    @Test
    void aRunOfASweepIsTheRunByItself() {
        RunSpec swept = runs("sweep.initialization.seed = [1, 2]").get(1);
        RunSpec single = Experiments.run("initialization.seed = 2");
        assertThat(swept.id()).isEqualTo(single.id());
        assertThat(swept.specification()).isEqualTo(single.specification());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "initialization.seed = [] | sweep.initialization.seed must have at least one value but was []",
                "initialization.seed = \"range(3, 3)\" | sweep.initialization.seed must have at least one value but was"
                        + " range(3, 3)",
                "initialization.seed = \"range(3)\" | sweep.initialization.seed must be range(a, b) or range(a, b, step)"
                        + " but was range(3)",
                "initialization.seed = \"range(0, 3, 0)\" | sweep.initialization.seed must have a step other than 0 but"
                        + " was range(0, 3, 0)",
                "initialization.seed = \"range(0, x)\" | sweep.initialization.seed must have numbers in the parentheses"
                        + " but was range(0, x)",
                "initialization.seed = \"range(0, 1e9)\" | sweep.initialization.seed must have at most 100000 values but"
                        + " was range(0, 1e9)",
                "initialization.seed = \"range(0, 1e999999999)\" | sweep.initialization.seed must have numbers in the"
                        + " parentheses but was range(0, 1e999999999)",
                "initialization.seed = 3 | sweep.initialization.seed must be a list, range(a, b[, step]), linspace(a, b,"
                        + " n) or logspace(a, b, n) but was 3",
                "initialization.scale = \"linspace(0, 1, 2.5)\" | sweep.initialization.scale must be linspace(a, b, n)"
                        + " with a whole number n but was linspace(0, 1, 2.5)",
                "initialization.scale = \"linspace(0, 1, -2)\" | sweep.initialization.scale must have at least one value"
                        + " but was linspace(0, 1, -2)",
                "initialization.scale = \"logspace(0, 1, 3)\" | sweep.initialization.scale must have both ends above 0"
                        + " but was logspace(0, 1, 3)",
                "initialization.scale = [0.1, -1] | initialization.scale must be above 0 but was -1",
                "network.width = \"linspace(10, 15, 3)\" | network.width must be a whole number but was 12.5",
                "data.file = [a, b] | sweep.data.file is not used when data.source = digits",
            })
    void anAxisThatCannotBeIsNamedWithItsPlace(String axis, String message) {
        assertThat(message("sweep." + axis)).isEqualTo(message + " (x.conf: 6)");
    }

    @Test
    void theRunsOfAnExperimentAreBounded() {
        assertThat(message("""
                        sweep.initialization.seed = "range(0, 1000)"
                        sweep.data.seed = "range(0, 101)"
                        """))
                .isEqualTo("an experiment may have at most 100000 runs but the sweep has 101000 (x.conf: 6)");
    }

    @Test
    void theSameRunTwiceIsAnError() {
        assertThat(message("sweep.initialization.scale = [0.10, 0.1]"))
                .isEqualTo("the sweep makes the same run twice: with initialization.scale = 0.1 (x.conf)");
        assertThat(message("sweep { data.source = [digits, circle-toy], data.samples = [5, 6] }"))
                .isEqualTo("the sweep makes the same run twice: with data.source = \"circle-toy\" (x.conf)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[[\"initialization.scale\", \"data.seed\"]] | sweep.zip needs equally many values but"
                        + " initialization.scale has 2 and data.seed has 3",
                "[[\"initialization.scale\", \"loss\"]] | sweep.zip names loss, which is not swept or already zipped",
                "[[\"data.seed\"], [\"data.seed\"]] | sweep.zip names data.seed, which is not swept or already zipped",
                "[\"data.seed\"] | sweep.zip must be a list of lists of swept keys, such as"
                        + " [[\"initialization.scale\", \"descent.learning-rate\"]], but was [\"data.seed\"]",
            })
    void aZipThatCannotBeIsNamedWithItsPlace(String zip, String message) {
        assertThat(message("sweep { initialization.scale = [0.1, 0.2], data.seed = [1, 2, 3], zip = " + zip + " }"))
                .isEqualTo(message + " (x.conf: 6)");
    }

    @Test
    void aZippedKeyCannotBeGivenOneValue() {
        String zipped = "sweep { initialization.seed = [1, 2], data.seed = [1, 2],"
                + " zip = [[\"initialization.seed\", \"data.seed\"]] }";
        assertThat(message(zipped, "data.seed=3"))
                .isEqualTo("data.seed cannot be given one value: sweep.zip lets it advance together with others"
                        + " (command line: data.seed=3)");
    }
}
