package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;

/** Experiments for tests: a short one that is complete, and ways to vary it. */
final class Experiments {

    /** Five lines with every required key, so what a test adds begins on line 6. */
    static final String SHORT = """
            name = short
            network { depth = 3, width = 5 }
            data.source = digits
            descent.learning-rate = 0.04
            stop.max-steps = 100
            """;

    static final Path NOWHERE = Path.of("nowhere");

    private Experiments() {}

    /** The runs of the short experiment with lines after it. */
    static List<RunSpec> runs(String lines) {
        return Experiment.parse(SHORT + lines, "x.conf", NOWHERE, List.of()).runs();
    }

    /** The only run of the short experiment with lines after it. */
    static RunSpec run(String lines) {
        return only(runs(lines));
    }

    /** The runs of the short experiment with overrides. */
    static List<RunSpec> overridden(String lines, String... overrides) {
        return Experiment.parse(SHORT + lines, "x.conf", NOWHERE, List.of(overrides))
                .runs();
    }

    /** The message about a whole text. */
    static String messageOf(String text, String... overrides) {
        return String.valueOf(catchThrowableOfType(
                        ExperimentException.class, () -> Experiment.parse(text, "x.conf", NOWHERE, List.of(overrides)))
                .getMessage());
    }

    /** The message about the short experiment with lines after it. */
    static String message(String lines, String... overrides) {
        return messageOf(SHORT + lines, overrides);
    }

    static RunSpec only(List<RunSpec> runs) {
        if (runs.size() != 1) {
            throw new AssertionError("expected one run but there are " + runs.size());
        }
        return runs.get(0);
    }
}
