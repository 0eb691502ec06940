package saddlefarm.cli;

import akka.actor.BootstrapSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.FarmControl;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.FarmSupervisor;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.network.Workspaces;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.Wish;

/** A farm of one node. */
final class LocalFarm extends FarmProcess {

    private static final Duration FOREVER = Duration.ofDays(20);

    /**
     * The settings of libraries without those that only nodes of many use: these are three thousand lines, and a tenth
     * of the time until the first step.
     */
    private static final class WithoutClusters extends ClassLoader {

        private static final Pattern OF_CLUSTERS =
                Pattern.compile("/akka-(cluster|coordination|discovery|distributed|management|persistence|remote|"
                        + "serialization)[^/]*/reference\\.conf$");

        WithoutClusters() {
            super(LocalFarm.class.getClassLoader());
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> found = new ArrayList<>(Collections.list(super.getResources(name)));
            found.removeIf(url -> OF_CLUSTERS.matcher(url.getPath()).find());
            return Collections.enumeration(found);
        }
    }

    private static final ClassLoader LIBRARIES = new WithoutClusters();

    private final ActorSystem<FarmSupervisor.Command> system;
    private final FarmControl control;

    LocalFarm(ProcessSettings settings, TaskLibrary tasks, RunStore store, RunBoard board, FarmListener listener) {
        var workshop = workshop(settings, tasks);
        // Nothing leaves the process, and the serializers, which are among these, take half a second to load.
        Config config = configuration(
                        ConfigFactory.load(LIBRARIES), settings.farm().parallel())
                .withValue("akka.library-extensions", ConfigValueFactory.fromIterable(List.of()));
        system = ActorSystem.create(
                FarmSupervisor.create(settings.farm(), workshop, store, board, witness(listener)),
                "saddlefarm",
                BootstrapSetup.create(config).withClassloader(LIBRARIES));
        watch();
        control = new FarmControl(system::tell, store, tasks, memoryLimit(settings, workshop));
    }

    @Override
    ActorSystem<?> system() {
        return system;
    }

    @Override
    CompletionStage<?> ended() {
        return system.getWhenTerminated();
    }

    @Override
    FarmControl control() {
        return control;
    }

    /**
     * Requires that runs fit into the memory of a farm, before anything is done.
     *
     * @throws ExperimentException if one of them does not
     */
    static void requireMemory(ProcessSettings settings, List<RunSpec> runs) {
        var estimates = new TaskWorkshop(new TaskLibrary(), new Workspaces(1, 0), Processor.name());
        memoryLimit(settings, estimates).require(runs);
    }

    /**
     * Does what is wanted of runs, from now on.
     *
     * @param ended runs that are over and whose theory is missing
     */
    void begin(Map<Wish, List<RunSpec>> wished, List<RunSpec> ended) {
        wished.forEach((wish, runs) -> system.tell(FarmSupervisor.wanted(wish, runs)));
        system.tell(new FarmSupervisor.Predict(ended));
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
        join(CompletableFuture.anyOf(idle, broken()));
    }

    @Override
    boolean shutDown(Duration patience) {
        return done(
                AskPattern.<FarmSupervisor.Command, FarmSupervisor.Idle>ask(
                        system, FarmSupervisor.Shutdown::new, patience, system.scheduler()),
                patience);
    }

    private static <T> void complete(CompletableFuture<T> future, T answer, Throwable failure) {
        if (failure == null) {
            future.complete(answer);
        } else {
            future.completeExceptionally(failure);
        }
    }
}
