package saddlefarm.cluster;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import akka.management.javadsl.AkkaManagement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import saddlefarm.farm.Farm;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.FarmSettings;
import saddlefarm.farm.Room;
import saddlefarm.farm.Workshop;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;
import saddlefarm.store.Headship;

/**
 * A node of a farm: what its runs share, its part of the runs, and the way to the farm's {@linkplain Head head}, which
 * is on the oldest node. Ends when nothing can be stored any more.
 */
public final class ClusterNode extends AbstractBehavior<ClusterNode.Command> {

    /** How long a head that the nodes know nothing of may work on their store, before they end. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What a node does. */
    public sealed interface Command {}

    /** Have the head look at the store: somebody has just written what is wanted. */
    public enum Look implements Command {
        LOOK
    }

    private record StoreTaken(StoreTakenException why) implements Command {}

    private final Farm farm;
    private final ActorRef<Head.Command> head;

    /**
     * Of a system that {@link ClusterSettings#config} has set up.
     *
     * @param headship tries to be the only head on the store
     */
    public static Behavior<Command> create(
            FarmSettings settings,
            Workshop workshop,
            RunStore store,
            Supplier<Optional<Headship>> headship,
            RunBoard board,
            FarmListener listener) {
        return create(settings, workshop, store, headship, PATIENCE, board, listener);
    }

    static Behavior<Command> create(
            FarmSettings settings,
            Workshop workshop,
            RunStore store,
            Supplier<Optional<Headship>> headship,
            Duration patience,
            RunBoard board,
            FarmListener listener) {
        return Behaviors.setup(context -> {
            Consumer<StoreTakenException> whenTaken = why -> context.getSelf().tell(new StoreTaken(why));
            Farm farm = Farm.of(context, settings, workshop, store, board, listener, whenTaken);
            return new ClusterNode(context, farm, store, headship, patience, whenTaken);
        });
    }

    /** Finds the other nodes and joins them, or begins a cluster where there are none. */
    public static void join(ActorSystem<?> system, ClusterSettings settings) {
        if (settings.managementPort() != 0) {
            AkkaManagement.get(system).start();
        }
        if (settings.looksForPods()) {
            ClusterBootstrap.get(system).start();
        }
    }

    private ClusterNode(
            ActorContext<Command> context,
            Farm farm,
            RunStore store,
            Supplier<Optional<Headship>> headship,
            Duration patience,
            Consumer<StoreTakenException> whenTaken) {
        super(context);
        context.setLoggerName(ClusterNode.class);
        this.farm = farm;
        var placement = new Placement(Cluster.get(context.getSystem()));
        var sharding = ClusterSharding.get(context.getSystem());
        ActorRef<Room.Command> room = context.spawn(Room.create(farm.settings(), farm.workshop()::memory), "room");
        context.watch(room);
        sharding.init(Entity.of(RunEntity.KEY, entity -> RunEntity.create(farm, room, entity))
                .withStopMessage(RunEntity.HandOver.HAND_OVER)
                .withMessageExtractor(Placement.EXTRACTOR)
                .withAllocationStrategy(placement));
        var means = new Head.Means(farm, store, headship, patience, whenTaken, (run, wish, parent) -> {
            placement.begun(run.id());
            // Until now it was shown here as one that waits.
            farm.board().forget(run.id());
            return RunKeeper.create(
                    run, wish, home(context.getSystem(), run.id()), parent, () -> placement.ended(run.id()));
        });
        head = ClusterSingleton.get(context.getSystem())
                .init(SingletonActor.of(
                                Behaviors.supervise(Head.create(means))
                                        .onFailure(SupervisorStrategy.restartWithBackoff(
                                                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.1)),
                                "head")
                        .withStopMessage(Head.Leave.LEAVE));
    }

    /**
     * Nothing is told when this node ends: where all end at once nobody takes it, and this node would wait for somebody
     * who does. The next head wakes the runs.
     */
    private static RunKeeper.Home home(ActorSystem<?> system, String run) {
        var shutdown = CoordinatedShutdown.get(system);
        EntityRef<RunEntity.Command> entity = ClusterSharding.get(system).entityRefFor(RunEntity.KEY, run);
        return message -> {
            if (shutdown.getShutdownReason().isEmpty()) {
                entity.tell(message);
            }
        };
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Look.LOOK, this::onLook)
                .onMessage(StoreTaken.class, this::onStoreTaken)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .build();
    }

    private Behavior<Command> onLook() {
        head.tell(Head.Look.LOOK);
        return this;
    }

    private Behavior<Command> onStoreTaken(StoreTaken message) {
        farm.listener().broken(message.why);
        return Behaviors.stopped();
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        getContext()
                .getLog()
                .error("{} failed, so the node ends", signal.getRef().path(), signal.cause());
        farm.listener().broken(signal.cause());
        return Behaviors.stopped();
    }
}
