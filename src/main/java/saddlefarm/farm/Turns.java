package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Gives those of one node that compute long, trainers above all, their turns: to a few at a time, in the order in which
 * they asked. Who waits for a turn is idle meanwhile, and so answers at once, however many there are.
 */
public final class Turns extends AbstractBehavior<Turns.Command> {

    /** What is asked of it. */
    public sealed interface Command {}

    /** Tell this one when it is its turn. */
    record Want(ActorRef<Turn> worker) implements Command {}

    /** It has had its turn. */
    record Taken(ActorRef<Turn> worker) implements Command {}

    /** What is told to those whose turn it is: compute for a slice of time. */
    enum Turn implements Trainer.Command, Predictor.Command {
        TURN
    }

    private final int most;
    private final Set<ActorRef<Turn>> waiting = new LinkedHashSet<>();
    private final Set<ActorRef<Turn>> computing = new HashSet<>();

    /** @param most how many have their turn at the same time, ≥ 1 */
    public static Behavior<Command> create(int most) {
        return Behaviors.setup(context -> new Turns(context, most));
    }

    private Turns(ActorContext<Command> context, int most) {
        super(context);
        this.most = most;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Want.class, this::onWant)
                .onMessage(Taken.class, this::onTaken)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> onWant(Want message) {
        getContext().watch(message.worker);
        waiting.add(message.worker);
        give();
        return this;
    }

    private Behavior<Command> onTaken(Taken message) {
        computing.remove(message.worker);
        give();
        return this;
    }

    /** One that was stopped gives back what it had. */
    private Behavior<Command> onTerminated(Terminated signal) {
        ActorRef<Turn> worker = signal.getRef().unsafeUpcast();
        waiting.remove(worker);
        computing.remove(worker);
        give();
        return this;
    }

    private void give() {
        while (computing.size() < most && !waiting.isEmpty()) {
            var next = waiting.iterator().next();
            waiting.remove(next);
            computing.add(next);
            next.tell(Turn.TURN);
        }
    }
}
