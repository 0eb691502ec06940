package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Commit;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreAwayException;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoreTakenException;

/** The recorder, message by message. */
class RecorderTest {

    private final List<RunSpec> runs = ScriptedRun.specs(2);
    private final RunSpec first = runs.get(0);
    private final RunSpec second = runs.get(1);
    private final StubStore store = new StubStore();
    private final Witness witness = new Witness();
    private final List<StoreTakenException> taken = new ArrayList<>();
    private final BehaviorTestKit<Recorder.Command> recorder =
            BehaviorTestKit.create(Recorder.create(store, witness, Duration.ofMinutes(1), taken::add));
    private final TestInbox<Recorder.Reply> inbox = TestInbox.create();

    @Test
    void answersAClaimWithTheOwnersEpochAndTheLastCheckpoint() {
        assertThat(claim(first).epoch()).isEqualTo(1);
        var checkpoint = write(first, 1, RunStatus.RUNNING);
        flush();
        assertThat(inbox.receiveMessage()).isEqualTo(new Recorder.Written());
        recorder.run(new Recorder.Claim(first, inbox.getRef()));
        var claimed = (Recorder.Claimed) inbox.receiveMessage();
        assertThat(claimed.claim().epoch()).isEqualTo(2);
        assertThat(claimed.claim().checkpoint()).isSameAs(checkpoint);
    }

    @Test
    void writesTogetherWhatCameWhileItWasBusy() {
        claim(first);
        claim(second);
        write(first, 1, RunStatus.RUNNING);
        write(second, 2, RunStatus.PAUSED);
        assertThat(inbox.hasMessages()).isFalse();
        flush();
        assertThat(store.calls).last().isEqualTo("commit %s running, %s paused".formatted(first.id(), second.id()));
        assertThat(inbox.getAllReceived()).containsExactly(new Recorder.Written(), new Recorder.Written());
        assertThat(witness.commits()).isEqualTo(1);
        assertThat(recorder.selfInbox().hasMessages()).isFalse();
    }

    @Test
    void tellsAnOwnerWhoIsNoneAnyMoreAndWritesForTheOthers() {
        claim(first);
        claim(second);
        claim(first);
        write(first, 1, RunStatus.RUNNING);
        write(second, 2, RunStatus.PAUSED);
        flush();
        assertThat(inbox.getAllReceived()).containsExactly(new Recorder.Disowned(), new Recorder.Written());
        assertThat(store.status(second)).isEqualTo(RunStatus.PAUSED);
        mark(first, 1, RunStatus.FAILED);
        assertThat(inbox.receiveMessage()).isEqualTo(new Recorder.Disowned());
        assertThat(store.status(first)).isEqualTo(RunStatus.RUNNING);
    }

    /** Answered, the runs would be started again until they have failed. */
    @Test
    void answersNobodyAnyMoreWhenTheStoreBelongsToAnotherFarm() {
        claim(first);
        var why = new StoreTakenException("another farm works on it", new IOException());
        store.failure = why;
        write(first, 1, RunStatus.RUNNING);
        flush();
        assertThat(taken).containsExactly(why);
        store.failure = null;
        write(first, 1, RunStatus.RUNNING);
        flush();
        recorder.run(new Recorder.Claim(second, inbox.getRef()));
        mark(first, 1, RunStatus.FAILED);
        assertThat(inbox.hasMessages()).isFalse();
        assertThat(taken).hasSize(1);
        assertThat(store.calls).filteredOn(call -> !call.startsWith("claim")).hasSize(1);
        assertThat(store.claims(second)).isZero();
    }

