package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Commit;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreAwayException;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.StoredPlateau;
import saddlefarm.theory.Theory;

/**
 * The one actor of a node that talks to the store, on a thread of its own. Commits that arrive while it writes are
 * written together, and before anything that was asked later. Whatever the store throws goes to those who asked, who
 * know what to do about their runs.
 *
 * <p>A store that is away is waited for, and so is everything that was asked meanwhile, in the order in which it came;
 * only commits that may have been stored when the connection was lost are told to have failed. When patience ends all
 * is told to have failed, and whatever comes later too, until the store is back.
 *
 * <p>When the store belongs to another farm nobody is answered any more: the farm ends.
 */
public final class Recorder extends AbstractBehavior<Recorder.Command> {

    /** What a recorder does. */
    public sealed interface Command {}

    /** A call of the store that can be made again: made twice, it is made once. */
    private sealed interface Call extends Command {

        /** Makes the call and tells what came of it. */
        void make(RunStore store);

        /** Tells that the store failed. */
        void failed(RuntimeException why);
    }

    /** Take ownership of a run. */
    record Claim(RunSpec run, ActorRef<Reply> replyTo) implements Call {

        @Override
        public void make(RunStore store) {
            replyTo.tell(new Claimed(store.claim(run)));
        }

        @Override
        public void failed(RuntimeException why) {
            replyTo.tell(new Failed(why));
        }
    }

    /** Store a commit. */
    record Write(Commit commit, ActorRef<Reply> replyTo) implements Command {}

    /** Change a run's status alone. */
    record Mark(
            String run,
            long epoch,
            RunStatus status,
            @Nullable String cause,
            ActorRef<Reply> replyTo) implements Call {

        @Override
        public void make(RunStore store) {
            replyTo.tell(store.setStatus(run, epoch, status, cause) ? new Written() : new Disowned());
        }

        @Override
        public void failed(RuntimeException why) {
            replyTo.tell(new Failed(why));
        }
    }

    /** Leave a run failed whose owner has failed itself. */
    public record Fail(String run, String cause, ActorRef<Reply> replyTo) implements Call {

        @Override
        public void make(RunStore store) {
            store.fail(run, cause);
            replyTo.tell(new Written());
        }

        @Override
        public void failed(RuntimeException why) {
            replyTo.tell(new Failed(why));
        }
    }

    /** What a run's theory is to be worked out from, or the theory. */
    record Look(RunSpec run, ActorRef<Predictor.Command> replyTo) implements Call {

        @Override
        public void make(RunStore store) {
            @Nullable StoredPlateau origin = StoredPlateau.origin(store.plateaus(run.id()));
            replyTo.tell(store.theory(run.id())
                    .<Predictor.Command>map(theory -> new Predictor.Known(origin, theory))
                    .orElseGet(() -> new Predictor.Begin(
                            origin, store.theoryOfProblem(run).orElse(null))));
        }

        @Override
        public void failed(RuntimeException why) {
            replyTo.tell(new Predictor.Failed(why));
        }
    }

    /** Store a run's theory. The answer has the origin too. */
    record Keep(RunSpec run, @Nullable StoredPlateau origin, Theory theory, ActorRef<Predictor.Command> replyTo)
            implements Call {

        @Override
        public void make(RunStore store) {
            store.putTheory(run, theory);
            replyTo.tell(new Predictor.Known(origin, theory));
        }

        @Override
        public void failed(RuntimeException why) {
            replyTo.tell(new Predictor.Failed(why));
        }
    }

    private enum Flush implements Command {
        FLUSH
    }

    enum Retry implements Command {
        RETRY
    }

    enum GiveUp implements Command {
        GIVE_UP
    }

    /** What a recorder answers. */
    public sealed interface Reply {}

    /** The run is owned. */
    record Claimed(RunStore.Claim claim) implements Reply {}

    /** It is stored. */
    record Written() implements Reply {}

    /** Somebody else owns the run; nothing was stored. */
    record Disowned() implements Reply {}

    /** The store failed; nothing was stored. */
    record Failed(RuntimeException cause) implements Reply {}

    /** How often a store that is away is tried. */
    static final Duration RETRY_EVERY = Duration.ofSeconds(1);

    /** How long those who ask wait for the answer of a store that is there. */
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final TimerScheduler<Command> timers;
    private final RunStore store;
    private final RunBoard board;
    private final Duration patience;
    private final Consumer<StoreTakenException> whenTaken;
    private boolean taken;
    private List<Write> pending = new ArrayList<>();
    private final Deque<Call> waiting = new ArrayDeque<>();
    // since the store went away, until a call succeeds
    private @Nullable StoreAwayException away;
    private boolean givenUp;
    // A commit holds what is new since the one before: after one that failed, none of that owner is stored.
    private final Set<String> broken = new HashSet<>();

