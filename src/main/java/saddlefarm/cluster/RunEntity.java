package saddlefarm.cluster;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Farm;
import saddlefarm.farm.Recorder;
import saddlefarm.farm.Room;
import saddlefarm.farm.RunSupervisor;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.StoredSpec;

/**
 * A run on the node where it lives: its supervisor, and a word now and then to the {@link RunKeeper} that looks after
 * it from the head. It begins when there is {@linkplain Room room} on the node. Asked to hand over, it commits and
 * stops, and the run goes on from there on another node.
 */
final class RunEntity extends AbstractBehavior<RunEntity.Command> {

    static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "run");

    /** How often a keeper is told that its run is looked after. */
    static final Duration BEAT = Duration.ofSeconds(2);

    /** What an entity does. */
    sealed interface Command {}

    /**
     * Be there for a keeper, and begin the run if it has not begun.
     *
     * @param specification as {@link RunSpec#specification} has it
     * @param swept as {@link RunSpec#swept} has it
     */
    record Wake(String specification, SortedMap<String, String> swept, ActorRef<RunSupervisor.Event> keeper)
            implements Command {

        static Wake of(RunSpec run, ActorRef<RunSupervisor.Event> keeper) {
            return new Wake(run.specification(), run.swept(), keeper);
        }
    }

    /** Commit and stop, leaving the run with this status. */
    record Leave(RunStatus status) implements Command {}

    /** Commit and stop, and let another node go on. */
    enum HandOver implements Command {
        HAND_OVER
    }

    private record Read(RunSpec run) implements Command {}

    private record Unread(String cause) implements Command {}

    private record Noted(String cause) implements Command {}

    private enum Entered implements Command {
        ENTERED
    }

    private record FromRun(RunSupervisor.Event event) implements Command {}

    private enum Beat implements Command {
        BEAT
    }

    /** The run is looked after here. */
    record Alive(String run) implements RunSupervisor.Event {}

    private final Farm farm;
    private final ActorRef<Room.Command> room;
    private final String run;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final ActorRef<RunSupervisor.Event> events;
    private final TimerScheduler<Command> timers;
    private @Nullable ActorRef<RunSupervisor.Event> keeper;
    private @Nullable RunSpec spec;
    private @Nullable ActorRef<RunSupervisor.Command> supervisor;
    // before there is a supervisor to be told
    private @Nullable RunStatus wish;
    private boolean handingOver;
    private boolean over;

    static Behavior<Command> create(Farm farm, ActorRef<Room.Command> room, EntityContext<Command> entity) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RunEntity(context, timers, farm, room, entity)));
    }

    private RunEntity(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Farm farm,
            ActorRef<Room.Command> room,
            EntityContext<Command> entity) {
        super(context);
        context.setLoggerName(RunEntity.class);
        this.farm = farm;
        this.room = room;
        this.timers = timers;
        run = entity.getEntityId();
        shard = entity.getShard();
        events = context.messageAdapter(RunSupervisor.Event.class, FromRun::new);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Wake.class, this::onWake)
                .onMessage(Leave.class, message -> onLeave(message.status))
                .onMessageEquals(HandOver.HAND_OVER, this::onHandOver)
                .onMessage(Read.class, this::onRead)
                .onMessage(Unread.class, this::onUnread)
                .onMessageEquals(Entered.ENTERED, this::onEntered)
                .onMessage(Noted.class, this::onNoted)
                .onMessage(FromRun.class, this::onRun)
                .onMessageEquals(Beat.BEAT, this::onBeat)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, signal -> this)
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    private Behavior<Command> onWake(Wake message) {
        if (over) {
            // Its keeper wakes its successor soon.
            return this;
        }
        boolean begun = keeper != null;
        keeper = message.keeper;
        keeper.tell(new Alive(run));
        if (!begun) {
            timers.startTimerWithFixedDelay(Beat.BEAT, BEAT);
            read(message);
        }
        return this;
    }

    /** On a thread that may wait: a specification may be long. */
    private void read(Wake message) {
        var blocking = getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> StoredSpec.of(run, message.specification, message.swept), blocking),
                        (spec, failure) -> spec != null ? new Read(spec) : new Unread(reason(failure)));
    }

    private String reason(Throwable failure) {
        Throwable why = failure.getCause() == null ? failure : failure.getCause();
        return "it cannot be read on %s: %s"
                .formatted(
                        getContext().getSystem().address(),
                        why instanceof ExperimentException ? why.getMessage() : why);
    }

    private Behavior<Command> onRead(Read message) {
        spec = message.run;
        if (wish != null) {
            supervise(message.run);
        } else {
            ActorRef<Room.Entered> entered = getContext().messageAdapter(Room.Entered.class, there -> Entered.ENTERED);
            room.tell(new Room.Enter(message.run, getContext().getSelf(), entered));
        }
        return this;
    }

    /**
     * As where a program of another version computes otherwise. Not a word, so that it is woken again, elsewhere by
     * then.
     */
    private Behavior<Command> onUnread(Unread message) {
        getContext().getLog().warn("run {} is left alone: {}", run, message.cause);
        return leave();
    }

    private Behavior<Command> onEntered() {
        if (spec != null && supervisor == null && !over) {
            supervise(spec);
        }
        return this;
    }

    private void supervise(RunSpec begun) {
        var newSupervisor = getContext().spawn(RunSupervisor.create(farm, begun, wish, events), "supervisor");
        getContext().watch(newSupervisor);
        supervisor = newSupervisor;
    }

    private Behavior<Command> onLeave(RunStatus status) {
        if (supervisor != null) {
            supervisor.tell(new RunSupervisor.Stop(status));
        } else if (keeper != null) {
            wish = RunSupervisor.prevailing(wish, status);
            if (spec != null) {
                // It waits for room, and needs none for this: it is claimed and noted, not trained.
                supervise(spec);
            }
        }
        // Otherwise the run has not begun here: its keeper will wake it, and say so again.
        return this;
    }

    private Behavior<Command> onHandOver() {
        handingOver = true;
        return keeper == null ? Behaviors.stopped() : onLeave(RunStatus.QUEUED);
    }

    private Behavior<Command> onRun(FromRun message) {
        if (message.event instanceof RunSupervisor.Stopped stopped) {
            return onStopped(stopped);
        }
        tell(message.event);
        return this;
    }

    private Behavior<Command> onStopped(RunSupervisor.Stopped stopped) {
        supervisor = null;
        if (!stopped.status().ended() && stopped.status() != RunStatus.PAUSED) {
            farm.board().forget(run);
        }
        tell(stopped);
        return leave();
    }

    private Behavior<Command> leave() {
        if (handingOver) {
            return Behaviors.stopped();
        }
        // The shard then asks it to hand over, and keeps what comes meanwhile for its successor.
        over = true;
        timers.cancelAll();
        keeper = null;
        shard.tell(new ClusterSharding.Passivate<>(getContext().getSelf()));
        return this;
    }

    private void tell(RunSupervisor.Event event) {
        if (keeper != null) {
            keeper.tell(event);
        }
    }

    private Behavior<Command> onBeat() {
        tell(new Alive(run));
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        getContext().getLog().error("the supervisor of run {} failed", run, signal.cause());
        String cause = "its supervisor failed: " + signal.cause();
        // The store notes it, so that the head does not want the run again.
        ActorRef<Recorder.Reply> noted = getContext().messageAdapter(Recorder.Reply.class, reply -> new Noted(cause));
        farm.recorder().tell(new Recorder.Fail(run, cause, noted));
        return this;
    }

    private Behavior<Command> onNoted(Noted message) {
        if (spec != null) {
            farm.listener().changed(spec, RunStatus.FAILED, null, message.cause);
            farm.board().show(RunBoard.LiveRun.unseen(spec, RunStatus.FAILED));
        }
        return onStopped(new RunSupervisor.Stopped(run, RunStatus.FAILED, message.cause));
    }

    /**
     * A run that trains and was to move is stopped by its shard when the store is away for longer than that waits: what
     * it has computed since its last commit is computed again, unless the store takes it before the run is claimed
     * again. Where the node ends, or was given up by the others, nothing is told: it says so itself.
     */
    private Behavior<Command> onPostStop(PostStop signal) {
        boolean nodeEnds = CoordinatedShutdown.get(getContext().getSystem())
                .getShutdownReason()
                .isPresent();
        boolean trained = supervisor != null && wish == null;
        if (handingOver && trained && spec != null && !nodeEnds) {
            farm.board().forget(run);
            farm.listener()
                    .changed(
                            spec,
                            RunStatus.RUNNING,
                            null,
                            "it was to move and could not be committed in time; it goes on from its last commit");
        }
        return this;
    }
}
