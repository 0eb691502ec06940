package saddlefarm.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import saddlefarm.LauncherOptions;
import saddlefarm.TextFiles;

/** Commands as a user gives them: in this JVM where they end by themselves, in one of their own to be killed. */
final class Cli {

    /** The program that this JVM was started by. */
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    record Result(int exitCode, String out, String err) {}

    private Cli() {}

    static Result run(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Main.execute(new PrintWriter(out), new PrintWriter(err), texts(arguments));
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** Starts a JVM as the launcher does; its output goes to a file. */
    static Process start(Path output, Object... arguments) throws IOException {
        return start(LauncherOptions.VECTORS, output, arguments);
    }

    /** The same, with options for the JVM. */
    static Process start(List<String> options, Path output, Object... arguments) throws IOException {
        return start(Map.of(), options, output, arguments);
    }

    /** The same, with variables of the environment. */
    static Process start(Map<String, String> environment, List<String> options, Path output, Object... arguments)
            throws IOException {
        return start(List.of(JAVA), environment, options, output, arguments);
    }

    /** The same, by other words than those that start a JVM like this one. */
    static Process start(
            List<String> java, Map<String, String> environment, List<String> options, Path output, Object... arguments)
            throws IOException {
        var command = new ArrayList<>(java);
        command.addAll(List.of(
                "-XX:+UseG1GC",
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(Main.class.getName());
        command.addAll(List.of(texts(arguments)));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The bytes of every file that an export writes, as text by name. */
    static Map<String, String> export(Path results, Path to) throws IOException {
        Result result = run("export", "--out", results, "--format", "csv", "--to", to);
        if (result.exitCode() != 0) {
            throw new AssertionError(result.err());
        }
        return TextFiles.in(to);
    }

    private static String[] texts(Object... arguments) {
        return Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    }
}
