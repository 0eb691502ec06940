package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.experiment.RunSpec;
import saddlefarm.network.Parameters;
import saddlefarm.run.StoredPlateau;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/**
 * Works out one run's theory in its turns among the trainers, unless the store has it already, and stops when the store
 * has it. Fails with whatever fails; nothing is stored then.
 */
final class Predictor extends AbstractBehavior<Predictor.Command> {

    /** What a predictor does. */
    sealed interface Command permits Turns.Turn, Begin, Known, Failed {}

    /**
     * The store does not have the theory yet.
     *
     * @param origin the plateau on which the run began; null where its escape was not confirmed
     * @param kin theory of another run on the same problem; null where there is none
     */
    record Begin(@Nullable StoredPlateau origin, @Nullable Theory kin) implements Command {}

    /**
     * The store has it.
     *
     * @param origin the plateau on which the run began; null where its escape was not confirmed
     */
    record Known(@Nullable StoredPlateau origin, Theory theory) implements Command {}

    /** The store failed, or did not answer. */
    record Failed(RuntimeException cause) implements Command {}

    private final Farm farm;
    private final RunSpec run;
    private @Nullable Begin known;
    private @Nullable Prediction prediction;

    static Behavior<Command> create(Farm farm, RunSpec run) {
        return Behaviors.setup(context -> new Predictor(context, farm, run));
    }

    private Predictor(ActorContext<Command> context, Farm farm, RunSpec run) {
        super(context);
        this.farm = farm;
        this.run = run;
        ask(replyTo -> new Recorder.Look(run, replyTo));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Begin.class, this::onBegin)
                .onMessageEquals(Turns.Turn.TURN, this::onTurn)
                .onMessage(Known.class, this::onKnown)
                .onMessage(Failed.class, message -> {
                    throw message.cause;
                })
                .build();
    }

    private Behavior<Command> onBegin(Begin message) {
        known = message;
        wantTurn();
        return this;
    }

    private static Predicted<Parameters> left(@Nullable StoredPlateau origin) {
        if (origin == null) {
            return Predicted.not("it was not confirmed that the run left the origin");
        }
        if (origin.plateau().endStep() == null) {
            return Predicted.not("the run has not left the origin");
        }
        Escape escape = origin.escape();
        return escape == null
                ? Predicted.not("nobody measured how the run left the origin")
                : Predicted.of(escape.direction());
    }

    private Behavior<Command> onTurn() {
        Prediction work = prediction();
        long begin = System.nanoTime();
        while (!work.done()
                && System.nanoTime() - begin < farm.settings().slice().toNanos()) {
            work.step();
        }
        @Nullable Theory theory = work.done() ? work.theory() : null;
        farm.turns().tell(new Turns.Taken(getContext().getSelf().narrow()));
        farm.listener().predicting(run, work.restarts());
        if (theory == null) {
            wantTurn();
        } else {
            @Nullable StoredPlateau origin = begun().origin;
            ask(replyTo -> new Recorder.Keep(run, origin, theory, replyTo));
        }
        return this;
    }

    private Behavior<Command> onKnown(Known message) {
        @Nullable Escape escape = message.origin == null ? null : message.origin.escape();
        @Nullable Double earliest = message.theory.earliestEscape().value();
        if (escape != null && earliest != null) {
            farm.board().leftOrigin(run, escape.flowTime(), earliest);
        }
        return Behaviors.stopped();
    }

    /** Made in a turn: a slope at the origin is needed for it, and a task that may not be in memory. */
    private Prediction prediction() {
        if (prediction == null) {
            prediction = farm.workshop().prediction(run, left(begun().origin), begun().kin);
        }
        return prediction;
    }

    private Begin begun() {
        return Objects.requireNonNull(known, "a turn that was not wanted");
    }

    private void wantTurn() {
        farm.turns().tell(new Turns.Want(getContext().getSelf().narrow()));
    }

    private void ask(Function<ActorRef<Command>, Recorder.Command> message) {
        getContext()
                .ask(
                        Command.class,
                        farm.recorder(),
                        Recorder.timeout(farm.settings()),
                        message::apply,
                        (reply, failure) -> reply != null ? reply : new Failed(Recorder.unanswered(farm.settings())));
    }
}
