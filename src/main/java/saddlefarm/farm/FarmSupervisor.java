package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.Wish;

/** The head of a farm: which runs are wanted, which of them train now, and which wait. */
public final class FarmSupervisor extends AbstractBehavior<FarmSupervisor.Command> {

    /** What a farm does. */
    public sealed interface Command {}

    /**
     * Train these runs; they are in the store already. A run that trains, waits or is about to be left is left alone.
     */
    public record Grow(List<RunSpec> runs) implements Command {}

    /** The same, but that a run which is about to be left is taken up again afterwards. */
    public record Resume(List<RunSpec> runs) implements Command {}

    /**
     * Leave runs paused or cancelled: one that trains commits first, and of the others, waiting or not, it is noted.
     * They are in the store already.
     */
    public record Leave(List<RunSpec> runs, RunStatus status) implements Command {}

    /** Work out the theory of runs that are over, where it is missing. */
    public record Predict(List<RunSpec> runs) implements Command {}

    /** Tell when no run is active or waiting any more, and the theory of all is there. */
    public record AwaitIdle(ActorRef<Idle> replyTo) implements Command {}

    /**
     * Commit all active runs and start no more; answered when all of them are stored. Those that wait stay queued, and
     * theory that is not there is left to another time.
     */
    public record Shutdown(ActorRef<Idle> replyTo) implements Command {}

    /**
     * As many runs may train from now on; those that train already go on.
     *
     * @param runs that may train at the same time, ≥ 1
     * @param bytes that they may need together
     */
    public record Capacity(int runs, long bytes) implements Command {}

    private record FromRun(RunSupervisor.Event event) implements Command {}

    private record StoreTaken(StoreTakenException why) implements Command {}

    private record FromTheorist(Theorist.Answered answered) implements Command {}

    /** No run is active. */
    public record Idle() {}

    /** Who looks after a run in the farm's name: its supervisor, or somebody who has one elsewhere. */
    @FunctionalInterface
    public interface Supervision {
        /**
         * @param wish what the run is to be left as, without being begun if it does not train yet; null to train it
         * @param parent told when the run has left the origin, and at last when it is stopped
         */
        Behavior<RunSupervisor.Command> of(RunSpec run, @Nullable RunStatus wish, ActorRef<RunSupervisor.Event> parent);
    }

    /** A run that somebody looks after. */
    private static final class Active {

        private final RunSpec run;
        private final ActorRef<RunSupervisor.Command> supervisor;
        // what it is about to be left as, and whether it is to be taken up again afterwards
        private @Nullable RunStatus leaving;
        private boolean again;

        Active(RunSpec run, ActorRef<RunSupervisor.Command> supervisor, @Nullable RunStatus leaving) {
            this.run = run;
            this.supervisor = supervisor;
            this.leaving = leaving;
        }

        void leave(RunStatus status) {
            leaving = RunSupervisor.prevailing(again ? null : leaving, status);
            again = false;
            supervisor.tell(new RunSupervisor.Stop(status));
        }
    }

    /** The message that has done to runs what the store says is wanted of them. */
    public static Command wanted(Wish wish, List<RunSpec> runs) {
        return wish.leaves() ? new Leave(runs, wish.status()) : new Grow(runs);
    }

    private final Farm farm;
    private final Supervision supervision;
    private final ActorRef<RunSupervisor.Event> runs;
    private final ActorRef<Theorist.Answered> answered;
    private ActorRef<Theorist.Command> theorist;
    private final Admission waiting;
    private final Map<String, Active> active = new LinkedHashMap<>();
    private final List<ActorRef<Idle>> idleListeners = new ArrayList<>();
    private int predictions;
    private boolean shuttingDown;
    private long spawned;

    /** A farm of one node. */
    public static Behavior<Command> create(
            FarmSettings settings, Workshop workshop, RunStore store, RunBoard board, FarmListener listener) {
        return Behaviors.setup(context -> {
            Farm farm = Farm.of(
                    context,
                    settings,
                    workshop,
                    store,
                    board,
                    listener,
                    why -> context.getSelf().tell(new StoreTaken(why)));
            return new FarmSupervisor(
                    context, farm, (run, wish, parent) -> RunSupervisor.create(farm, run, wish, parent));
        });
    }