    @Test
    void marksAStatus() {
        claim(first);
        mark(first, 1, RunStatus.CANCELLED);
        assertThat(inbox.receiveMessage()).isEqualTo(new Recorder.Written());
        assertThat(store.status(first)).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void writesWhatWasAskedBeforeAMarkBeforeIt() {
        claim(first);
        write(first, 1, RunStatus.RUNNING);
        mark(first, 1, RunStatus.CANCELLED);
        flush();
        assertThat(store.status(first)).isEqualTo(RunStatus.CANCELLED);
        assertThat(store.calls)
                .containsExactly(
                        "claim " + first.id(),
                        "commit %s running".formatted(first.id()),
                        "mark %s cancelled".formatted(first.id()));
    }

    @Test
    void writesWhatWasAskedBeforeAClaimBeforeTheOwnerChanges() {
        claim(first);
        var checkpoint = write(first, 1, RunStatus.RUNNING);
        recorder.run(new Recorder.Claim(first, inbox.getRef()));
        assertThat(inbox.receiveMessage()).isEqualTo(new Recorder.Written());
        assertThat(((Recorder.Claimed) inbox.receiveMessage()).claim().checkpoint())
                .isSameAs(checkpoint);
    }

    static List<RuntimeException> failures() {
        return List.of(new StoreException("disk full"), new IllegalStateException("a defect"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void answersEverybodyWithTheFailureAndGoesOn(RuntimeException failure) {
        claim(first);
        claim(second);
        store.failure = failure;
        write(first, 1, RunStatus.RUNNING);
        write(second, 2, RunStatus.RUNNING);
        flush();
        mark(first, 1, RunStatus.FAILED);
        recorder.run(new Recorder.Claim(first, inbox.getRef()));
        var failed = new Recorder.Failed(failure);
        assertThat(inbox.getAllReceived()).containsExactly(failed, failed, failed, failed);
        assertThat(witness.failedCommits()).isEqualTo(1);
        store.failure = null;
        assertThat(claim(first).epoch()).isEqualTo(3);
    }

    /** It would leave a gap: the rows of the one that failed are in no other. */
    @Test
    void storesNoCommitAfterOneThatFailedUntilTheRunIsClaimedAgain() {
        claim(first);
        claim(second);
        store.failure = new StoreException("disk full");
        write(first, 1, RunStatus.RUNNING);
        flush();
        store.failure = null;
        write(first, 1, RunStatus.COMPLETED);
        write(second, 2, RunStatus.PAUSED);
        flush();
        assertThat(inbox.getAllReceived())
                .satisfiesExactly(
                        failed -> assertThat(failed).isInstanceOf(Recorder.Failed.class),
                        refused -> assertThat(refused)
                                .isInstanceOfSatisfying(
                                        Recorder.Failed.class,
                                        reply -> assertThat(reply.cause())
                                                .hasMessage("the commit before this one failed")),
                        written -> assertThat(written).isEqualTo(new Recorder.Written()));
        assertThat(store.status(first)).isEqualTo(RunStatus.RUNNING);

        assertThat(claim(first).checkpoint()).isNull();
        write(first, 3, RunStatus.COMPLETED);
        flush();
        assertThat(inbox.receiveMessage()).isEqualTo(new Recorder.Written());
    }

    // --- a store that is away ---

    private static StoreAwayException away(boolean undecided) {
        return new StoreAwayException("connection refused", new IOException(), undecided);
    }

    @Test
    void whatIsAskedOfAStoreThatIsAwayIsDoneInOrderWhenItIsBack() {
        claim(first);
        claim(second);
        store.failure = away(false);
        write(first, 1, RunStatus.RUNNING);
        flush();
        mark(second, 2, RunStatus.PAUSED);
        recorder.run(new Recorder.Claim(second, inbox.getRef()));
        write(first, 1, RunStatus.COMPLETED);
        flush();
        retry();
        assertThat(inbox.hasMessages()).isFalse();
        int before = store.calls.size();
        store.failure = null;
        retry();
        assertThat(witness.failedCommits()).isEqualTo(2);
        assertThat(store.calls.subList(before, store.calls.size()))
                .containsExactly(
                        "commit %1$s running, %1$s completed".formatted(first.id()),
                        "mark %s paused".formatted(second.id()),
                        "claim " + second.id());
        assertThat(inbox.getAllReceived())
                .hasSize(4)
                .startsWith(new Recorder.Written(), new Recorder.Written(), new Recorder.Written());
    }

    /** It may be stored: written again it would be there twice. */
    @Test
    void aCommitThatMayBeStoredIsNotWrittenAgain() {
        claim(first);
        store.failure = away(true);
        write(first, 1, RunStatus.RUNNING);
        flush();
        assertThat(inbox.receiveMessage()).isEqualTo(new Recorder.Failed(store.failure));
        recorder.run(new Recorder.Claim(first, inbox.getRef()));
        assertThat(inbox.hasMessages()).isFalse();
        store.failure = null;
        retry();
        assertThat(store.calls).last().isEqualTo("claim " + first.id());
        assertThat(inbox.receiveMessage()).isInstanceOf(Recorder.Claimed.class);
    }

    @Test
    void aStoreThatIsAwayIsTriedOnceASecondHoweverManyAsk() {
        store.failure = away(false);
        for (int i = 0; i < 5; i++) {
            recorder.run(new Recorder.Claim(first, inbox.getRef()));
            recorder.run(new Recorder.Claim(second, inbox.getRef()));
        }
        assertThat(store.calls).hasSize(1);
        retry();
        assertThat(store.calls).hasSize(2);
    }

    @Test
    void afterItsPatienceEverybodyIsToldUntilTheStoreIsBack() {
        claim(first);
        store.failure = away(false);
        write(first, 1, RunStatus.RUNNING);
        flush();
        recorder.run(new Recorder.Claim(second, inbox.getRef()));
        assertThat(inbox.hasMessages()).isFalse();
        recorder.run(Recorder.GiveUp.GIVE_UP);
        var failed = new Recorder.Failed(store.failure);
        assertThat(inbox.getAllReceived()).containsExactly(failed, failed);
        recorder.run(new Recorder.Claim(second, inbox.getRef()));
        assertThat(inbox.receiveMessage()).isEqualTo(failed);
        store.failure = null;
        retry();
        assertThat(claim(first).epoch()).isEqualTo(2);
    }

    /** Lets the second pass after which the store is tried again. */
    private void retry() {
        recorder.getAllEffects().stream()
                .filter(effect ->
                        effect instanceof Effect.TimerScheduled<?> timer && timer.msg() == Recorder.Retry.RETRY)
                .map(effect -> (Effect.TimerScheduled<?>) effect)
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .send()
                .apply();
        recorder.runOne();
        flush();
    }

    private RunStore.Claim claim(RunSpec run) {
        recorder.run(new Recorder.Claim(run, inbox.getRef()));
        return ((Recorder.Claimed) inbox.receiveMessage()).claim();
    }

    private Checkpoint write(RunSpec run, long epoch, RunStatus status) {
        var checkpoint = ScriptedRun.ENDLESS.checkpoint(run, 0);
        var progress = new Progress(0, 0, 1, 0, 0, null);
        var commit = new Commit(
                run.id(),
                epoch,
                1,
                status,
                null,
                "a script",
                progress,
                checkpoint,
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
        recorder.run(new Recorder.Write(commit, inbox.getRef()));
        return checkpoint;
    }

    private void mark(RunSpec run, long epoch, RunStatus status) {
        recorder.run(new Recorder.Mark(run.id(), epoch, status, null, inbox.getRef()));
    }

    /** Handles what the recorder has told itself. */
    private void flush() {
        while (recorder.selfInbox().hasMessages()) {
            recorder.runOne();
        }
    }
}
