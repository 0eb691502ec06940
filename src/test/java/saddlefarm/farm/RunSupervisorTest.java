package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.LogLines;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Commit;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreException;
import saddlefarm.run.Training;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/** One run's supervisor, with a real trainer and analyzer of a scripted run, and the test in the recorder's place. */
@ExtendWith(ActorSystems.class)
class RunSupervisorTest {

    private static final Duration CHECKPOINT = Duration.ofSeconds(10);
    private static final Duration BACKOFF = Duration.ofMillis(100);
    private static final int MAX_RESTARTS = 3;
    private static final FarmSettings SETTINGS = new FarmSettings(
            1,
            1,
            Long.MAX_VALUE,
            Duration.ofMillis(1),
            MAX_RESTARTS,
            BACKOFF,
            Duration.ofMillis(300),
            Duration.ofMinutes(1));

    /** How long nothing must happen where nothing may: longer than any answer takes, too short to be noticed. */
    private static final Duration QUIET = Duration.ofMillis(30);

    private final ActorTestKit kit;
    private final ManualTime time;
    private final RunSpec run = ScriptedRun.spec();
    private final Witness witness = new Witness();
    private final LogLines log = new LogLines(RunSupervisor.class);
    private final List<Optional<Checkpoint>> trainingsFrom = new CopyOnWriteArrayList<>();
    private final TestProbe<Recorder.Command> recorder;
    private final TestProbe<RunSupervisor.Event> parent;
    private @Nullable RunStatus wish;
    private @Nullable ActorRef<RunSupervisor.Command> supervisor;

    RunSupervisorTest(ActorTestKit kit, ManualTime time) {
        this.kit = kit;
        this.time = time;
        recorder = kit.createTestProbe();
        parent = kit.createTestProbe();
    }

    @AfterEach
    void stopIt() {
        if (supervisor != null) {
            kit.stop(supervisor);
        }
        log.close();
    }

    // --- beginning ---

    @Test
    void claimsItsRunAndTrainsItFromTheBeginning() {
        supervise(ScriptedRun.ENDLESS);
        claimed(7, null);
        soon().until(() -> witness.snapshots() > 0);
        assertThat(trainingsFrom).containsExactly(Optional.empty());
        assertThat(witness.statuses(run)).containsExactly(RunStatus.RUNNING);
        assertThat(witness.shown(run).status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void goesOnFromTheCheckpointOfItsClaim() {
        var checkpoint = ScriptedRun.ENDLESS.checkpoint(run, 42);
        supervise(ScriptedRun.ENDLESS);
        claimed(7, checkpoint);
        soon().until(() -> witness.snapshots() > 0);
        assertThat(trainingsFrom).containsExactly(Optional.of(checkpoint));
        assertThat(witness.changes().get(0).progress()).isNotNull().returns(42L, Progress::step);
        // It is at its first plateau still.
        parent.expectNoMessage(QUIET);
    }

    // --- commits ---

    @Test
    void commitsWhenACheckpointIsDueAndEveryRowOnce() {
        supervise(ScriptedRun.ENDLESS);
        claimed(7, null);
        List<Snapshot> rows = new ArrayList<>();
        long last = -1;
        for (int i = 0; i < 3; i++) {
            soon().until(() -> witness.snapshots() > rows.size());
            var write = checkpoint();
            Commit commit = write.commit();
            assertThat(commit.epoch()).isEqualTo(7);
            assertThat(commit.number()).isEqualTo(i + 1);
            assertThat(commit.closingSnapshot()).isNull();
            assertThat(commit.checkpoint().descent().step())
                    .isEqualTo(commit.progress().step())
                    .isGreaterThan(last);
            rows.addAll(commit.snapshots());
            last = commit.progress().step();
            write.replyTo().tell(new Recorder.Written());
        }
        assertThat(rows).extracting(Snapshot::step).isEqualTo(multiplesUpTo(last));
    }

    @Test
    void wantsNoCheckpointWhileOneIsBeingStored() {
        supervise(ScriptedRun.ENDLESS);
        claimed(7, null);
        var first = checkpoint();
        time.timePasses(CHECKPOINT.multipliedBy(3));
        recorder.expectNoMessage(QUIET);
        first.replyTo().tell(new Recorder.Written());
        checkpoint();
    }

    @Test
    void stopsOnlyWhenTheCommitOfACompletedRunIsStored() {
        supervise(ScriptedRun.endingAt(25));
        claimed(7, null);
        var write = recorder.expectMessageClass(Recorder.Write.class);
        parent.expectNoMessage(QUIET);
        Commit commit = write.commit();
        assertThat(commit.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(commit.snapshots()).extracting(Snapshot::step).containsExactly(0L, 10L, 20L);
        assertThat(commit.closingSnapshot()).isNotNull().returns(25L, Snapshot::step);
        assertThat(commit.closingPlateau()).isNotNull();
        assertThat(commit.progress().step()).isEqualTo(25);
        write.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.COMPLETED, null));
        var shown = witness.shown(run);
        assertThat(shown.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(shown.snapshot()).isEqualTo(commit.closingSnapshot());
    }

    @Test
    void divergenceIsAnOutcomeAtTheLastFiniteState() {
        supervise(new ScriptedRun(step -> step < 25 ? 1 : Double.NaN));
        claimed(7, null);
        var write = recorder.expectMessageClass(Recorder.Write.class);
        Commit commit = write.commit();
        assertThat(commit.status()).isEqualTo(RunStatus.DIVERGED);
        assertThat(commit.cause()).isEqualTo("diverged at step 25: loss, gradient or weights are not finite");
        assertThat(commit.progress().step()).isEqualTo(24);
        assertThat(commit.checkpoint().descent().loss()).isEqualTo(1);
        assertThat(commit.closingSnapshot()).isNotNull().returns(24L, Snapshot::step);
        write.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.DIVERGED, commit.cause()));
        assertThat(trainingsFrom).hasSize(1);
    }