    /** The head of a farm whose runs are looked after by others. */
    public static Behavior<Command> create(Farm farm, Supervision supervision) {
        return Behaviors.setup(context -> new FarmSupervisor(context, farm, supervision));
    }

    private FarmSupervisor(ActorContext<Command> context, Farm farm, Supervision supervision) {
        super(context);
        context.setLoggerName(FarmSupervisor.class);
        this.farm = farm;
        this.supervision = supervision;
        FarmSettings settings = farm.settings();
        waiting = new Admission(settings.maxActiveRuns(), settings.maxMemory(), farm.workshop()::memory);
        runs = context.messageAdapter(RunSupervisor.Event.class, FromRun::new);
        answered = context.messageAdapter(Theorist.Answered.class, FromTheorist::new);
        theorist = theorist();
        farm.board().head(true);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Grow.class, message -> onGrow(message.runs, false))
                .onMessage(Resume.class, message -> onGrow(message.runs, true))
                .onMessage(Leave.class, this::onLeave)
                .onMessage(AwaitIdle.class, this::onAwaitIdle)
                .onMessage(Shutdown.class, this::onShutdown)
                .onMessage(Capacity.class, this::onCapacity)
                .onMessage(Predict.class, message -> onPredict(message.runs))
                .onMessage(FromRun.class, this::onRun)
                .onMessage(FromTheorist.class, this::onPredicted)
                .onMessage(StoreTaken.class, this::onStoreTaken)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, signal -> this)
                .onSignal(PostStop.class, signal -> {
                    farm.board().head(false);
                    return this;
                })
                .build();
    }

    private Behavior<Command> onGrow(List<RunSpec> wanted, boolean evenIfLeft) {
        for (RunSpec run : wanted) {
            @Nullable Active known = active.get(run.id());
            if (known == null) {
                enqueue(run);
            } else if (evenIfLeft && known.leaving != null) {
                known.again = true;
            }
        }
        admit();
        return this;
    }

    private void enqueue(RunSpec run) {
        if (shuttingDown) {
            return;
        }
        if (farm.memoryLimit().refusal(run).isPresent()) {
            // It is claimed to note why it fails, and keeps nobody waiting.
            supervise(run, null);
        } else if (waiting.add(run)) {
            farm.board().show(RunBoard.LiveRun.unseen(run, RunStatus.QUEUED));
        }
    }

    private Behavior<Command> onLeave(Leave message) {
        message.runs.forEach(run -> leave(run, message.status));
        return this;
    }

    private void leave(RunSpec run, RunStatus status) {
        waiting.remove(run.id());
        @Nullable Active known = active.get(run.id());
        if (known != null) {
            known.leave(status);
        } else if (!shuttingDown) {
            // Only the owner of a run may write of it: it is claimed for that.
            supervise(run, status);
        }
    }

    private Behavior<Command> onAwaitIdle(AwaitIdle message) {
        idleListeners.add(message.replyTo);
        tellWhenIdle();
        return this;
    }

    private Behavior<Command> onShutdown(Shutdown message) {
        shuttingDown = true;
        waiting.clear();
        active.values().forEach(each -> {
            each.again = false;
            each.supervisor.tell(new RunSupervisor.Stop(RunStatus.QUEUED));
        });
        getContext().stop(theorist);
        predictions = 0;
        return onAwaitIdle(new AwaitIdle(message.replyTo));
    }

    private Behavior<Command> onCapacity(Capacity message) {
        waiting.limit(message.runs, message.bytes);
        admit();
        return this;
    }

    private Behavior<Command> onRun(FromRun message) {
        @Nullable Active known = active.get(message.event.run());
        if (known == null) {
            return this;
        }
        return message.event instanceof RunSupervisor.Stopped stopped
                ? onRunStopped(known, stopped.status())
                : onPredict(List.of(known.run));
    }

    private Behavior<Command> onPredict(List<RunSpec> wanted) {
        if (!shuttingDown) {
            wanted.stream().filter(RunSpec::hasTheory).forEach(run -> {
                predictions++;
                theorist.tell(new Theorist.Predict(run));
            });
        }
        return this;
    }

    private Behavior<Command> onPredicted(FromTheorist message) {
        // A theorist that has failed or was stopped may have answered before: nobody waits for that any more.
        if (!shuttingDown && message.answered.theorist().equals(theorist)) {
            predictions--;
            tellWhenIdle();
        }
        return this;
    }

    private Behavior<Command> onRunStopped(Active stopped, RunStatus status) {
        RunSpec run = stopped.run;
        if (status.over()) {
            onPredict(List.of(run));
        }
        release(run);
        if (status == RunStatus.PAUSED || status == RunStatus.CANCELLED || status == RunStatus.QUEUED) {
            if (stopped.again) {
                enqueue(run);
            } else if (stopped.leaving != null && stopped.leaving != status) {
                // The wish came when the run had stopped, but before that was heard of here.
                leave(run, stopped.leaving);
            } else if (status == RunStatus.QUEUED) {
                // Whoever had it does no more, and somebody else will.
                enqueue(run);
            }
        }
        goOn();
        return this;
    }

    /** Ends without another word: whatever the runs still do is the other farm's to do. */
    private Behavior<Command> onStoreTaken(StoreTaken message) {
        farm.listener().broken(message.why);
        return Behaviors.stopped();
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        Object failed = signal.getRef();
        if (failed.equals(farm.recorder()) || failed.equals(farm.turns())) {
            // Nothing can be stored any more, or trained: better to end, and to be started again.
            getContext()
                    .getLog()
                    .error("{} failed, so the farm ends", signal.getRef().path(), signal.cause());
            farm.listener().broken(signal.cause());
            return Behaviors.stopped();
        }
        if (failed.equals(theorist)) {
            getContext().getLog().error("no more theory of the runs so far", signal.cause());
            theorist = theorist();
            predictions = 0;
            tellWhenIdle();
        }
        @Nullable RunSpec run = supervisedBy(signal.getRef());
        if (run != null) {
            String cause = "its supervisor failed: " + signal.cause();
            getContext().getLog().error("run {}: {}", run.id(), cause, signal.cause());
            farm.listener().changed(run, RunStatus.FAILED, null, cause);
            farm.board().show(RunBoard.LiveRun.unseen(run, RunStatus.FAILED));
            release(run);
            goOn();
        }
        return this;
    }

    private @Nullable RunSpec supervisedBy(ActorRef<?> supervisor) {
        return active.values().stream()
                .filter(each -> each.supervisor.equals(supervisor))
                .map(each -> each.run)
                .findFirst()
                .orElse(null);
    }

    private void release(RunSpec run) {
        if (active.remove(run.id()) != null) {
            waiting.ended(run);
        }
    }

    private void goOn() {
        admit();
        tellWhenIdle();
    }

    private void admit() {
        for (RunSpec next = waiting.next(); next != null; next = waiting.next()) {
            supervise(next, null);
        }
    }

    private void supervise(RunSpec run, @Nullable RunStatus wish) {
        ActorRef<RunSupervisor.Command> supervisor =
                getContext().spawn(supervision.of(run, wish, runs), "run-" + run.id() + "-" + spawned++);
        getContext().watch(supervisor);
        active.put(run.id(), new Active(run, supervisor, wish));
        waiting.begun(run);
    }

    private void tellWhenIdle() {
        if (active.isEmpty() && waiting.empty() && predictions == 0) {
            idleListeners.forEach(listener -> listener.tell(new Idle()));
            idleListeners.clear();
        }
    }

    private ActorRef<Theorist.Command> theorist() {
        ActorRef<Theorist.Command> newTheorist =
                getContext().spawn(Theorist.create(farm, answered), "theorist-" + spawned++);
        getContext().watch(newTheorist);
        return newTheorist;
    }
}
