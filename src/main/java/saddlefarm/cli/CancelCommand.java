package saddlefarm.cli;

import picocli.CommandLine.Command;

/** The order to cancel. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Commits and cancels a run, or all runs of an experiment, of a farm that serve has started. It does not wait until they are.",
            "",
            "For example: saddlefarm cancel first-light --to http://127.0.0.1:8080"
        })
final class CancelCommand extends OrderCommand {

    CancelCommand() {
        super("cancel");
    }
}
