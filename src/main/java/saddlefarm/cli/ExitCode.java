package saddlefarm.cli;

/** What the program tells the shell. Interrupted, the JVM itself answers 130 (SIGINT) or 143 (SIGTERM). */
final class ExitCode {

    /** Everything that was asked for is done. */
    static final int OK = 0;

    /** Some run failed or diverged, or the machine did. */
    static final int FAILURE = 1;

    /** The command or its files cannot be carried out as given; nothing was done. */
    static final int MISUSE = 2;

    private ExitCode() {}
}
