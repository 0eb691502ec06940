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
 * Gives the trainers of one node their turns to step: to a few at a time, in the order in which they asked. A trainer
 * that waits for its turn is idle meanwhile, so it answers at once, however many there are.
 */
public final class Turns extends AbstractBehavior<Turns.Command> {

    /** What is asked of it. */
    public sealed interface Command {}

    /** Tell this trainer when it is its turn. */
    record Want(ActorRef<Trainer.Command> trainer) implements Command {}

    /** A trainer has had its turn. */
    record Taken(ActorRef<Trainer.Command> trainer) implements Command {}

    private final int most;
    private final Set<ActorRef<Trainer.Command>> waiting = new LinkedHashSet<>();
    private final Set<ActorRef<Trainer.Command>> stepping = new HashSet<>();

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
        getContext().watch(message.trainer);
        waiting.add(message.trainer);
        give();
        return this;
    }

    private Behavior<Command> onTaken(Taken message) {
        stepping.remove(message.trainer);
        give();
        return this;
    }

    /** A trainer that was stopped gives back what it had. */
    private Behavior<Command> onTerminated(Terminated signal) {
        ActorRef<Trainer.Command> trainer = signal.getRef().unsafeUpcast();
        waiting.remove(trainer);
        stepping.remove(trainer);
        give();
        return this;
    }

    private void give() {
        while (stepping.size() < most && !waiting.isEmpty()) {
            var next = waiting.iterator().next();
            waiting.remove(next);
            stepping.add(next);
            next.tell(Trainer.Turn.TURN);
        }
    }
}
