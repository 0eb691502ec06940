package saddlefarm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a first experiment for the user to change. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Writes a commented experiment to start from, NAME.conf.",
            "",
            "For example: saddlefarm init my-saddles"
        })
final class InitCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "experiment",
            description = "Name of the experiment (default: ${DEFAULT-VALUE}): letters, digits, dashes, dots.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new Misuse(
                    "a name has letters, digits, dashes, dots and underscores, but it was '%s'".formatted(name));
        }
        Path file = Path.of(name + ".conf");
        try (InputStream starter =
                Objects.requireNonNull(InitCommand.class.getResourceAsStream("/saddlefarm/cli/starter.conf"))) {
            String text = new String(starter.readAllBytes(), StandardCharsets.UTF_8).replace("@NAME@", name);
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new Misuse(file + " exists already");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s: %s".formatted(file, e.getMessage()), e);
        }
        spec.commandLine().getErr().printf("%s written. Run it: %s run %s%n", file, Main.PROGRAM, file);
        return ExitCode.OK;
    }
}
