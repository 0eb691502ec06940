package saddlefarm.cli;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.FarmControl;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.FarmSupervisor;
import saddlefarm.farm.MemoryLimit;
import saddlefarm.farm.PassingListener;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.http.EventFeed;
import saddlefarm.http.FarmServer;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.network.Workspaces;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.Wish;

/** A farm in this process. */
final class LocalFarm implements AutoCloseable {

    private static final Duration FOREVER = Duration.ofDays(20);

    /** Memory for runs of many shapes that take turns. */
    private static final long WORKSPACE_BYTES = 64L << 20;

    private final ActorSystem<FarmSupervisor.Command> system;
    private final FarmControl control;
    private final CompletableFuture<Void> broken = new CompletableFuture<>();

    LocalFarm(ProcessSettings settings, TaskLibrary tasks, RunStore store, RunBoard board, FarmListener listener) {
        var workshop =
                new TaskWorkshop(tasks, new Workspaces(settings.farm().turns(), WORKSPACE_BYTES), Processor.name());
        system = ActorSystem.create(
                FarmSupervisor.create(settings.farm(), workshop, store, board, new Witness(listener, broken)),
                "saddlefarm",
                configuration(settings.farm().parallel()));
        system.getWhenTerminated()
                .whenComplete((done, failure) ->
                        broken.completeExceptionally(new IllegalStateException("the farm's actors have ended")));
        control = new FarmControl(
                system, store, tasks, new MemoryLimit(workshop, settings.farm().maxMemory()));
    }

    /**
     * Requires that runs fit into the memory of a farm, before anything is done.
     *
     * @throws ExperimentException if one of them does not
     */
    static void requireMemory(ProcessSettings settings, List<RunSpec> runs) {
        var estimates = new TaskWorkshop(new TaskLibrary(), new Workspaces(1, 0), Processor.name());
        new MemoryLimit(estimates, settings.farm().maxMemory()).require(runs);
    }

    /**
     * Requires that an address can be listened on, before anything is done.
     *
     * @throws Misuse if not
     */
    static void requireFree(String host, int port) {
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
            var address = FarmServer.bind(
                            system, host, port, metrics, feed, reader, takesOrders ? control : null, settings.api())
                    .toCompletableFuture()
                    .join()
                    .localAddress();
            return "http://%s:%d".formatted(inUrl(address.getAddress()), address.getPort());
        } catch (CompletionException e) {
            throw cannotListen(host, port, e);
        }
    }

    private static String inUrl(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[%s]".formatted(text.replaceFirst("%.*", "")) : text;
    }

    /**
     * Does what is wanted of runs, from now on.
     *
     * @param ended runs that are over and whose theory is missing
     */
    void begin(Map<Wish, List<RunSpec>> wished, List<RunSpec> ended) {
        wished.forEach((wish, runs) -> system.tell(
                wish.leaves() ? new FarmSupervisor.Leave(runs, wish.status()) : new FarmSupervisor.Grow(runs)));
        system.tell(new FarmSupervisor.Predict(ended));
    }

    /**
     * Trains all that it has begun with, and all that the API asks for, until the process is told to end.
     *
     * @throws StoreTakenException if another farm has taken the store
     * @throws IllegalStateException if the farm itself breaks
     */
    void work() {
        join(broken);
    }

    /**
     * Trains runs until none is active or waiting, and works out the theory of all.
     *
     * @param ended runs that are over and whose theory is missing
     * @throws StoreTakenException if another farm has taken the store
     * @throws IllegalStateException if the farm itself breaks
     */
    void train(List<RunSpec> runs, List<RunSpec> ended) {
        begin(Map.of(Wish.TRAIN, runs), ended);
        CompletableFuture<FarmSupervisor.Idle> idle = new CompletableFuture<>();
        AskPattern.<FarmSupervisor.Command, FarmSupervisor.Idle>ask(
                        system, FarmSupervisor.AwaitIdle::new, FOREVER, system.scheduler())
                .whenComplete((answer, failure) -> complete(idle, answer, failure));
        join(CompletableFuture.anyOf(idle, broken));
    }

    private static void join(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreTakenException taken) {
                throw taken;
            }
            throw new IllegalStateException("the farm broke: " + e.getMessage(), e);
        }
    }

    /** Commits all runs and starts no more; returns whether that was done in time. */
    boolean shutDown(Duration patience) {
        try {
            AskPattern.<FarmSupervisor.Command, FarmSupervisor.Idle>ask(
                            system, FarmSupervisor.Shutdown::new, patience, system.scheduler())
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the actors. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    private static Misuse cannotListen(String host, int port, Throwable failure) {
        return new Misuse("cannot listen on %s:%d: %s".formatted(host, port, rootMessage(failure)));
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static <T> void complete(CompletableFuture<T> future, T answer, Throwable failure) {
        if (failure == null) {
            future.complete(answer);
        } else {
            future.completeExceptionally(failure);
        }
    }

    private static Config configuration(int parallel) {
        var threads = ConfigValueFactory.fromAnyRef(parallel, "--parallel");
        return ConfigFactory.load()
                .withValue("saddlefarm.training-dispatcher.thread-pool-executor.fixed-pool-size", threads)
                .withValue("saddlefarm.analysis-dispatcher.thread-pool-executor.fixed-pool-size", threads);
    }

    /** Tells what happens, and notes why the farm ends. */
    private static final class Witness extends PassingListener {

        private final CompletableFuture<Void> broken;

        Witness(FarmListener told, CompletableFuture<Void> broken) {
            super(told);
            this.broken = broken;
        }

        @Override
        public void storeTaken(StoreTakenException why) {
            super.storeTaken(why);
            broken.completeExceptionally(why);
        }
    }
}
