package saddlefarm.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.FarmListener;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.theory.Prediction;

/**
 * Tells what a farm finds as it finds it, a line for each event; on a terminal with a line below them that is always
 * the present state, elsewhere with a line about the state now and then.
 */
final class ProgressDisplay implements FarmListener, AutoCloseable {

    private static final int BAR = 24;
    private static final Duration TERMINAL_PERIOD = Duration.ofMillis(250);
    private static final Duration PLAIN_PERIOD = Duration.ofSeconds(10);
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final LiveBoard board;
    private final List<RunSpec> runs;
    private final boolean terminal;
    private final int width;
    private final EventLines events = new EventLines(this::line);
    private final Timer clock = new Timer("progress", true);
    private String state = "";
    private volatile String theory = "";
    private long lastSteps;
    private long lastNanos = System.nanoTime();
    private double stepsPerSecond;
    private boolean closed;

    /**
     * @param runs that the farm was asked to train
     * @param terminal whether out is one, so that a line can be written over
     * @param width of the terminal, in characters
     */
    ProgressDisplay(PrintWriter out, LiveBoard board, List<RunSpec> runs, boolean terminal, int width) {
        this.out = out;
        this.board = board;
        this.runs = runs;
        this.terminal = terminal;
        this.width = width;
        long period = (terminal ? TERMINAL_PERIOD : PLAIN_PERIOD).toMillis();
        clock.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        refresh();
                    }
                },
                period,
                period);
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        events.found(run, finding);
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        events.changed(run, status, progress, cause);
    }

    @Override
    public void predicting(RunSpec run, int restarts) {
        theory = restarts == Prediction.RESTARTS
                ? "theory of run " + run.id()
                : "escape directions: %d of %d".formatted(restarts, Prediction.RESTARTS);
    }

    /** Writes a line that stays. */
    synchronized void line(String text) {
        if (closed) {
            return;
        }
        out.print(terminal ? CLEAR : "");
        out.println(text);
        out.print(terminal ? state : "");
        out.flush();
    }

    @Override
    public synchronized void close() {
        clock.cancel();
        out.print(terminal && !closed ? CLEAR : "");
        out.flush();
        closed = true;
    }

    private synchronized void refresh() {
        if (closed) {
            return;
        }
        measure();
        state = state();
        if (terminal) {
            state = state.length() < width ? state : state.substring(0, width - 1);
            out.print(CLEAR + state);
        } else {
            out.println(state);
        }
        out.flush();
    }

    private void measure() {
        long now = System.nanoTime();
        long steps = board.steps();
        double rate = (steps - lastSteps) / ((now - lastNanos) * 1e-9);
        // On a terminal the rate of a quarter of a second jumps; smoothed it can be read.
        stepsPerSecond = stepsPerSecond == 0 || !terminal ? rate : 0.9 * stepsPerSecond + 0.1 * rate;
        lastSteps = steps;
        lastNanos = now;
    }

    private String state() {
        long ended = 0;
        long training = 0;
        double done = 0;
        OptionalLong left = OptionalLong.of(0);
        for (RunSpec run : runs) {
            var live = board.runs().get(run.id());
            RunStatus status = live == null ? RunStatus.QUEUED : live.status();
            long steps = live == null ? 0 : live.steps();
            OptionalLong most = Budget.steps(run);
            if (status.ended()) {
                ended++;
                done++;
            } else {
                training += status == RunStatus.RUNNING ? 1 : 0;
                done += most.isPresent() ? (double) steps / most.getAsLong() : 0;
                left = most.isPresent() && left.isPresent()
                        ? OptionalLong.of(left.getAsLong() + Math.max(0, most.getAsLong() - steps))
                        : OptionalLong.empty();
            }
        }
        if (ended == runs.size() && !theory.isEmpty()) {
            return "[%s] all runs done, %s".formatted("=".repeat(BAR), theory);
        }
        int filled = (int) Math.round(BAR * Math.min(1, done / Math.max(1, runs.size())));
        return "[%s%s] %d of %d runs done, %d training, %s steps/s%s"
                .formatted(
                        "=".repeat(filled),
                        " ".repeat(BAR - filled),
                        ended,
                        runs.size(),
                        training,
                        String.format(Locale.ROOT, "%,.0f", stepsPerSecond),
                        left.isPresent() && stepsPerSecond > 0
                                ? ", at most %s left".formatted(duration(left.getAsLong() / stepsPerSecond))
                                : "");
    }

    /** A span of time for people: to two units. */
    static String duration(double seconds) {
        if (seconds < 90) {
            return "%d s".formatted(Math.round(seconds));
        }
        if (seconds < 5400) {
            return "%d min".formatted(Math.round(seconds / 60));
        }
        if (seconds < 172_800) {
            return "%d h %d min".formatted((long) (seconds / 3600), (long) (seconds % 3600 / 60));
        }
        return "%d days %d h".formatted((long) (seconds / 86_400), (long) (seconds % 86_400 / 3600));
    }
}
