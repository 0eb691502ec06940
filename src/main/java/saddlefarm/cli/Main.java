package saddlefarm.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.Spelling;
import saddlefarm.linalg.VectorWidth;
import saddlefarm.run.StoreException;
import saddlefarm.store.ResultsPlaceException;

/** The program: {@code saddlefarm COMMAND …}. */
@Command(
        name = "saddlefarm",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Trains networks from small weights, many at once, and finds the saddles they visit.",
            "",
            "For example: saddlefarm run config/first-light.conf"
        },
        commandListHeading = "%nCommands:%n",
        subcommands = {
            RunCommand.class,
            ServeCommand.class,
            SubmitCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            CancelCommand.class,
            BisectCommand.class,
            ForkCommand.class,
            ReplayCommand.class,
            RunsCommand.class,
            ShowCommand.class,
            ExportCommand.class,
            ReportCommand.class,
            EscapeCommand.class,
            TwinCommand.class,
            InitCommand.class,
            DeleteCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class Main implements Callable<Integer> {

    /** How the user calls the program, for commands that it proposes. */
    static final String PROGRAM = System.getProperty("saddlefarm.program", "saddlefarm");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(execute(out, err, args));
    }

    /** Runs one command and returns its exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        try {
            // Before a command computes: what is wrong with it would else be found when the kernels' classes load.
            VectorWidth.asked();
        } catch (IllegalArgumentException e) {
            err.println("saddlefarm: " + e.getMessage());
            return ExitCode.MISUSE;
        }
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explainParameters)
                .setExecutionExceptionHandler(Main::explain)
                .execute(args);
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which command? One of " + commands(spec.commandLine()));
    }

    private static int explainParameters(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + message(failure));
        command.getErr().println("See " + name + " --help.");
        return ExitCode.MISUSE;
    }

    private static String message(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            CommandLine command = unmatched.getCommandLine();
            String first = unmatched.getUnmatched().get(0);
            return first.startsWith("-") || command.getSubcommands().isEmpty()
                    ? failure.getMessage()
                            + suggestion(unmatched.getSuggestions().stream().findFirst())
                    : "no command %s%s"
                            .formatted(
                                    first,
                                    suggestion(Spelling.nearest(
                                            first, command.getSubcommands().keySet())));
        }
        return String.valueOf(failure.getMessage());
    }

    private static String suggestion(Optional<String> name) {
        return name.map("; did you mean %s?"::formatted).orElse("");
    }

    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof Misuse
                || failure instanceof ExperimentException
                || failure instanceof ResultsPlaceException) {
            err.println(name + ": " + failure.getMessage());
            return ExitCode.MISUSE;
        }
        if (failure instanceof StoreException
                || failure instanceof UncheckedIOException
                || failure instanceof Refused) {
            err.println(name + ": " + failure.getMessage());
            return ExitCode.FAILURE;
        }
        err.println(name + ": a defect of this program, please report it with what follows");
        failure.printStackTrace(err);
        return ExitCode.FAILURE;
    }

    private static String commands(CommandLine command) {
        return String.join(", ", command.getSubcommands().keySet());
    }
}
