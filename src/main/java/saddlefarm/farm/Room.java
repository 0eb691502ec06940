package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;

/**
 * Keeps the runs of one node within what it carries, where somebody else decides which runs live there: as many as
 * there is room for are let in, by {@link Admission}, and the others wait. Nodes may be lost and leave all their runs
 * to the others, and the sum of what nodes carry does not tell whether a large run fits into one of them.
 */
public final class Room extends AbstractBehavior<Room.Command> {

    /** What is asked of it. */
    public sealed interface Command {}

    /**
     * Let a run in when there is room; it has it until its guest has ended, and wants it no more from then on.
     *
     * @param guest the actor that the run lives in, one for each run
     * @param replyTo told when the run is let in
     */
    public record Enter(RunSpec run, ActorRef<?> guest, ActorRef<Entered> replyTo) implements Command {}

    /** There is room for the run. */
    public record Entered(String run) {}

    private final Admission admission;
    private final Map<ActorRef<?>, RunSpec> inside = new HashMap<>();
    private final Map<String, Enter> waiting = new HashMap<>();

    /**
     * Of a node with these settings.
     *
     * @param bytes what a run needs while it is active, by estimate
     */
    public static Behavior<Command> create(FarmSettings settings, ToLongFunction<RunSpec> bytes) {
        return Behaviors.setup(context -> new Room(context, settings, bytes));
    }

    private Room(ActorContext<Command> context, FarmSettings settings, ToLongFunction<RunSpec> bytes) {
        super(context);
        admission = new Admission(settings.maxActiveRuns(), settings.maxMemory(), bytes);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Enter.class, this::onEnter)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> onEnter(Enter message) {
        getContext().watch(message.guest);
        waiting.put(message.run.id(), message);
        admission.add(message.run);
        letIn();
        return this;
    }

    private Behavior<Command> onTerminated(Terminated signal) {
        ActorRef<?> guest = signal.getRef();
        @Nullable RunSpec run = inside.remove(guest);
        if (run != null) {
            admission.ended(run);
        } else {
            waiting.values().stream()
                    .filter(enter -> enter.guest.equals(guest))
                    .findFirst()
                    .map(enter -> enter.run.id())
                    .ifPresent(this::waitsNoLonger);
        }
        letIn();
        return this;
    }

    private void waitsNoLonger(String run) {
        waiting.remove(run);
        admission.remove(run);
    }

    private void letIn() {
        for (RunSpec next = admission.next(); next != null; next = admission.next()) {
            Enter enter = Objects.requireNonNull(waiting.remove(next.id()));
            inside.put(enter.guest, next);
            admission.begun(next);
            enter.replyTo.tell(new Entered(next.id()));
        }
    }
}