    /**
     * @param patience how long to wait for a store that is away
     * @param whenTaken told once that the store belongs to another farm
     */
    public static Behavior<Command> create(
            RunStore store, RunBoard board, Duration patience, Consumer<StoreTakenException> whenTaken) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Recorder(context, timers, store, board, patience, whenTaken)));
    }

    /** How long those who ask wait for an answer. */
    static Duration timeout(FarmSettings settings) {
        return settings.storePatience().plus(TIMEOUT);
    }

    /** What those who ask take for the answer when there is none in time. */
    static StoreException unanswered(FarmSettings settings) {
        return new StoreException("the store did not answer within " + timeout(settings));
    }

    private Recorder(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunStore store,
            RunBoard board,
            Duration patience,
            Consumer<StoreTakenException> whenTaken) {
        super(context);
        context.setLoggerName(Recorder.class);
        this.timers = timers;
        this.store = store;
        this.board = board;
        this.patience = patience;
        this.whenTaken = whenTaken;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Call.class, this::onCall)
                .onMessage(Write.class, this::onWrite)
                .onMessageEquals(Flush.FLUSH, this::onFlush)
                .onMessageEquals(Retry.RETRY, this::onRetry)
                .onMessageEquals(GiveUp.GIVE_UP, this::onGiveUp)
                .build();
    }

    private Behavior<Command> onCall(Call call) {
        waiting.add(call);
        work();
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
        work();
        return this;
    }

    private Behavior<Command> onRetry() {
        work();
        return this;
    }

    /** Writes what is pending, then makes the calls that wait, unless the store is away. */
    private void work() {
        if (!resting()) {
            flush();
        }
        while (!resting() && !waiting.isEmpty()) {
            make(waiting.remove());
        }
        if (givenUp) {
            failAll();
        }
    }

    /** Whether the store was tried and found away a moment ago, or taken. */
    private boolean resting() {
        return taken || timers.isTimerActive(Retry.RETRY);
    }

    private void make(Call call) {
        try {
            call.make(store);
            if (call instanceof Claim claim) {
                broken.remove(claim.run.id());
            }
            isThere();
        } catch (StoreAwayException e) {
            waiting.addFirst(call);
            isAway(e);
        } catch (StoreTakenException e) {
            isTaken(e);
        } catch (RuntimeException e) {
            call.failed(e);
        }
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
            isThere();
        } catch (StoreAwayException e) {
            board.countFailedCommit();
            if (e.undecided()) {
                // Not to be written again, for it may be stored: the next claim tells from where the run goes on.
                fail(writes, e);
            } else {
                pending = writes;
            }
            isAway(e);
        } catch (StoreTakenException e) {
            isTaken(e);
        } catch (RuntimeException e) {
            board.countFailedCommit();
            fail(writes, e);
        }
        board.commit(writes.get(0).commit.run(), (System.nanoTime() - begin) * 1e-9);
    }

    private void fail(List<Write> writes, RuntimeException why) {
        for (Write write : writes) {
            broken.add(write.commit.run());
            write.replyTo.tell(new Failed(why));
        }
    }

    // --- when the store is away, or taken ---

    private void isTaken(StoreTakenException why) {
        taken = true;
        timers.cancelAll();
        whenTaken.accept(why);
    }

    private void isAway(StoreAwayException why) {
        if (away == null) {
            getContext().getLog().warn("the store is away, the runs wait for it: {}", why.getMessage());
            timers.startSingleTimer(GiveUp.GIVE_UP, patience);
        }
        away = why;
        timers.startSingleTimer(Retry.RETRY, RETRY_EVERY);
    }

    private void isThere() {
        if (away != null) {
            getContext().getLog().warn("the store is back");
            away = null;
            givenUp = false;
            timers.cancel(GiveUp.GIVE_UP);
        }
    }

    private Behavior<Command> onGiveUp() {
        getContext().getLog().error("the store was away for {}: it is not waited for any more", patience);
        givenUp = true;
        failAll();
        return this;
    }

    private void failAll() {
        if (away != null) {
            fail(pending, away);
            pending = new ArrayList<>();
            while (!waiting.isEmpty()) {
                waiting.remove().failed(away);
            }
        }
    }
}
