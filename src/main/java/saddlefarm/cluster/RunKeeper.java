package saddlefarm.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.RunSupervisor;
import saddlefarm.run.RunStatus;

/**
 * Looks after a run from the head, wherever the run lives: has it begun there, passes on what is wanted of it and what
 * becomes of it, and wakes it again when nothing is heard of it, as after its node was lost. Waking a run that lives
 * changes nothing.
 */
final class RunKeeper extends AbstractBehavior<RunKeeper.Command> {

    /** How long a run may be silent. */
    static final Duration SILENCE = Duration.ofSeconds(8);

    private static final Duration TICK = Duration.ofSeconds(1);

    /** What a keeper does. */
    sealed interface Command {}

    private record Leave(RunStatus status) implements Command {}

    private record FromRun(RunSupervisor.Event event) implements Command {}

    private enum Tick implements Command {
        TICK
    }

    /** Where a run lives. */
    @FunctionalInterface
    interface Home {
        /** Tells the run something, now or when it lives again; or never, if its node is just being lost. */
        void tell(RunEntity.Command message);
    }

    private final RunSpec run;
    private final Home home;
    private final ActorRef<RunSupervisor.Event> parent;
    private final ActorRef<RunSupervisor.Event> events;
    private final Runnable ended;
    private @Nullable RunStatus wish;
    private int quietTicks;

    /**
     * @param wish what the run is to be left as, without being begun if it does not train yet; null to train it
     * @param ended done when the run is looked after no more
     */
    static Behavior<RunSupervisor.Command> create(
            RunSpec run, @Nullable RunStatus wish, Home home, ActorRef<RunSupervisor.Event> parent, Runnable ended) {
        Behavior<Command> behavior = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new RunKeeper(context, timers, run, wish, home, parent, ended)));
        return Behaviors.transformMessages(
                RunSupervisor.Command.class,
                behavior,
                messages -> messages.match(RunSupervisor.Stop.class, stop -> new Leave(stop.status())));
    }

    private RunKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunSpec run,
            @Nullable RunStatus wish,
            Home home,
            ActorRef<RunSupervisor.Event> parent,
            Runnable ended) {
        super(context);
        this.run = run;
        this.wish = wish;
        this.home = home;
        this.parent = parent;
        this.ended = ended;
        events = context.messageAdapter(RunSupervisor.Event.class, FromRun::new);
        timers.startTimerWithFixedDelay(Tick.TICK, TICK);
        wake();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Leave.class, this::onLeave)
                .onMessage(FromRun.class, this::onRun)
                .onMessageEquals(Tick.TICK, this::onTick)
                .onSignal(PostStop.class, signal -> {
                    ended.run();
                    return this;
                })
                .build();
    }

    private void wake() {
        quietTicks = 0;
        home.tell(RunEntity.Wake.of(run, events));
        tellWish();
    }

    private void tellWish() {
        if (wish != null) {
            home.tell(new RunEntity.Leave(wish));
        }
    }

    private Behavior<Command> onLeave(Leave message) {
        wish = RunSupervisor.prevailing(wish, message.status);
        tellWish();
        return this;
    }

    private Behavior<Command> onRun(FromRun message) {
        quietTicks = 0;
        if (message.event instanceof RunEntity.Alive) {
            // It may have begun after the wish was told.
            tellWish();
            return this;
        }
        if (message.event instanceof RunSupervisor.Stopped stopped) {
            if (stopped.status() == RunStatus.RUNNING) {
                // It lives elsewhere since, and will be heard of from there.
                return this;
            }
            if (stopped.status() == RunStatus.QUEUED && wish == null) {
                // Its node hands it over: another one goes on, and nobody that waits comes before it.
                wake();
                return this;
            }
            parent.tell(stopped);
            return Behaviors.stopped();
        }
        parent.tell(message.event);
        return this;
    }

    private Behavior<Command> onTick() {
        quietTicks++;
        if (quietTicks > SILENCE.toSeconds()) {
            wake();
        }
        return this;
    }
}
