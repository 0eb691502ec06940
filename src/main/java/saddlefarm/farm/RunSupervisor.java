package saddlefarm.farm;

import akka.actor.ActorInitializationException;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Curvature;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.Snapshot;
import saddlefarm.descent.Ending;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Commit;
import saddlefarm.run.Progress;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.Wish;

/**
 * The life of one run: claims it, lets a {@link Trainer} and an {@link Analyzer} work on it from its last commit,
 * commits what they reach, and starts them again when one of them or the store fails. Stops itself when the run has
 * ended, was paused, or belongs to somebody else, after the store has answered and its parent was told.
 */
public final class RunSupervisor extends AbstractBehavior<RunSupervisor.Command> {

    /** What a run's supervisor does. */
    public sealed interface Command {}

    /**
     * Commit and stop, leaving the run with this status: queued, paused or cancelled. Of several wishes the last of
     * these prevails, and a run that has ended by itself stays so.
     */
    public record Stop(RunStatus status) implements Command {}

    private enum CheckpointTick implements Command {
        CHECKPOINT_TICK
    }

    private enum Restart implements Command {
        RESTART
    }

    private record FromAnalyzer(int life, Analyzer.Event event) implements Command {}

    private record FromRecorder(int life, Recorder.Reply reply) implements Command {}

    /** What whoever has a run supervised is told. */
    public interface Event {
        /** Id of the run. */
        String run();
    }

    /** The run's first escape is stored; told again by every life that begins after it. */
    public record LeftOrigin(String run) implements Event {}

    /**
     * The last that is told.
     *
     * @param status that the run is left with; running, if it belongs to somebody else
     */
    public record Stopped(
            String run, RunStatus status, @Nullable String cause) implements Event {}

    private final Farm farm;
    private final RunSpec run;
    private final ActorRef<Event> parent;
    private final TimerScheduler<Command> timers;
    // Counts the times that the run was started here: what an earlier life still has to say is not listened to.
    private int life;
    private int restarts;
    private long epoch;
    private long commits;
    private long stored; // of these, those that the store is known to have
    private @Nullable ActorRef<Trainer.Command> trainer;
    private @Nullable ActorRef<Analyzer.Command> analyzer;
    private boolean checkpointing;
    private int commitsUnderWay;
    private boolean leavesOrigin;
    // what the user wants the run to be left as, and what the last write under way will leave it as
    private @Nullable RunStatus stopAs;
    private @Nullable RunStatus endingAs;
    private boolean marking;
    private RunStatus status = RunStatus.QUEUED;
    private @Nullable String cause;
    private @Nullable Progress progress;
    private @Nullable Snapshot row;
    private @Nullable Long plateauSince = 0L;
    private int escapes;
    private List<Integer> layerRanks = List.of();
    private @Nullable Curvature curvature;