    @Test
    void tellsThatTheOriginWasLeftWhenThatIsStoredAndOnlyOnce() {
        RunSpec ladder = ladder();
        var write = firstEscape(ladder);
        assertThat(write.commit().transitions()).first().returns(1, Finding.Transition::number);
        parent.expectNoMessage(QUIET);
        write.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.LeftOrigin(ladder.id()));
        checkpoint().replyTo().tell(new Recorder.Written());
        parent.expectNoMessage(QUIET);
    }

    @Test
    void tellsThatTheOriginWasLeftAfterAFailureThatHidThatItIsStored() {
        RunSpec ladder = ladder();
        var write = firstEscape(ladder);
        write.replyTo().tell(new Recorder.Failed(new StoreException("nobody knows whether it is stored")));
        soon().until(() -> restarts() == 1);
        parent.expectNoMessage(QUIET);
        time.timePasses(BACKOFF);
        claimed(8, write.commit().checkpoint());
        parent.expectMessage(new RunSupervisor.LeftOrigin(ladder.id()));
    }

    // --- failures ---

    enum Culprit {
        TRAINER,
        ANALYZER,
        STORE
    }

    @ParameterizedTest
    @EnumSource
    void startsAgainFromItsLastCommitAfterAWaitThatDoubles(Culprit culprit) {
        var broken = new AtomicBoolean(true);
        supervise(failing(culprit, broken));
        failed(culprit, () -> claimed(7, null));
        for (Duration wait : List.of(BACKOFF, BACKOFF.multipliedBy(2))) {
            time.timePasses(wait.minusMillis(1));
            recorder.expectNoMessage(QUIET);
            failed(culprit, () -> {
                time.timePasses(Duration.ofMillis(1));
                claimed(8, null);
            });
        }
        // The third wait is the longest of the settings, not four times the first.
        time.timePasses(Duration.ofMillis(299));
        recorder.expectNoMessage(QUIET);
        broken.set(false);
        time.timePasses(Duration.ofMillis(1));
        var checkpoint = ScriptedRun.ENDLESS.checkpoint(run, 42);
        claimed(9, checkpoint);
        var write = checkpoint();
        assertThat(write.commit().epoch()).isEqualTo(9);
        assertThat(write.commit().snapshots()).first().returns(50L, Snapshot::step);
        assertThat(trainingsFrom).last().isEqualTo(Optional.of(checkpoint));
    }

    @Test
    void aCommitGivesItAllItsRestartsAgain() {
        var broken = new AtomicBoolean();
        supervise(failing(Culprit.TRAINER, broken));
        claimed(7, null);
        for (int i = 0; i < 2 * MAX_RESTARTS; i++) {
            checkpoint().replyTo().tell(new Recorder.Written());
            // Another one is wanted only when the answer to the one before has been read.
            checkpoint();
            failed(Culprit.TRAINER, () -> broken.set(true));
            broken.set(false);
            time.timePasses(BACKOFF);
            claimed(8 + i, null);
        }
    }

    @Test
    void soDoesOneThatTheRunFailsToHearOf() {
        var broken = new AtomicBoolean();
        supervise(failing(Culprit.TRAINER, broken));
        claimed(7, 0, null);
        int commits = 0;
        while (commits < 2 * MAX_RESTARTS) {
            checkpoint();
            commits++;
            failed(Culprit.TRAINER, () -> broken.set(true));
            broken.set(false);
            time.timePasses(SETTINGS.maxBackoff());
            claimed(7 + commits, commits, null);
        }
        // The failure before which that commit was stored is the first of those without another.
        int stored = commits;
        failed(Culprit.TRAINER, () -> broken.set(true));
        for (int restart = 2; restart < MAX_RESTARTS; restart++) {
            time.timePasses(SETTINGS.maxBackoff());
            failed(Culprit.TRAINER, () -> claimed(100, stored, null));
        }
        time.timePasses(SETTINGS.maxBackoff());
        claimed(101, stored, null);
        assertThat(recorder.expectMessageClass(Recorder.Mark.class).status()).isEqualTo(RunStatus.FAILED);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRAINER", "ANALYZER"})
    void hasFailedAfterItsLastRestartOnceTheStoreHasNotedIt(Culprit culprit) {
        supervise(failing(culprit, new AtomicBoolean(true)));
        exhaust(culprit);
        claimed(9, null);
        var mark = recorder.expectMessageClass(Recorder.Mark.class);
        assertThat(mark.run()).isEqualTo(run.id());
        assertThat(mark.epoch()).isEqualTo(9);
        assertThat(mark.status()).isEqualTo(RunStatus.FAILED);
        assertThat(mark.cause()).isEqualTo("out of order");
        parent.expectNoMessage(QUIET);
        assertThat(witness.statuses(run)).doesNotContain(RunStatus.FAILED);
        mark.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.FAILED, "out of order"));
        assertThat(witness.shown(run).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void hasFailedEvenIfTheStoreCannotNoteIt() {
        supervise(failing(Culprit.TRAINER, new AtomicBoolean(true)));
        exhaust(Culprit.TRAINER);
        claimed(9, null);
        var mark = recorder.expectMessageClass(Recorder.Mark.class);
        mark.replyTo().tell(new Recorder.Failed(new StoreException("disk full")));
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.FAILED, "out of order"));
    }

    @Test
    void aRunThatCouldNeverBeClaimedHasFailedWithoutAWordInTheStore() {
        supervise(ScriptedRun.ENDLESS);
        for (int i = 0; i < MAX_RESTARTS; i++) {
            failed(Culprit.TRAINER, this::claimFails);
            time.timePasses(SETTINGS.maxBackoff());
        }
        claimFails();
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.FAILED, "out of order"));
        recorder.expectNoMessage(QUIET);
    }

    @Test
    void aStoreThatDoesNotAnswerHasFailed() {
        supervise(ScriptedRun.ENDLESS);
        recorder.expectMessageClass(Recorder.Claim.class);
        time.timePasses(Duration.ofMinutes(11));
        soon().until(() -> restarts() == 1);
        assertThat(log.with("the store did not answer within PT11M")).hasSize(1);
        time.timePasses(BACKOFF);
        recorder.expectMessageClass(Recorder.Claim.class);
    }

    @Test
    void doesNotListenToAnswersForAnEarlierLife() {
        var broken = new AtomicBoolean();
        supervise(failing(Culprit.TRAINER, broken));
        claimed(7, null);
        var early = checkpoint();
        failed(Culprit.TRAINER, () -> broken.set(true));
        broken.set(false);
        early.replyTo().tell(new Recorder.Disowned());
        time.timePasses(BACKOFF);
        claimed(8, null);
        assertThat(checkpoint().commit().epoch()).isEqualTo(8);
    }

    @Test
    void stopsWithoutWritingWhenAnotherFarmHasTakenOver() {
        supervise(ScriptedRun.ENDLESS);
        claimed(7, null);
        checkpoint().replyTo().tell(new Recorder.Disowned());
        parent.expectMessage(
                new RunSupervisor.Stopped(run.id(), RunStatus.RUNNING, "it is trained by another process by now"));
        time.timePasses(CHECKPOINT);
        recorder.expectNoMessage(QUIET);
    }

    // --- stopping ---

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "PAUSED", "CANCELLED"})
    void commitsWhereItIsAndStopsWhenToldTo(RunStatus wish) {
        supervise(ScriptedRun.ENDLESS);
        claimed(7, null);
        soon().until(() -> witness.snapshots() > 0);
        stop(wish);
        var write = awaitWrite(wish);
        assertThat(write.commit().snapshots())
                .extracting(Snapshot::step)
                .isEqualTo(multiplesUpTo(write.commit().progress().step()));
        assertThat(write.commit().closingSnapshot()).isNull();
        parent.expectNoMessage(QUIET);
        write.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), wish, null));
    }

    @Test
    void aRunThatIsOnlyToBeLeftIsClaimedAndNotTrained() {
        wish = RunStatus.PAUSED;
        supervise(ScriptedRun.ENDLESS);
        claimed(7, null);
        marked(7, RunStatus.PAUSED);
        assertThat(trainingsFrom).isEmpty();
        assertThat(witness.statuses(run)).containsExactly(RunStatus.PAUSED);
    }

    @Test
    void stopsWithoutTrainingWhenToldToBeforeItsClaimIsAnswered() {
        supervise(ScriptedRun.ENDLESS);
        var claim = recorder.expectMessageClass(Recorder.Claim.class);
        stop(RunStatus.PAUSED);
        Answers.granted(claim);
        marked(7, RunStatus.PAUSED);
        assertThat(trainingsFrom).isEmpty();
    }

    @Test
    void stopsInTheWaitBeforeARestartAndSaysSoInTheStore() {
        supervise(failing(Culprit.TRAINER, new AtomicBoolean(true)));
        failed(Culprit.TRAINER, () -> claimed(7, null));
        stop(RunStatus.CANCELLED);
        claimed(8, null);
        marked(8, RunStatus.CANCELLED);
        time.timePasses(BACKOFF);
        recorder.expectNoMessage(QUIET);
    }

    @Test
    void stopsAtItsLastCommitWhenTheLastOneFails() {
        supervise(ScriptedRun.ENDLESS);
        begin(7, null);
        stop(RunStatus.PAUSED);
        awaitWrite(RunStatus.PAUSED).replyTo().tell(new Recorder.Failed(new StoreException("busy")));
        marked(7, RunStatus.PAUSED);
    }

    @Test
    void tellsWhyTheStoreDoesNotKnowHowItWasLeft() {
        supervise(ScriptedRun.ENDLESS);
        var claim = recorder.expectMessageClass(Recorder.Claim.class);
        stop(RunStatus.CANCELLED);
        Answers.granted(claim);
        var mark = recorder.expectMessageClass(Recorder.Mark.class);
        mark.replyTo().tell(new Recorder.Failed(new StoreException("disk full")));
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.CANCELLED, "disk full"));
    }

    @Test
    void aCompletedRunStaysCompletedWhenItIsToldToStopTooLate() {
        supervise(ScriptedRun.endingAt(25));
        claimed(7, null);
        var write = awaitWrite(RunStatus.COMPLETED);
        stop(RunStatus.CANCELLED);
        write.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), RunStatus.COMPLETED, null));
        recorder.expectNoMessage(QUIET);
    }

    @Test
    void cancelsARunThatIsJustBeingPaused() {
        supervise(ScriptedRun.ENDLESS);
        begin(7, null);
        stop(RunStatus.PAUSED);
        var write = awaitWrite(RunStatus.PAUSED);
        stop(RunStatus.CANCELLED);
        write.replyTo().tell(new Recorder.Written());
        marked(7, RunStatus.CANCELLED);
    }

    @Test
    void theEndOfTheFarmDoesNotQueueWhatTheUserPausedOrCancelled() {
        supervise(ScriptedRun.ENDLESS);
        var claim = recorder.expectMessageClass(Recorder.Claim.class);
        stop(RunStatus.PAUSED);
        stop(RunStatus.QUEUED);
        stop(RunStatus.CANCELLED);
        stop(RunStatus.PAUSED);
        stop(RunStatus.QUEUED);
        Answers.granted(claim);
        marked(7, RunStatus.CANCELLED);
    }

    // --- the parts of a life ---

    private ActorRef<RunSupervisor.Command> supervise(Workshop workshop) {
        return supervise(run, workshop);
    }

    private ActorRef<RunSupervisor.Command> supervise(RunSpec supervised, Workshop workshop) {
        Workshop observed = new Workshop() {
            @Override
            public Training training(RunSpec spec, @Nullable Checkpoint from) {
                trainingsFrom.add(Optional.ofNullable(from));
                return workshop.training(spec, from);
            }

            @Override
            public SaddleFinder finder(RunSpec spec, @Nullable Checkpoint from) {
                return workshop.finder(spec, from);
            }

            @Override
            public Prediction prediction(RunSpec spec, Predicted<Parameters> left, @Nullable Theory kin) {
                return workshop.prediction(spec, left, kin);
            }

            @Override
            public long memory(RunSpec run) {
                return 1;
            }

            @Override
            public String machine(RunSpec spec) {
                return workshop.machine(spec);
            }
        };
        var turns = kit.spawn(Turns.create(SETTINGS.turns()));
        var farm = new Farm(SETTINGS, observed, witness, witness, turns, recorder.getRef());
        supervisor = kit.spawn(RunSupervisor.create(farm, supervised, wish, parent.getRef()));
        return supervisor;
    }

    /** A run whose loss falls by modes; the last of its commits so far may hold several escapes. */
    private static RunSpec ladder() {
        return Experiment.parse("""
                name = ladder
                network { widths = [10, 12, 10], activation = linear }
                data { source = linear-teacher }
                initialization { scale = 1e-4 }
                descent { learning-rate = 0.0375 }
                stop { max-steps = 1000000000 }
                checkpoint { every = 10s }
                """, "ladder", Path.of("nowhere"), List.of())
                .runs()
                .get(0);
    }

    /** Trains a run from the beginning until a commit holds its first escape. */
    private Recorder.Write firstEscape(RunSpec ladder) {
        supervise(ladder, new TaskWorkshop(new TaskLibrary(), new Workspaces(2, 0), "a processor"));
        claimed(7, null);
        soon().until(() -> witness.findings().stream().anyMatch(Finding.Transition.class::isInstance));
        return checkpoint();
    }

    private void stop(RunStatus wish) {
        if (supervisor == null) {
            throw new AssertionError("nothing to stop");
        }
        supervisor.tell(new RunSupervisor.Stop(wish));
    }

    /** Answers a claim and lets the run begin. */
    private void begin(long epoch, @Nullable Checkpoint from) {
        int before = witness.changes().size();
        claimed(epoch, from);
        soon().until(() -> witness.changes().size() > before);
    }

    private void claimed(long epoch, @Nullable Checkpoint from) {
        claimed(epoch, 0, from);
    }

    private void claimed(long epoch, long commits, @Nullable Checkpoint from) {
        recorder.expectMessageClass(Recorder.Claim.class)
                .replyTo()
                .tell(new Recorder.Claimed(new RunStore.Claim(epoch, commits, RunStatus.QUEUED, null, from)));
    }

    /** The store fails before there is a life. */
    private void claimFails() {
        recorder.expectMessageClass(Recorder.Claim.class)
                .replyTo()
                .tell(new Recorder.Failed(new StoreException("out of order")));
    }

    /** The next write, which leaves the run with this status. */
    private Recorder.Write awaitWrite(RunStatus status) {
        var write = recorder.expectMessageClass(Recorder.Write.class);
        assertThat(write.commit().status()).isEqualTo(status);
        return write;
    }

    /** Lets time pass until a checkpoint is due, and the run was told of the store's last answer. */
    private Recorder.Write checkpoint() {
        return recorder.awaitAssert(Duration.ofSeconds(10), Duration.ofMillis(1), () -> {
            time.timePasses(CHECKPOINT);
            var write = recorder.expectMessageClass(Recorder.Write.class, QUIET);
            assertThat(write.commit().status()).isEqualTo(RunStatus.RUNNING);
            return write;
        });
    }

    private void marked(long epoch, RunStatus status) {
        var mark = recorder.expectMessageClass(Recorder.Mark.class);
        assertThat(mark.epoch()).isEqualTo(epoch);
        assertThat(mark.status()).isEqualTo(status);
        assertThat(mark.cause()).isNull();
        parent.expectNoMessage(QUIET);
        mark.replyTo().tell(new Recorder.Written());
        parent.expectMessage(new RunSupervisor.Stopped(run.id(), status, null));
        assertThat(witness.shown(run).status()).isEqualTo(status);
    }

    /** Runs, of which the trainer or analyzer throws while it is broken; the store's part is the test's. */
    private static Workshop failing(Culprit culprit, AtomicBoolean broken) {
        var trained = new ScriptedRun(step -> {
            if (culprit == Culprit.TRAINER && broken.get()) {
                throw new IllegalStateException("out of order");
            }
            return 1;
        });
        return new Workshop() {
            @Override
            public Training training(RunSpec spec, @Nullable Checkpoint from) {
                return trained.training(spec, from);
            }

            @Override
            public SaddleFinder finder(RunSpec spec, @Nullable Checkpoint from) {
                if (culprit == Culprit.ANALYZER && broken.get()) {
                    throw new IllegalStateException("out of order");
                }
                return trained.finder(spec, from);
            }

            @Override
            public Prediction prediction(RunSpec spec, Predicted<Parameters> left, @Nullable Theory kin) {
                return trained.prediction(spec, left, kin);
            }

            @Override
            public long memory(RunSpec run) {
                return 1;
            }

            @Override
            public String machine(RunSpec spec) {
                return trained.machine(spec);
            }
        };
    }

    /** Begins a life that the culprit ends, and returns when the supervisor has set its timer for the restart. */
    private void failed(Culprit culprit, Runnable beginning) {
        int before = restarts();
        beginning.run();
        if (culprit == Culprit.STORE) {
            checkpoint().replyTo().tell(new Recorder.Failed(new StoreException("out of order")));
        }
        soon().until(() -> restarts() > before);
    }

    private int restarts() {
        return log.with("goes on from its last commit in").size();
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    /** Fails as often as there are restarts, and asks for the last one. */
    private void exhaust(Culprit culprit) {
        failed(culprit, () -> claimed(1, null));
        for (int i = 1; i <= MAX_RESTARTS; i++) {
            time.timePasses(SETTINGS.maxBackoff());
            if (i < MAX_RESTARTS) {
                failed(culprit, () -> claimed(2, null));
            }
        }
    }

    private static List<Long> multiplesUpTo(long last) {
        List<Long> multiples = new ArrayList<>();
        for (long step = 0; step <= last; step += ScriptedRun.EVERY_STEPS) {
            multiples.add(step);
        }
        return multiples;
    }
}
