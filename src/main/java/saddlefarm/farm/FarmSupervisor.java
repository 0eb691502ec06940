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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;

/** The head of a farm: which runs are wanted, which of them train now, and which wait. */
public final class FarmSupervisor extends AbstractBehavior<FarmSupervisor.Command> {

    /** What a farm does. */
    public sealed interface Command {}

    /** Train these runs; they are in the store already. A run that the farm has already is left alone. */
    public record Grow(List<RunSpec> runs) implements Command {}

    /** Leave a run as it is: commit it, and let it be paused or cancelled. */
    public record Leave(String run, RunStatus status) implements Command {}

    /** Tell when no run is active or waiting any more. */
    public record AwaitIdle(ActorRef<Idle> replyTo) implements Command {}

    /** Commit all active runs and start no more; answered when all of them are stored. */
    public record Shutdown(ActorRef<Idle> replyTo) implements Command {}

    private record RunStopped(RunSupervisor.Stopped stopped) implements Command {}

    /** No run is active. */
    public record Idle() {}

    private final Farm farm;
    private final ActorRef<RunSupervisor.Stopped> stopped;
    private final Deque<RunSpec> waiting = new ArrayDeque<>();
    private final Map<String, ActorRef<RunSupervisor.Command>> active = new LinkedHashMap<>();
    private final Map<ActorRef<RunSupervisor.Command>, RunSpec> specs = new LinkedHashMap<>();
    private final List<ActorRef<Idle>> idleListeners = new ArrayList<>();
    private long spawned;

    public static Behavior<Command> create(
            FarmSettings settings, Workshop workshop, RunStore store, RunBoard board, FarmListener listener) {
        return Behaviors.setup(context -> {
            ActorRef<Recorder.Command> recorder = context.spawn(
                    Recorder.create(store, board),
                    "recorder",
                    DispatcherSelector.fromConfig("saddlefarm.recorder-dispatcher"));
            return new FarmSupervisor(context, new Farm(settings, workshop, board, listener, recorder));
        });
    }

    private FarmSupervisor(ActorContext<Command> context, Farm farm) {
        super(context);
        this.farm = farm;
        stopped = context.messageAdapter(RunSupervisor.Stopped.class, RunStopped::new);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Grow.class, this::onGrow)
                .onMessage(Leave.class, this::onLeave)
                .onMessage(AwaitIdle.class, this::onAwaitIdle)
                .onMessage(Shutdown.class, this::onShutdown)
                .onMessage(RunStopped.class, message -> onRunStopped(message.stopped))
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, signal -> this)
                .build();
    }

    private Behavior<Command> onGrow(Grow message) {
        for (RunSpec run : message.runs) {
            if (!active.containsKey(run.id())) {
                waiting.add(run);
                farm.board().show(queued(run));
            }
        }
        admit();
        return this;
    }

    private Behavior<Command> onLeave(Leave message) {
        var supervisor = active.get(message.run);
        if (supervisor != null) {
            supervisor.tell(new RunSupervisor.Stop(message.status));
        }
        return this;
    }

    private Behavior<Command> onAwaitIdle(AwaitIdle message) {
        idleListeners.add(message.replyTo);
        tellWhenIdle();
        return this;
    }

    private Behavior<Command> onShutdown(Shutdown message) {
        waiting.clear();
        active.values().forEach(run -> run.tell(new RunSupervisor.Stop(RunStatus.QUEUED)));
        return onAwaitIdle(new AwaitIdle(message.replyTo));
    }

    private Behavior<Command> onRunStopped(RunSupervisor.Stopped message) {
        forget(message.run());
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        @Nullable RunSpec run = specs.get(signal.getRef().<RunSupervisor.Command>unsafeUpcast());
        if (run != null) {
            String cause = "its supervisor failed: " + signal.cause();
            getContext().getLog().error("run {}: {}", run.id(), cause, signal.cause());
            farm.listener().changed(run, RunStatus.FAILED, null, cause);
            forget(run);
        }
        return this;
    }

    private void forget(RunSpec run) {
        var supervisor = active.remove(run.id());
        if (supervisor != null) {
            specs.remove(supervisor);
        }
        admit();
        tellWhenIdle();
    }

    private void admit() {
        while (active.size() < farm.settings().maxActiveRuns() && !waiting.isEmpty()) {
            RunSpec run = waiting.remove();
            ActorRef<RunSupervisor.Command> supervisor =
                    getContext().spawn(RunSupervisor.create(farm, run, stopped), "run-" + run.id() + "-" + spawned++);
            getContext().watch(supervisor);
            active.put(run.id(), supervisor);
            specs.put(supervisor, run);
        }
    }

    private void tellWhenIdle() {
        if (active.isEmpty() && waiting.isEmpty()) {
            idleListeners.forEach(listener -> listener.tell(new Idle()));
            idleListeners.clear();
        }
    }

    private static RunBoard.LiveRun queued(RunSpec run) {
        return new RunBoard.LiveRun(run, RunStatus.QUEUED, 0, null, true, 0, 0, null, List.of());
    }
}
