package saddlefarm.cli;

import java.util.List;
import picocli.CommandLine.Parameters;

/** What a command that reads one experiment is given. */
final class ExperimentOperands {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|KEY=VALUE",
            description = "An experiment file, and values of keys, which win over the file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> arguments;

    /** @param example of the command with a file */
    ExperimentArguments read(String example) {
        return ExperimentArguments.of(arguments, example);
    }
}
