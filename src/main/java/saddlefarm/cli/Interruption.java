package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the process is told to end, by Ctrl-C or SIGTERM: the farm commits all runs, and the user is told
 * how to go on. The JVM waits for it, and then answers 130 or 143.
 */
final class Interruption extends Thread {

    private final PrintWriter err;
    private final String command;
    private @Nullable BooleanSupplier commitAll;
    private boolean begun;

    /** @param command that goes on */
    Interruption(PrintWriter err, String command) {
        super("interruption");
        this.err = err;
        this.command = command;
    }

    /** From now on there is something to commit; returns only while the process is not ending. */
    synchronized void arm(BooleanSupplier committing) {
        waitIfEnding();
        commitAll = committing;
    }

    /** Everything is committed; returns only while the process is not ending. */
    synchronized void disarm() {
        waitIfEnding();
        commitAll = null;
    }

    /** The command ends by itself. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(this);
        } catch (IllegalStateException e) {
            // The process is ending: this has the last word.
        }
    }

    @Override
    public void run() {
        @Nullable BooleanSupplier committing = begin();
        err.println("Interrupted: committing all runs ...");
        boolean committed = committing == null || committing.getAsBoolean();
        err.println(
                committed
                        ? "Everything is committed. Go on with:"
                        : "Not all runs could be committed in time; they go on from their last commit. Go on with:");
        err.println("  " + command);
        err.flush();
    }

    private synchronized @Nullable BooleanSupplier begin() {
        begun = true;
        return commitAll;
    }

    private void waitIfEnding() {
        while (begun) {
            try {
                wait();
            } catch (InterruptedException e) {
                // nobody interrupts the main thread; the process is ending
            }
        }
    }
}
