package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;

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

    private record FromRun(RunSupervisor.Event event) implements Command {}

    private record StoreTaken(StoreTakenException why) implements Command {}

    private record FromTheorist(Theorist.Answered answered) implements Command {}

    /** No run is active. */
    public record Idle() {}

    private final Farm farm;
    private final ActorRef<RunSupervisor.Event> runs;
    private final ActorRef<Theorist.Answered> answered;
    private ActorRef<Theorist.Command> theorist;
    private final Admission waiting;
    private final Map<String, ActorRef<RunSupervisor.Command>> active = new LinkedHashMap<>();
    private final Map<ActorRef<RunSupervisor.Command>, RunSpec> specs = new LinkedHashMap<>();
    // active runs that are about to be left, and as what
    private final Map<String, RunStatus> leaving = new HashMap<>();
    private final Map<String, RunSpec> again = new LinkedHashMap<>();
    private final List<ActorRef<Idle>> idleListeners = new ArrayList<>();
    private int predictions;
    private boolean shuttingDown;
    private long spawned;

    public static Behavior<Command> create(
            FarmSettings settings, Workshop workshop, RunStore store, RunBoard board, FarmListener listener) {
        return Behaviors.setup(context -> {
            ActorRef<Recorder.Command> recorder = context.spawn(
                    Recorder.create(
                            store,
                            board,
                            settings.storePatience(),
                            why -> context.getSelf().tell(new StoreTaken(why))),
                    "recorder",
                    DispatcherSelector.fromConfig("saddlefarm.recorder-dispatcher"));
            ActorRef<Turns.Command> turns = context.spawn(Turns.create(settings.turns()), "turns");
            context.watch(recorder);
            return new FarmSupervisor(context, new Farm(settings, workshop, board, listener, turns, recorder));
        });
    }

    private FarmSupervisor(ActorContext<Command> context, Farm farm) {
        super(context);
        context.setLoggerName(FarmSupervisor.class);
        this.farm = farm;
        FarmSettings settings = farm.settings();
        waiting = new Admission(settings.maxActiveRuns(), settings.maxMemory(), farm.workshop()::memory);
        runs = context.messageAdapter(RunSupervisor.Event.class, FromRun::new);
        answered = context.messageAdapter(Theorist.Answered.class, FromTheorist::new);
        theorist = theorist();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Grow.class, message -> onGrow(message.runs, false))
                .onMessage(Resume.class, message -> onGrow(message.runs, true))
                .onMessage(Leave.class, this::onLeave)
                .onMessage(AwaitIdle.class, this::onAwaitIdle)
                .onMessage(Shutdown.class, this::onShutdown)
                .onMessage(Predict.class, message -> onPredict(message.runs))
                .onMessage(FromRun.class, this::onRun)
                .onMessage(FromTheorist.class, this::onPredicted)
                .onMessage(StoreTaken.class, this::onStoreTaken)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, signal -> this)
                .build();
    }

    private Behavior<Command> onGrow(List<RunSpec> wanted, boolean evenIfLeft) {
        for (RunSpec run : wanted) {
            if (!active.containsKey(run.id())) {
                enqueue(run);
            } else if (evenIfLeft && leaving.containsKey(run.id())) {
                again.put(run.id(), run);
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
            supervise(run);
        } else if (waiting.add(run)) {
            farm.board().show(unseen(run, RunStatus.QUEUED));
        }
    }

    private Behavior<Command> onLeave(Leave message) {
        message.runs.forEach(run -> leave(run, message.status));
        return this;
    }

    private void leave(RunSpec run, RunStatus status) {
        waiting.remove(run.id());
        var supervisor = active.get(run.id());
        if (supervisor == null) {
            if (shuttingDown) {
                return;
            }
            // Only the owner of a run may write of it: it is claimed for that, and not trained.
            supervisor = supervise(run);
        }
        boolean resumed = again.remove(run.id()) != null;
        leaving.merge(run.id(), status, resumed ? (was, is) -> is : RunSupervisor::prevailing);
        supervisor.tell(new RunSupervisor.Stop(status));
    }

    private Behavior<Command> onAwaitIdle(AwaitIdle message) {
        idleListeners.add(message.replyTo);
        tellWhenIdle();
        return this;
    }

    private Behavior<Command> onShutdown(Shutdown message) {
        shuttingDown = true;
        waiting.clear();
        again.clear();
        active.values().forEach(run -> run.tell(new RunSupervisor.Stop(RunStatus.QUEUED)));
        getContext().stop(theorist);
        predictions = 0;
        return onAwaitIdle(new AwaitIdle(message.replyTo));
    }

    private Behavior<Command> onRun(FromRun message) {
        if (message.event instanceof RunSupervisor.Stopped stopped) {
            return onRunStopped(stopped);
        }
        return onPredict(List.of(((RunSupervisor.LeftOrigin) message.event).run()));
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

    private Behavior<Command> onRunStopped(RunSupervisor.Stopped message) {
        if (message.status().over()) {
            onPredict(List.of(message.run()));
        }
        String id = message.run().id();
        @Nullable RunStatus wish = leaving.get(id);
        release(message.run());
        @Nullable RunSpec wanted = again.remove(id);
        if (message.status() == RunStatus.PAUSED || message.status() == RunStatus.CANCELLED) {
            if (wanted != null) {
                enqueue(wanted);
            } else if (wish != null && wish != message.status()) {
                // The wish came when the run had stopped, but before that was heard of here.
                leave(message.run(), wish);
            }
        }
        goOn();
        return this;
    }

    /** Ends without another word: whatever the runs still do is the other farm's to do. */
    private Behavior<Command> onStoreTaken(StoreTaken message) {
        farm.listener().storeTaken(message.why);
        return Behaviors.stopped();
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        if (signal.getRef().<Recorder.Command>unsafeUpcast().equals(farm.recorder())) {
            // Nothing can be stored any more: better to end, and to be started again.
            getContext().getLog().error("the recorder failed, so the farm ends", signal.cause());
            return Behaviors.stopped();
        }
        if (signal.getRef().<Theorist.Command>unsafeUpcast().equals(theorist)) {
            getContext().getLog().error("no more theory of the runs so far", signal.cause());
            theorist = theorist();
            predictions = 0;
            tellWhenIdle();
        }
        @Nullable RunSpec run = specs.get(signal.getRef().<RunSupervisor.Command>unsafeUpcast());
        if (run != null) {
            String cause = "its supervisor failed: " + signal.cause();
            getContext().getLog().error("run {}: {}", run.id(), cause, signal.cause());
            farm.listener().changed(run, RunStatus.FAILED, null, cause);
            farm.board().show(unseen(run, RunStatus.FAILED));
            again.remove(run.id());
            release(run);
            goOn();
        }
        return this;
    }

    private void release(RunSpec run) {
        var supervisor = active.remove(run.id());
        if (supervisor != null) {
            specs.remove(supervisor);
            waiting.ended(run);
        }
        leaving.remove(run.id());
    }

    private void goOn() {
        admit();
        tellWhenIdle();
    }

    private void admit() {
        for (RunSpec next = waiting.next(); next != null; next = waiting.next()) {
            supervise(next);
        }
    }

    private ActorRef<RunSupervisor.Command> supervise(RunSpec run) {
        ActorRef<RunSupervisor.Command> supervisor =
                getContext().spawn(RunSupervisor.create(farm, run, runs), "run-" + run.id() + "-" + spawned++);
        getContext().watch(supervisor);
        active.put(run.id(), supervisor);
        waiting.begun(run);
        specs.put(supervisor, run);
        return supervisor;
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

    private static RunBoard.LiveRun unseen(RunSpec run, RunStatus status) {
        return new RunBoard.LiveRun(run, status, 0, null, 0L, 0, 0, null, List.of());
    }
}
