package saddlefarm.cli;

import picocli.CommandLine.Command;

/** The order to resume. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Has a farm that serve has started train on a run, or all runs of an experiment. Failed and cancelled runs are tried again.",
            "",
            "For example: saddlefarm resume first-light --to http://127.0.0.1:8080"
        })
final class ResumeCommand extends OrderCommand {

    ResumeCommand() {
        super("resume");
    }
}
