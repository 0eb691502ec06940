package saddlefarm.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process that takes an output directory, says so, and keeps it until its input ends or it is killed. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] args) throws IOException {
        try (var directory = OutputDirectory.open(Path.of(args[0]))) {
            System.out.println(directory.path());
            if (System.in.read() >= 0) {
                throw new IllegalStateException("nobody writes to this process");
            }
        }
    }

    /** Starts the process and waits until it has the directory. */
    static Process start(Path directory) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = process.inputReader().readLine();
        if (!directory.toString().equals(said)) {
            throw new IllegalStateException("the other process could not take the directory and said " + said);
        }
        return process;
    }
}
