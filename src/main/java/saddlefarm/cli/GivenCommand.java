package saddlefarm.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** The command as the user gave it, to be proposed again. */
final class GivenCommand {

    private GivenCommand() {}

    /** A line for a shell that gives the same command. */
    static String of(CommandSpec spec) {
        var root = spec.commandLine().getParent();
        List<String> arguments =
                root == null ? List.of() : root.getParseResult().expandedArgs();
        return Stream.concat(Stream.of(Main.PROGRAM), arguments.stream().map(GivenCommand::quoted))
                .collect(Collectors.joining(" "));
    }

    /** An argument as a shell wants it. */
    static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_./=:,+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
