package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static saddlefarm.experiment.Experiments.message;
import static saddlefarm.experiment.Experiments.messageOf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "descent.learning-rate = -0.1 | descent.learning-rate must be above 0 but was -0.1 (x.conf: 6)",
                "descent.learning-rate = 0 | descent.learning-rate must be above 0 but was 0 (x.conf: 6)",
                "descent.learning-rate = fast | descent.learning-rate must be a number but was fast (x.conf: 6)",
                "descent.learning-rate = NaN | descent.learning-rate must be a number but was NaN (x.conf: 6)",
                "descent.learning-rate = [1] | descent.learning-rate must be a single value but was [1] (x.conf: 6)",
                "descent.learning-rate = 1e400 | descent.learning-rate must be within ±1.7976931348623157E308 but was"
                        + " 1e400 (x.conf: 6)",
                "stop.loss = 1e-400 | stop.loss must not be nearer to 0 than the smallest double, 4.9E-324, but was"
                        + " 1e-400 (x.conf: 6)",
                "network.depth = 0 | network.depth must be at least 1 but was 0 (x.conf: 6)",
                "network.depth = 1001 | network.depth must be at most 1000 but was 1001 (x.conf: 6)",
                "network.depth = 2.5 | network.depth must be a whole number but was 2.5 (x.conf: 6)",
                "network.width = 0 | network.width must be at least 1 but was 0 (x.conf: 6)",
                "network.width = 100001 | network.width must be at most 100000 but was 100001 (x.conf: 6)",
                "network.width = 50000 | network has 2503700000 parameters, more than the 2147483647 that fit (x.conf: 6)",
                "network.widths = [64] | network.widths must have from 2 to 1001 items but was [64] (x.conf: 6)",
                "network.widths = 64 | network.widths must be a list of at least one value but was 64 (x.conf: 6)",
                "network.widths = [] | network.widths must be a list of at least one value but was [] (x.conf: 6)",
                "network.widths = [64, 0, 10] | item 2 of network.widths must be at least 1 but was 0 (x.conf: 6)",
                "network.widths = [64, [], 10] | item 2 of network.widths must be a single value but was [] (x.conf: 6)",
                "network.widths = [60, 50, 10] | network.widths begins with 60 but data.source = digits has 64 inputs"
                        + " (x.conf: 6)",
                "network.widths = [64, 50, 9] | network.widths ends with 9 but data.source = digits has 10 outputs"
                        + " (x.conf: 6)",
                "network.activation = tanh | network.activation must be one of relu, linear but was tanh (x.conf: 6)",
                "network.bias = maybe | network.bias must be true or false but was maybe (x.conf: 6)",
                "name = \"\" | name must have 1 to 100 characters but was  (x.conf: 6)",
                "data.source = digit | data.source must be one of digits, linear-teacher, positive-teacher,"
                        + " orthogonal-teacher, relu-teacher, circle-toy, files, csv, idx but was digit;"
                        + " did you mean digits? (x.conf: 6)",
                "data.samples = 0 | data.samples must be at least 1 but was 0 (x.conf: 6)",
                "data.samples = 1798 | data.samples must be at most 1797 but was 1798 (x.conf: 6)",
                "data.seed = 9223372036854775808 | data.seed must be at most 9223372036854775807 but was"
                        + " 9223372036854775808 (x.conf: 6)",
                "data.file = a.csv | data.file is not used when data.source = digits (x.conf: 6)",
                "initialization.scale = 0 | initialization.scale must be above 0 but was 0 (x.conf: 6)",
                "initialization.scale = 1e-100 | initialization.scale must be at least 1.0E-70 at depth 3 (below it the"
                        + " square of the gradient, of the order scale^4, is less than the smallest double) but was"
                        + " 1e-100 (x.conf: 6)",
                "initialization.weights = [a] | initialization.weights is not used when initialization.source ="
                        + " gaussian (x.conf: 6)",
                "initialization.source = files | initialization.weights is missing: initialization.source = files needs"
                        + " it (x.conf)",
                "loss = msee | loss must be one of mse, cross-entropy but was msee; did you mean mse? (x.conf: 6)",
                "descent.method = gradient-flow | descent.learning-rate is not used when descent.method = gradient-flow"
                        + " (x.conf: 4)",
                "descent.tolerance = 1e-3 | descent.tolerance is not used when descent.method = gradient-descent"
                        + " (x.conf: 6)",
                "stop.max-steps = -1 | stop.max-steps must be at least 0 but was -1 (x.conf: 6)",
                "stop.max-steps = 1e999999999 | stop.max-steps must be at most 1000000000000000 but was 1e999999999"
                        + " (x.conf: 6)",
                "stop.max-flow-time = -1 | stop.max-flow-time must be at least 0 but was -1 (x.conf: 6)",
                "stop.loss = -1 | stop.loss must be at least 0 but was -1 (x.conf: 6)",
                "stop.gradient-norm = -1 | stop.gradient-norm must be at least 0 but was -1 (x.conf: 6)",
                "stop.after-escapes = -1 | stop.after-escapes must be at least 0 but was -1 (x.conf: 6)",
                "stop.rank = 1.5 | stop.rank must be a whole number but was 1.5 (x.conf: 6)",
                "stop.minimum = -1 | stop.minimum must be at least 0 but was -1 (x.conf: 6)",
                "stop.beyond-budget = 0.5 | stop.beyond-budget must be 0 or at least 1 but was 0.5 (x.conf: 6)",
                "stop.max-steps = 0 | stop needs at least one limit above 0: max-steps, max-flow-time, loss,"
                        + " gradient-norm, after-escapes, rank or minimum (x.conf)",
                "observe.cadence = often | observe.cadence must be one of linear, adaptive but was often (x.conf: 6)",
                "observe.every-steps = 0 | observe.every-steps must be at least 1 but was 0 (x.conf: 6)",
                "observe.singular-values = 0 | observe.singular-values must be at least 1 but was 0 (x.conf: 6)",
                "observe.curvature = 1 | observe.curvature must be true or false but was 1 (x.conf: 6)",
                "checkpoint.every = 10 | checkpoint.every must be a time with its unit, such as 10s, but was 10"
                        + " (x.conf: 6)",
                "checkpoint.every = 10 bananas | checkpoint.every must be a time with its unit, such as 10s, but was 10"
                        + " bananas (x.conf: 6)",
                "checkpoint.every = 1us | checkpoint.every must be at least 1ms but was 1us (x.conf: 6)",
                "arithmetic = 2 | arithmetic must be 3 in this version but was 2 (x.conf: 6)",
            })
    void aValueOutOfBoundsIsNamedWithItsBoundAndPlace(String line, String message) {
        assertThat(message(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dimension = 0 | data.dimension must be at least 1 but was 0 (x.conf: 6)",
                "dimension = 50 | data.samples must be at least data.dimension, 50, but was 40 (default)",
                "dimension = 10000, samples = 10001 | data.samples must be at most 100000000 / data.dimension but was"
                        + " 10001 (x.conf: 6)",
                "dimension = 3 | data.strengths must have at most data.dimension, 3, values but was [4,2,1,0.5]"
                        + " (default)",
                "strengths = [4, -1] | item 2 of data.strengths must be above 0 but was -1 (x.conf: 6)",
                "inputs = X.txt | data.inputs is not used when data.source = linear-teacher (x.conf: 6)",
            })
    void aTeacherThatCannotBeIsNamedWithItsBoundAndPlace(String keys, String message) {
        assertThat(message("data { source = linear-teacher, " + keys + " }")).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network.dept = 3 | network.dept is not a key; did you mean network.depth? (x.conf: 6)",
                "learning-rate = 3 | learning-rate is not a key; did you mean descent.learning-rate? (x.conf: 6)",
                "descent.learningrate = 3 | descent.learningrate is not a key; did you mean descent.learning-rate?"
                        + " (x.conf: 6)",
                "initialisation.scale = 3 | initialisation.scale is not a key; did you mean initialization.scale?"
                        + " (x.conf: 6)",
                "zip = [] | zip is not a key; did you mean sweep.zip? (x.conf: 6)",
                "colour = red | colour is not a key (x.conf: 6)",
                "farm.parallel = 3 | farm.parallel is a setting of the process: it comes from --config FILE or the"
                        + " environment, not from an experiment (x.conf: 6)",
                "stop = 100 | stop is a section and has no value itself; its keys are max-steps, max-flow-time, loss,"
                        + " gradient-norm, after-escapes, rank, minimum, beyond-budget (x.conf: 6)",
                "sweep.initialization.sed = [1] | sweep.initialization.sed is not a key; did you mean"
                        + " sweep.initialization.seed? (x.conf: 6)",
                "sweep.name = [a, b] | sweep.name cannot be swept: an experiment has one name (x.conf: 6)",
            })
    void anUnknownKeyComesWithASuggestion(String line, String message) {
        assertThat(message(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stop.minimum = 1e-6, observe.curvature = false | stop.minimum needs observe.curvature = true (x.conf: 6)",
                "stop.beyond-budget = 2, observe.curvature = false | stop.beyond-budget needs observe.curvature = true"
                        + " (x.conf: 6)",
                "stop { beyond-budget = 2, max-steps = 0, rank = 2 } | stop.beyond-budget needs stop.max-steps or"
                        + " stop.max-flow-time (x.conf: 6)",
                "stop.beyond-budget = 2, descent = { method = gradient-flow, learning-rate = null } |"
                        + " stop.beyond-budget needs stop.max-flow-time under gradient-flow (x.conf: 6)",
            })
    void aRuleOfStoppingThatCannotBeAppliedIsNamedWithWhatItNeeds(String line, String message) {
        assertThat(message(line)).isEqualTo(message);
    }

    @Test
    void requiredKeysAreNamedTogether() {
        assertThat(messageOf("")).isEqualTo("""
                name is missing (x.conf)
                data.source is missing (x.conf)
                network is missing: give network.depth and network.width, or network.widths (x.conf)
                descent.learning-rate is missing: descent.method = gradient-descent needs it (x.conf)
                stop needs at least one limit above 0: max-steps, max-flow-time, loss, gradient-norm, after-escapes, rank or minimum\
                 (x.conf)""");
    }

    @Test
    void depthWithoutWidthIsNotEnough() {
        String text = Experiments.SHORT.replace(", width = 5", "");
        assertThat(messageOf(text)).isEqualTo("network.width is missing (x.conf)");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThat(message("loss = x\nobserve.every-steps = 0\nstop.max-steps = many"))
                .isEqualTo("""
                loss must be one of mse, cross-entropy but was x (x.conf: 6)
                stop.max-steps must be a whole number but was many (x.conf: 8)
                observe.every-steps must be at least 1 but was 0 (x.conf: 7)""");
    }

    @Test
    void theToleranceOfGradientFlowIsBelowOne() {
        assertThat(message("descent { method = gradient-flow, tolerance = 1 }"))
                .isEqualTo("descent.tolerance must be above 0 and below 1 but was 1 (x.conf: 6)");
    }

    @Test
    void depthAndWidthsOnOneLineContradictEachOther() {
        String text = Experiments.SHORT.replace("width = 5", "width = 5, widths = [64, 10]");
        assertThat(messageOf(text))
                .isEqualTo("network.widths says all that network.depth and network.width say: give one or the other"
                        + " (x.conf: 2)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "descent.learning-rate=-0.1 | descent.learning-rate must be above 0 but was -0.1 (command line:"
                        + " descent.learning-rate=-0.1)",
                "network.widths=[64, 0] | item 2 of network.widths must be at least 1 but was 0 (command line:"
                        + " network.widths=[64, 0])",
                "network.dept=3 | network.dept is not a key; did you mean network.depth? (command line:"
                        + " network.dept=3)",
                "fast | an override must be key=value but was fast",
                "=3 | an override must be key=value but was =3",
                "a..b=3 | a..b is not a key (command line: a..b=3)",
                "network.widths=[64, | List should have had new element after a comma, instead had token: end of file"
                        + " (if you want the comma or end of file to be part of a string value, then double-quote it)"
                        + " (command line: network.widths=[64,)",
            })
    void aMistakeOnTheCommandLineIsShownAsTyped(String override, String message) {
        assertThat(message("", override)).isEqualTo(message);
    }

    @Test
    void brokenSyntaxIsToldWithItsLine() {
        assertThat(message("stop { max-steps = 3 ]"))
                .startsWith("Expecting close brace } or a comma, got ']'")
                .endsWith("(x.conf: 6)");
        assertThat(message("loss = ${other}"))
                .isEqualTo("Could not resolve substitution to a value: ${other} (x.conf: 6)");
    }

    @Test
    void aSweepWithoutQuotesGetsAdvice() {
        assertThat(message("sweep.initialization.seed = range(0, 3)"))
                .endsWith("; write range(…), linspace(…) and logspace(…) in quotes (x.conf: 6)");
    }

    @Test
    void neitherEnvironmentNorOtherFilesAreRead() {
        assertThat(message("name = ${PATH}"))
                .isEqualTo("Could not resolve substitution to a value: ${PATH} (x.conf: 6)");
        String refusal = "an experiment stands by itself and cannot include ";
        assertThat(message("include \"/etc/hosts\"")).isEqualTo(refusal + "/etc/hosts (x.conf)");
        assertThat(message("include file(\"/etc/hosts\")")).isEqualTo(refusal + "/etc/hosts (x.conf)");
        assertThat(message("include url(\"http://localhost/\")")).isEqualTo(refusal + "http://localhost/ (x.conf)");
        assertThat(message("include classpath(\"reference.conf\")")).isEqualTo(refusal + "reference.conf (x.conf)");
    }

    /** Each is short for a substitution, and resolving them takes time with the cube of their number. */
    @Test
    void aTextCannotAppendWithoutBound() {
        assertThat(message("zip += 1\n".repeat(2000)))
                .isEqualTo("an experiment may have at most 10 substitutions ${…} and += but has 2000 (x.conf)");
    }

    /** Anybody may send them. */
    @Test
    void endlessKeysAndValuesAreToldShortly() {
        String key = "k".repeat(100_000);
        assertThat(message(key + " = 1")).startsWith(key + " is not a key (");
        assertThat(message("loss = \"" + "v".repeat(100_000) + "\""))
                .contains("v".repeat(300) + "…")
                .hasSizeLessThan(2000);
        String many =
                IntStream.range(0, 5000).mapToObj(i -> "unknown" + i + " = 1\n").collect(Collectors.joining());
        assertThat(message(many)).endsWith("\nand 4980 more").hasLineCount(21);
    }

    @Test
    void aTextCannotGrowWithoutBoundBySubstitutions() {
        assertThat(message(
                        "loss = ${name}${name}${name}${name}${name}${name}",
                        "name=${loss}${loss}${loss}${loss}${loss}"))
                .isEqualTo("an experiment may have at most 10 substitutions ${…} and += but has 11 (x.conf)");
    }

    @Test
    void aSpecificationWrittenByHandIsChecked() {
        assertThat(message("arithmetic = 3\nnetwork.widths = [60, 10]"))
                .isEqualTo("network.widths begins with 60 but data.source = digits has 64 inputs (x.conf: 7)");
    }

    @Test
    void deepNestingIsAMistakeAndNotADefect() {
        assertThat(messageOf("[".repeat(200_000))).isEqualTo("nested too deeply (x.conf)");
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing.conf");
        Path latin = Files.write(directory.resolve("latin.conf"), "name = é".getBytes(StandardCharsets.ISO_8859_1));
        assertMessageOf(missing, "no such file: " + missing);
        assertMessageOf(directory, "not a file but a directory: " + directory);
        assertMessageOf(latin, "not a text in UTF-8: " + latin);
    }

    @Test
    void aMistakeInAFileIsToldWithTheFileAsTheUserNamedIt(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("bad.conf"), Experiments.SHORT + "stop.max-steps = -1");
        assertMessageOf(file, "stop.max-steps must be at least 0 but was -1 (%s: 6)".formatted(file));
    }

    private static void assertMessageOf(Path file, String message) {
        assertThatExceptionOfType(ExperimentException.class)
                .isThrownBy(() -> Experiment.load(file, List.of()))
                .withMessage(message);
    }
}
