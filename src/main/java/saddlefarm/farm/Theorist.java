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
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;

/**
 * Sees to it that the theory of runs is worked out, of one run after the other: the first on a problem pays for the
 * others. What fails is logged and left out; no run depends on it.
 */
final class Theorist extends AbstractBehavior<Theorist.Command> {

    /** What a theorist does. */
    sealed interface Command {}

    /** Work out the theory of a run whose first escape, or whose end without one, is in the store. */
    record Predict(RunSpec run) implements Command {}

    /** What the parent is told of every wish by the theorist who was asked, whatever came of it. */
    record Answered(ActorRef<Command> theorist) {}

    private final Farm farm;
    private final ActorRef<Answered> parent;
    private final Queue<RunSpec> waiting = new ArrayDeque<>();
    private @Nullable RunSpec current;
    private long spawned;

    static Behavior<Command> create(Farm farm, ActorRef<Answered> parent) {
        return Behaviors.setup(context -> new Theorist(context, farm, parent));
    }

    private Theorist(ActorContext<Command> context, Farm farm, ActorRef<Answered> parent) {
        super(context);
        context.setLoggerName(Theorist.class);
        this.farm = farm;
        this.parent = parent;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Predict.class, this::onPredict)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, signal -> answered())
                .build();
    }

    private Behavior<Command> onPredict(Predict message) {
        waiting.add(message.run);
        beginNext();
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        if (current != null) {
            getContext().getLog().error("the theory of run {} is missing", current.id(), signal.cause());
        }
        return answered();
    }

    private Behavior<Command> answered() {
        current = null;
        parent.tell(new Answered(getContext().getSelf()));
        beginNext();
        return this;
    }

    private void beginNext() {
        @Nullable RunSpec next = current == null ? waiting.poll() : null;
        if (next != null) {
            current = next;
            getContext()
                    .watch(getContext()
                            .spawn(
                                    Predictor.create(farm, next),
                                    "predictor-" + spawned++,
                                    DispatcherSelector.fromConfig("saddlefarm.training-dispatcher")));
        }
    }
}
