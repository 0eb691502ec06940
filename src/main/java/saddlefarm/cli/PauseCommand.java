package saddlefarm.cli;

import picocli.CommandLine.Command;

/** The order to pause. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Commits and pauses a run, or all runs of an experiment, of a farm that serve has started. It does not wait until they are.",
            "",
            "For example: saddlefarm pause first-light --to http://127.0.0.1:8080"
        })
final class PauseCommand extends OrderCommand {

    PauseCommand() {
        super("pause");
    }
}