    /** @param wish what the run is to be left as, without being trained; null to train it */
    public static Behavior<Command> create(Farm farm, RunSpec run, @Nullable RunStatus wish, ActorRef<Event> parent) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RunSupervisor(context, timers, farm, run, wish, parent)));
    }

    private RunSupervisor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Farm farm,
            RunSpec run,
            @Nullable RunStatus wish,
            ActorRef<Event> parent) {
        super(context);
        context.setLoggerName(RunSupervisor.class);
        this.timers = timers;
        this.farm = farm;
        this.run = run;
        this.parent = parent;
        stopAs = wish;
        claim();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, this::onStop)
                .onMessageEquals(CheckpointTick.CHECKPOINT_TICK, this::onCheckpointTick)
                .onMessageEquals(Restart.RESTART, this::onRestart)
                .onMessage(FromAnalyzer.class, this::onAnalyzer)
                .onMessage(FromRecorder.class, this::onRecorder)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .build();
    }

    // --- beginning ---

    private void claim() {
        life++;
        ask(replyTo -> new Recorder.Claim(run, replyTo));
    }

    private void start(RunStore.Claim claim) {
        @Nullable Checkpoint from = claim.checkpoint();
        int thisLife = life;
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<Analyzer.Command> newAnalyzer = getContext()
                .spawn(
                        Analyzer.create(
                                () -> farm.workshop().finder(run, from),
                                event -> self.tell(new FromAnalyzer(thisLife, event))),
                        "analyzer-" + life,
                        DispatcherSelector.fromConfig("saddlefarm.analysis-dispatcher"));
        ActorRef<Trainer.Command> newTrainer = getContext()
                .spawn(
                        Trainer.create(
                                run.id(),
                                () -> farm.workshop().training(run, from),
                                newAnalyzer,
                                farm.turns(),
                                farm.board(),
                                farm.settings().slice()),
                        "trainer-" + life,
                        DispatcherSelector.fromConfig("saddlefarm.training-dispatcher"));
        getContext().watch(newAnalyzer);
        getContext().watch(newTrainer);
        analyzer = newAnalyzer;
        trainer = newTrainer;
        beginAt(from);
        if (escapes > 0) {
            // The life that stored it may have failed before it read the store's answer.
            parent.tell(new LeftOrigin(run.id()));
        }
        timers.startTimerWithFixedDelay(CheckpointTick.CHECKPOINT_TICK, run.checkpointEvery());
        change(RunStatus.RUNNING, null);
    }

    /** Forgets what an earlier life saw beyond the checkpoint. */
    private void beginAt(@Nullable Checkpoint from) {
        row = null;
        layerRanks = List.of();
        curvature = null;
        progress = from == null || !from.descent().evaluated() ? null : from.progress();
        escapes = from == null ? 0 : from.analysis().plateaus();
        plateauSince = from == null ? (Long) 0L : from.analysis().detector().plateauSince();
    }

    // --- while it runs ---

    private Behavior<Command> onCheckpointTick() {
        if (trainer != null && !checkpointing && stopAs == null) {
            checkpointing = true;
            trainer.tell(new Trainer.Checkpoint());
        }
        return this;
    }

    private Behavior<Command> onAnalyzer(FromAnalyzer message) {
        if (message.life != life) {
            return this;
        }
        if (message.event instanceof Analyzer.Observed observed) {
            observed(observed);
        } else if (message.event instanceof Analyzer.CheckpointReached reached) {
            commit(
                    reached.halted() && stopAs != null ? stopAs : RunStatus.RUNNING,
                    null,
                    reached.progress(),
                    reached.checkpoint(),
                    reached.findings(),
                    null);
        } else if (message.event instanceof Analyzer.Ended ended) {
            ended(ended);
        }
        return this;
    }

    private void observed(Analyzer.Observed observed) {
        progress = observed.progress();
        plateauSince = observed.plateauSince();
        escapes = observed.escapes();
        if (observed.row() != null) {
            row = observed.row();
            layerRanks = observed.layerRanks();
            farm.board().countSnapshot();
        }
        for (Finding finding : observed.findings()) {
            if (finding instanceof Finding.Candidate candidate) {
                curvature = candidate.curvature();
            } else if (finding instanceof Finding.PlateauFound found
                    && found.plateau().flowTime() != null) {
                farm.board().leftPlateau(run, found.plateau().flowTime());
            }
            farm.listener().found(run, finding);
        }
        show();
    }

    private void ended(Analyzer.Ended ended) {
        boolean diverged = ended.ending() == Ending.DIVERGED;
        RunStatus last = diverged ? RunStatus.DIVERGED : RunStatus.COMPLETED;
        @Nullable String why = why(ended);
        showLast(ended.closing());
        stopChildren();
        commit(last, why, ended.progress(), ended.checkpoint(), ended.findings(), ended.closing());
    }

    private static @Nullable String why(Analyzer.Ended ended) {
        long step = ended.progress().step();
        return switch (ended.ending()) {
            case DIVERGED -> "diverged at step %d: loss, gradient or weights are not finite".formatted(step + 1);
            case BEYOND_BUDGET -> "ended at step %d: the next escape is predicted beyond the budget".formatted(step);
            default -> null;
        };
    }

    /** Live views keep what the run ended with. */
    private void showLast(SaddleFinder.Closing closing) {
        if (closing.row() != null) {
            row = closing.row();
            farm.board().countSnapshot();
        }
        if (closing.plateau() != null) {
            layerRanks = closing.plateau().plateau().layerRanks();
            farm.listener().found(run, closing.plateau());
        }
    }

    private void commit(
            RunStatus newStatus,
            @Nullable String why,
            Progress at,
            Checkpoint checkpoint,
            Analyzer.Findings findings,
            SaddleFinder.@Nullable Closing closing) {
        progress = at;
        if (newStatus != RunStatus.RUNNING) {
            endingAs = newStatus;
            cause = why;
        }
        commitsUnderWay++;
        commits++;
        leavesOrigin |= findings.transitions().stream().anyMatch(transition -> transition.number() == 1);
        var commit = new Commit(
                run.id(),
                epoch,
                commits,
                newStatus,
                why,
                farm.workshop().machine(run),
                at,
                checkpoint,
                findings.rows(),
                findings.plateaus(),
                findings.transitions(),
                closing == null ? null : closing.row(),
                closing == null ? null : closing.plateau());
        ask(replyTo -> new Recorder.Write(commit, replyTo));
    }

    private Behavior<Command> onRecorder(FromRecorder message) {
        if (message.life != life) {
            return this;
        }
        if (message.reply instanceof Recorder.Claimed claimed) {
            epoch = claimed.claim().epoch();
            commits = claimed.claim().commits();
            if (commits > stored) {
                // A life failed after its commit was stored and before it heard of that.
                restarts = Math.min(restarts, 1);
            }
            stored = commits;
            if (claimed.claim().tooLate()) {
                return stop(claimed.claim().status(), null);
            }
            @Nullable Wish wish = claimed.claim().wish();
            if (stopAs == null && wish != null && wish.leaves()) {
                // Whoever wanted it trained did not know yet.
                stopAs = wish.status();
            }
            if (stopAs != null) {
                return leave(stopAs, null);
            }
            Optional<String> refusal = farm.memoryLimit().refusal(run);
            if (refusal.isPresent()) {
                return leave(RunStatus.FAILED, refusal.get());
            }
            start(claimed.claim());
        } else if (message.reply instanceof Recorder.Failed failed) {
            return marking ? stopUnmarked(failed.cause()) : fail(failed.cause());
        } else if (message.reply instanceof Recorder.Disowned) {
            return stop(RunStatus.RUNNING, "it is trained by another process by now");
        } else {
            commitsUnderWay--;
            stored = commits - commitsUnderWay;
            checkpointing = false;
            restarts = 0;
            if (leavesOrigin && commitsUnderWay == 0) {
                leavesOrigin = false;
                parent.tell(new LeftOrigin(run.id()));
            }
            if (endingAs != null && commitsUnderWay == 0) {
                // A wish may have come while the one before was being written.
                return stopAs == null || stopAs == endingAs || endingAs.ended()
                        ? stop(endingAs, cause)
                        : leave(stopAs, null);
            }
        }
        return this;
    }

    // --- when something fails ---

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        boolean ours = is(signal.getRef(), trainer) || is(signal.getRef(), analyzer);
        return ours ? fail(signal.cause()) : this;
    }

    private static boolean is(ActorRef<?> ref, @Nullable ActorRef<?> child) {
        return child != null && ref.path().equals(child.path());
    }

    private Behavior<Command> fail(Throwable failure) {
        stopChildren();
        life++;
        checkpointing = false;
        commitsUnderWay = 0;
        leavesOrigin = false;
        endingAs = null;
        restarts++;
        String why = reason(failure);
        boolean claimed = epoch > 0;
        @Nullable RunStatus wish = stopAs;
        if (wish != null) {
            getContext().getLog().warn("run {} stops at its last commit after: {}", run.id(), why);
            return claimed ? leave(wish, null) : stop(wish, why);
        }
        if (restarts > farm.settings().maxRestarts()) {
            getContext().getLog().error("run {} failed", run.id(), failure);
            return claimed ? leave(RunStatus.FAILED, why) : stop(RunStatus.FAILED, why);
        }
        Duration wait = farm.settings().backoff(restarts);
        timers.startSingleTimer(Restart.RESTART, wait);
        getContext()
                .getLog()
                .warn("run {} goes on from its last commit in {} ms after: {}", run.id(), wait.toMillis(), why);
        return this;
    }

    private static String reason(Throwable failure) {
        // An actor that fails while it is made hides why behind its own address.
        Throwable why = failure instanceof ActorInitializationException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return why.getMessage() == null ? why.toString() : why.getMessage();
    }

    private Behavior<Command> onRestart() {
        claim();
        return this;
    }

    // --- ending ---

    private Behavior<Command> onStop(Stop message) {
        stopAs = prevailing(stopAs, message.status());
        if (trainer != null) {
            trainer.tell(new Trainer.Halt());
        } else if (timers.isTimerActive(Restart.RESTART)) {
            timers.cancel(Restart.RESTART);
            claim();
        }
        // Otherwise the store is about to answer a claim or the last write.
        return this;
    }

    /** Of two wishes how to leave a run, the one that is heeded. */
    public static RunStatus prevailing(@Nullable RunStatus earlier, RunStatus later) {
        if (earlier == RunStatus.CANCELLED || (earlier == RunStatus.PAUSED && later == RunStatus.QUEUED)) {
            return earlier;
        }
        return later;
    }

    /** Has the store note how the run, which is claimed, is left at its last commit; stops when that is answered. */
    private Behavior<Command> leave(RunStatus as, @Nullable String why) {
        endingAs = as;
        cause = why;
        marking = true;
        commitsUnderWay = 1;
        ask(replyTo -> new Recorder.Mark(run.id(), epoch, as, why, replyTo));
        return this;
    }

    private Behavior<Command> stopUnmarked(Throwable failure) {
        RunStatus as = endingAs == null ? RunStatus.FAILED : endingAs;
        getContext().getLog().error("run {} is {}, but the store could not note it", run.id(), as.label(), failure);
        return stop(as, cause == null ? reason(failure) : cause);
    }

    private Behavior<Command> stop(RunStatus last, @Nullable String why) {
        change(last, why);
        parent.tell(new Stopped(run.id(), last, why));
        return Behaviors.stopped();
    }

    private void stopChildren() {
        timers.cancel(CheckpointTick.CHECKPOINT_TICK);
        if (trainer != null) {
            getContext().unwatch(trainer);
            getContext().stop(trainer);
            trainer = null;
        }
        if (analyzer != null) {
            getContext().unwatch(analyzer);
            getContext().stop(analyzer);
            analyzer = null;
        }
    }

    // --- telling others ---

    private void ask(Function<ActorRef<Recorder.Reply>, Recorder.Command> message) {
        int thisLife = life;
        getContext()
                .ask(
                        Recorder.Reply.class,
                        farm.recorder(),
                        Recorder.timeout(farm.settings()),
                        message::apply,
                        (reply, failure) -> new FromRecorder(
                                thisLife,
                                reply != null ? reply : new Recorder.Failed(Recorder.unanswered(farm.settings()))));
    }

    private void change(RunStatus newStatus, @Nullable String why) {
        status = newStatus;
        cause = why;
        farm.listener().changed(run, status, progress, cause);
        show();
    }

    private void show() {
        farm.board()
                .show(new RunBoard.LiveRun(
                        run,
                        status,
                        progress == null ? 0 : progress.step(),
                        row,
                        plateauSince,
                        escapes + (plateauSince == null ? 0 : 1),
                        escapes,
                        curvature,
                        layerRanks));
    }
}
