package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Commit;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoredPlateau;
import saddlefarm.theory.Theory;

/**
 * The one actor of a node that talks to the store, on a thread of its own. Commits that arrive while it writes are
 * written together, and before anything that was asked later. Whatever the store throws goes to those who asked, who
 * know what to do about their runs.
 */
public final class Recorder extends AbstractBehavior<Recorder.Command> {

    /** What a recorder does. */
    public sealed interface Command {}

    /** Take ownership of a run. */
    record Claim(RunSpec run, ActorRef<Reply> replyTo) implements Command {}

    /** Store a commit. */
    record Write(Commit commit, ActorRef<Reply> replyTo) implements Command {}

    /** Change a run's status alone. */
    record Mark(
            String run,
            long epoch,
            RunStatus status,
            @Nullable String cause,
            ActorRef<Reply> replyTo) implements Command {}

    /** What a run's theory is to be worked out from. */
    record Look(RunSpec run, ActorRef<Predictor.Command> replyTo) implements Command {}

    /** Store a run's theory. */
    record Keep(RunSpec run, Theory theory, ActorRef<Predictor.Command> replyTo) implements Command {}

    private enum Flush implements Command {
        FLUSH
    }

    /** What a recorder answers. */
    sealed interface Reply {}

    /** The run is owned. */
    record Claimed(RunStore.Claim claim) implements Reply {}

    /** It is stored. */
    record Written() implements Reply {}

    /** Somebody else owns the run; nothing was stored. */
    record Disowned() implements Reply {}

    /** The store failed; nothing was stored. */
    record Failed(RuntimeException cause) implements Reply {}

    /** How long those who ask wait for an answer. */
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final RunStore store;
    private final RunBoard board;
    private List<Write> pending = new ArrayList<>();
    // A commit holds what is new since the one before: after one that failed, none of that owner is stored.
    private final Set<String> broken = new HashSet<>();

    public static Behavior<Command> create(RunStore store, RunBoard board) {
        return Behaviors.setup(context -> new Recorder(context, store, board));
    }

    /** What those who ask take for the answer when there is none in time. */
    static StoreException unanswered() {
        return new StoreException("the store did not answer within " + TIMEOUT);
    }

    private Recorder(ActorContext<Command> context, RunStore store, RunBoard board) {
        super(context);
        this.store = store;
        this.board = board;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Claim.class, this::onClaim)
                .onMessage(Write.class, this::onWrite)
                .onMessage(Mark.class, this::onMark)
                .onMessage(Look.class, this::onLook)
                .onMessage(Keep.class, this::onKeep)
                .onMessageEquals(Flush.FLUSH, this::onFlush)
                .build();
    }

    private Behavior<Command> onClaim(Claim message) {
        flush();
        try {
            RunStore.Claim claim = store.claim(message.run);
            broken.remove(message.run.id());
            message.replyTo.tell(new Claimed(claim));
        } catch (RuntimeException e) {
            message.replyTo.tell(new Failed(e));
        }
        return this;
    }

    private Behavior<Command> onMark(Mark message) {
        flush();
        try {
            boolean owned = store.setStatus(message.run, message.epoch, message.status, message.cause);
            message.replyTo.tell(owned ? new Written() : new Disowned());
        } catch (RuntimeException e) {
            message.replyTo.tell(new Failed(e));
        }
        return this;
    }

    private Behavior<Command> onLook(Look message) {
        flush();
        try {
            String run = message.run.id();
            message.replyTo.tell(
                    store.theory(run).isPresent()
                            ? new Predictor.Kept()
                            : new Predictor.Begin(
                                    StoredPlateau.origin(store.plateaus(run)),
                                    store.theoryOfProblem(message.run).orElse(null)));
        } catch (RuntimeException e) {
            message.replyTo.tell(new Predictor.Failed(e));
        }
        return this;
    }

    private Behavior<Command> onKeep(Keep message) {
        flush();
        try {
            store.putTheory(message.run, message.theory);
            message.replyTo.tell(new Predictor.Kept());
        } catch (RuntimeException e) {
            message.replyTo.tell(new Predictor.Failed(e));
        }
        return this;
    }

    private Behavior<Command> onWrite(Write message) {
        if (broken.contains(message.commit.run())) {
            message.replyTo.tell(new Failed(new StoreException("the commit before this one failed")));
            return this;
        }
        if (pending.isEmpty()) {
            getContext().getSelf().tell(Flush.FLUSH);
        }
        pending.add(message);
        return this;
    }

    private Behavior<Command> onFlush() {
        flush();
        return this;
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        List<Write> writes = pending;
        pending = new ArrayList<>();
        long begin = System.nanoTime();
        try {
            List<Boolean> owned =
                    store.commit(writes.stream().map(Write::commit).toList());
            for (int i = 0; i < writes.size(); i++) {
                writes.get(i).replyTo.tell(owned.get(i) ? new Written() : new Disowned());
            }
        } catch (RuntimeException e) {
            for (Write write : writes) {
                broken.add(write.commit.run());
                write.replyTo.tell(new Failed(e));
            }
        }
        board.commit((System.nanoTime() - begin) * 1e-9);
    }
}
