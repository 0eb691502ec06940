package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs of the machine that tests need; {@code ./verify} installs them. */
public final class Program {

    private Program() {}

    /** Where a program is. */
    public static String find(String name) {
        return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator), -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        name + " is not on the PATH: ./verify installs it, or leaves out the tests that need it"))
                .toString();
    }

    /**
     * What a program says before it ends.
     *
     * @throws AssertionError with what it says, if its exit code is not 0
     */
    public static String output(Path directory, String name, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(find(name)));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
