package saddlefarm.cli;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.FarmControl;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.MemoryLimit;
import saddlefarm.farm.PassingListener;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.farm.Workshop;
import saddlefarm.http.EventFeed;
import saddlefarm.http.FarmServer;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.WarmUp;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.network.Workspaces;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;

/** The actors of a farm, or of one node of it, in this process. */
abstract class FarmProcess implements AutoCloseable {

    /** Memory for runs of many shapes that take turns. */
    private static final long WORKSPACE_BYTES = 64L << 20;

    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private volatile boolean ending;

    /** The actors; always the same. */
    abstract ActorSystem<?> system();

    /** When the actors have ended, or are waited for no more. */
    abstract CompletionStage<?> ended();

    /** What the API tells the farm by. */
    abstract FarmControl control();

    /** Commits all runs and starts no more; returns whether that was done in time. */
    abstract boolean shutDown(Duration patience);

    /** A listener that notes why the farm ends, and passes everything on. */
    final FarmListener witness(FarmListener told) {
        return new PassingListener(told) {
            @Override
            public void broken(Throwable why) {
                super.broken(why);
                broken.completeExceptionally(why);
            }
        };
    }

    /** The farm is broken from when its actors have ended, unless they were told to. */
    final void watch() {
        ended().whenComplete((done, failure) -> {
            if (!ending) {
                broken.completeExceptionally(whyEnded());
            }
        });
    }

    /** Why the actors have ended without being told to: a defect, where a farm knows of nothing else. */
    RuntimeException whyEnded() {
        return new IllegalStateException("the farm's actors have ended");
    }

    /** The actors are about to be told to end. */
    final void end() {
        ending = true;
    }

    /** Completes exceptionally when the farm can work no more. */
    final CompletableFuture<Void> broken() {
        return broken;
    }

    /**
     * Requires that an address can be listened on, before anything is done.
     *
     * @param port 0 for any
     * @throws Misuse if not
     */
    static void requireFree(String host, int port) {
        if (port == 0) {
            return;
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw cannotListen(host, port, e);
        }
    }

    /**
     * Serves the API, metrics and health until the farm is closed.
     *
     * @param port 0 for any that is free
     * @param reader opens the farm's store for reading
     * @param takesOrders whether the API may change anything
     * @return where, such as {@code http://127.0.0.1:8080}
     * @throws Misuse if the address cannot be listened on
     */
    String serve(
            ProcessSettings settings,
            int port,
            FarmMetrics metrics,
            EventFeed feed,
            Supplier<? extends RunStore> reader,
            boolean takesOrders) {
        String host = settings.host();
        try {
            int taken = FarmServer.bind(
                            system(), host, port, metrics, feed, reader, takesOrders ? control() : null, settings.api())
                    .toCompletableFuture()
                    .join()
                    .localAddress()
                    .getPort();
            return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, taken);
        } catch (CompletionException e) {
            throw cannotListen(host, port, e);
        }
    }

    /**
     * Trains all that it has begun with, and all that the API asks for, until the process is told to end.
     *
     * @throws StoreTakenException if another farm has taken the store
     * @throws Refused if the other nodes of the farm do without this one
     * @throws IllegalStateException if the farm itself breaks
     */
    void work() {
        join(broken);
    }

    static void join(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreTakenException taken) {
                throw taken;
            }
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IllegalStateException("the farm broke: " + e.getMessage(), e);
        }
    }

    /** Waits until something is done; false if it fails, or takes too long. */
    static boolean done(CompletionStage<?> work, Duration patience) {
        try {
            work.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the actors. */
    @Override
    public void close() {
        end();
        system().terminate();
        ended().toCompletableFuture().join();
    }

    static Misuse cannotListen(String host, int port, Throwable failure) {
        return new Misuse("cannot listen on %s:%d: %s".formatted(host, port, rootMessage(failure)));
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** What runs are made of here. */
    static TaskWorkshop workshop(ProcessSettings settings, TaskLibrary tasks) {
        return new TaskWorkshop(tasks, new Workspaces(settings.farm().turns(), WORKSPACE_BYTES), Processor.name());
    }

    static MemoryLimit memoryLimit(ProcessSettings settings, Workshop workshop) {
        return new MemoryLimit(workshop, settings.farm().maxMemory());
    }

    /** What every farm needs before its first step, beside everything that happens until then. */
    static CompletableFuture<Void> warmUp() {
        return CompletableFuture.runAsync(() -> WarmUp.run(Kernels.ordered()));
    }

    /**
     * How the actors of a farm are set up.
     *
     * @param libraries what these are set up like by themselves
     */
    static Config configuration(Config libraries, int parallel) {
        var threads = ConfigValueFactory.fromAnyRef(parallel, "--parallel");
        return libraries
                .withValue("saddlefarm.training-dispatcher.thread-pool-executor.fixed-pool-size", threads)
                .withValue("saddlefarm.analysis-dispatcher.thread-pool-executor.fixed-pool-size", threads);
    }
}
