package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import saddlefarm.theory.EscapeDirection;
import saddlefarm.theory.EscapeFindings;
import saddlefarm.theory.EscapeSearch;

/** Does restarts on all processors; on a terminal it tells how many are done. */
final class Restarts {

    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;

    /** @param terminal whether out is one, so that a line can be written over */
    Restarts(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** What the restarts found; empty if they found nothing. */
    Optional<EscapeFindings> run(EscapeSearch search, int count) {
        return run(search, count, Runtime.getRuntime().availableProcessors());
    }

    /** The same on some threads; their number changes nothing in the result. */
    Optional<EscapeFindings> run(EscapeSearch search, int count, int threads) {
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, count));
        try {
            var pending = new ArrayList<Future<Optional<EscapeDirection>>>();
            for (int i = 0; i < count; i++) {
                int restart = i;
                pending.add(pool.submit(() -> search.direction(restart)));
            }
            return EscapeFindings.of(collect(pending));
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Optional<EscapeDirection>> collect(List<Future<Optional<EscapeDirection>>> pending) {
        var ends = new ArrayList<Optional<EscapeDirection>>();
        for (Future<Optional<EscapeDirection>> end : pending) {
            show("restarts %d of %d done".formatted(ends.size(), pending.size()));
            ends.add(result(end));
        }
        show("");
        return ends;
    }

    private void show(String state) {
        if (terminal) {
            out.print(CLEAR + state);
            out.flush();
        }
    }

    private static Optional<EscapeDirection> result(Future<Optional<EscapeDirection>> end) {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a restart failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
