package saddlefarm.cli;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import saddlefarm.cluster.ClusterNode;
import saddlefarm.cluster.ClusterSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.FarmControl;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.PassingListener;
import saddlefarm.http.EventFeed;
import saddlefarm.http.EventRelay;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.store.PostgresDatabase;

/** One node of a farm of many. */
final class ClusterFarm extends FarmProcess {

    private final ActorSystem<ClusterNode.Command> system;
    private final CompletableFuture<?> ended;
    private final FarmControl control;
    private final Set<String> training = ConcurrentHashMap.newKeySet();

    /** Joins the others. */
    ClusterFarm(
            ProcessSettings settings,
            ClusterSettings cluster,
            PostgresDatabase database,
            TaskLibrary tasks,
            RunStore store,
            EventFeed feed) {
        var workshop = workshop(settings, tasks);
        system = ActorSystem.create(
                ClusterNode.create(settings.farm(), workshop, store, database::head, feed, witness(noting(feed))),
                ClusterSettings.SYSTEM,
                cluster.config(settings.farm(), database::hasHead)
                        .withFallback(configuration(
                                ConfigFactory.load(), settings.farm().parallel())));
        ended = ended(system);
        watch();
        // Connections to the others last until it is done: they would end with the process's first breath otherwise.
        CoordinatedShutdown.get(system).addJvmShutdownHook(() -> shutDown(FarmSession.SHUTDOWN_PATIENCE));
        ActorRef<EventRelay.Command> unused = system.systemActorOf(EventRelay.create(feed), "events", Props.empty());
        ClusterNode.join(system, cluster);
        control = new FarmControl(
                command -> system.tell(ClusterNode.Look.LOOK), store, tasks, memoryLimit(settings, workshop));
    }

    @Override
    ActorSystem<?> system() {
        return system;
    }

    @Override
    CompletionStage<?> ended() {
        return ended;
    }

    /**
     * Completes when a system has ended, or when all that belongs to its end is done or has taken too long. Connections
     * to nodes that are not reached any more may hold the last of it up until TCP gives them up, which is a quarter of
     * an hour (issue 30326 of akka-core).
     */
    static CompletableFuture<?> ended(ActorSystem<?> system) {
        var shutdown = CoordinatedShutdown.get(system);
        var done = new CompletableFuture<Done>();
        shutdown.addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "tell-when-done", () -> {
            // Joins the shutdown that this is a part of.
            shutdown.runAll(CoordinatedShutdown.unknownReason())
                    .whenComplete((all, failure) -> done.complete(Done.done()));
            return CompletableFuture.completedFuture(Done.done());
        });
        return CompletableFuture.anyOf(system.getWhenTerminated().toCompletableFuture(), done);
    }

    @Override
    FarmControl control() {
        return control;
    }

    @Override
    RuntimeException whyEnded() {
        var reason = CoordinatedShutdown.get(system).getShutdownReason().orElse(CoordinatedShutdown.unknownReason());
        if (reason == CoordinatedShutdown.clusterDowningReason()) {
            return new Refused(
                    "the other nodes could not reach this one and have given it up; its runs go on there, and it"
                            + " may join them again when it is started again");
        }
        if (reason == CoordinatedShutdown.clusterJoinUnsuccessfulReason()) {
            return new Refused(
                    "no node has let this one into its cluster: those of cluster.seeds do not run, are not reached,"
                            + " or do not take its certificate (cluster.tls-directory)");
        }
        return super.whyEnded();
    }

    /**
     * The runs of this node go on elsewhere. Asked more than once, it is done once. Those that could not be committed,
     * as when the database is away, were stopped all the same.
     */
    @Override
    boolean shutDown(Duration patience) {
        end();
        return done(CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason()), patience)
                && training.isEmpty();
    }

    /** Notes which runs train here. One that runs and has a cause does so elsewhere. */
    private FarmListener noting(FarmListener told) {
        return new PassingListener(told) {
            @Override
            public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
                if (status == RunStatus.RUNNING && cause == null) {
                    training.add(run.id());
                } else {
                    training.remove(run.id());
                }
                super.changed(run, status, progress, cause);
            }
        };
    }
}
