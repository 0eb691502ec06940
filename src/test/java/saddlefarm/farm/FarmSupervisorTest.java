package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import saddlefarm.LogLines;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.experiment.RunSpec;
import saddlefarm.network.Parameters;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.StoreException;
import saddlefarm.run.Training;
import saddlefarm.run.Wish;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/** A whole farm of scripted runs over a store in memory. */
@ExtendWith(ActorSystems.class)
class FarmSupervisorTest {

    private static final Duration BACKOFF = Duration.ofMillis(100);

    private static final long MEMORY = 1000;

    /** How long nothing must happen where nothing may: longer than any answer takes, too short to be noticed. */
    private static final Duration QUIET = Duration.ofMillis(30);

    private final ActorTestKit kit;
    private final ManualTime time;
    private final StubStore store = new StubStore();
    private final Witness witness = new Witness();
    private final Map<String, Workshop> workshops = new ConcurrentHashMap<>();
    private final Map<String, Long> memory = new ConcurrentHashMap<>();
    private final TestProbe<FarmSupervisor.Idle> idle;
    private final List<RunSpec> predicted = new CopyOnWriteArrayList<>();
    private volatile Consumer<RunSpec> beforePrediction = run -> {};
    private @Nullable ActorRef<FarmSupervisor.Command> farm;

    FarmSupervisorTest(ActorTestKit kit, ManualTime time) {
        this.kit = kit;
        this.time = time;
        idle = kit.createTestProbe();
    }

    @AfterEach
    void stopIt() {
        kit.stop(farm());
    }

    // --- admission ---

    @Test
    void trainsAtMostAsManyRunsAsItMayAndTheOthersInTheirOrder() {
        List<RunSpec> runs = ScriptedRun.specs(5);
        begin(2, witness);
        grow(runs);
        running(runs.get(0));
        running(runs.get(1));
        assertThat(runs.subList(2, 5))
                .allSatisfy(run -> assertThat(witness.shown(run).status()).isEqualTo(RunStatus.QUEUED));
        leave(runs.get(1), RunStatus.PAUSED);
        running(runs.get(2));
        leave(runs.get(0), RunStatus.PAUSED);
        running(runs.get(3));
        assertThat(store.claims(runs.get(4))).isZero();
        assertThat(witness.shown(runs.get(4)).status()).isEqualTo(RunStatus.QUEUED);
    }

    @Test
    void isIdleWhenTheLastRunHasEnded() {
        List<RunSpec> runs = ScriptedRun.specs(5);
        begin(2, witness);
        runs.forEach(run -> workshops.put(run.id(), ScriptedRun.endingAt(25)));
        grow(runs);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(runs).allSatisfy(run -> {
            assertThat(store.status(run)).isEqualTo(RunStatus.COMPLETED);
            assertThat(witness.statuses(run)).containsExactly(RunStatus.RUNNING, RunStatus.COMPLETED);
        });
    }

    @Test
    void isIdleAtOnceWithoutRuns() {
        begin(2, witness);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
    }

    @Test
    void takesARunThatItHasAlreadyOnlyOnce() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        begin(1, witness);
        workshops.put(runs.get(1).id(), ScriptedRun.endingAt(25));
        grow(runs);
        grow(runs);
        running(runs.get(0));
        leave(runs.get(0), RunStatus.CANCELLED);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.claims(runs.get(0))).isEqualTo(1);
        assertThat(store.claims(runs.get(1))).isEqualTo(1);
    }

    /** It keeps nobody waiting, though it would be next, and is not taken up again and again. */
    @Test
    void aRunThatDoesNotFitByItselfFailsAndTheOthersTrain() {
        List<RunSpec> runs = ScriptedRun.specs(3);
        begin(1, witness);
        RunSpec large = runs.get(1);
        memory.put(large.id(), MEMORY + 1);
        runs.forEach(run -> workshops.put(run.id(), ScriptedRun.endingAt(25)));
        grow(runs);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(runs)
                .extracting(store::status)
                .containsExactly(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.COMPLETED);
        assertThat(store.claims(large)).isEqualTo(1);
        assertThat(witness.changes())
                .filteredOn(change -> change.run().equals(large.id()))
                .singleElement()
                .satisfies(change -> assertThat(change.cause())
                        .isEqualTo("it needs about 2 kB of memory and may need 2 kB at most (farm.max-memory)"));
    }

    /** Without a recorder runs would wait for answers for ever; a farm that has ended is started again. */
    @Test
    void endsWhenNothingCanBeStoredAnyMore() {
        begin(1, witness);
        store.broken = new AssertionError("a driver that is broken");
        grow(List.of(ScriptedRun.spec()));
        kit.createTestProbe().expectTerminated(farm(), Duration.ofSeconds(10));
    }

    // --- leaving ---

    @Test
    void leavesAWaitingRunWithoutTrainingItAndSaysSoInTheStore() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        begin(1, witness);
        grow(runs);
        running(runs.get(0));
        leave(runs.get(1), RunStatus.CANCELLED);
        soon().until(() -> witness.shown(runs.get(1)).status() == RunStatus.CANCELLED);
        assertThat(store.status(runs.get(1))).isEqualTo(RunStatus.CANCELLED);
        assertThat(witness.statuses(runs.get(1))).containsExactly(RunStatus.CANCELLED);
        // Its turn would be now.
        leave(runs.get(0), RunStatus.PAUSED);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.status(runs.get(1))).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void goesOnWithAPausedRunThatIsWantedAgain() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        grow(List.of(run));
        running(run);
        leave(run, RunStatus.PAUSED);
        soon().until(() -> witness.shown(run).status() == RunStatus.PAUSED);
        grow(List.of(run));
        running(run);
        assertThat(store.claims(run)).isEqualTo(2);
        assertThat(witness.statuses(run)).containsExactly(RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.RUNNING);
    }

    @Test
    void goesOnWithARunThatIsWantedAgainBeforeItWasLeft() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        grow(List.of(run));
        running(run);
        leave(run, RunStatus.PAUSED);
        resume(run);
        soon().until(() -> store.claims(run) == 2);
        running(run);
        assertThat(witness.statuses(run)).containsExactly(RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.RUNNING);
    }

    /** Between a run's stop and its supervisor's word of it nobody is there to be told. */
    @Test
    void anOrderThatComesWhileARunStopsIsNotLost() {
        RunSpec run = ScriptedRun.spec();
        begin(1, new PassingListener(witness) {
            @Override
            public void changed(RunSpec of, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
                super.changed(of, status, progress, cause);
                if (status == RunStatus.PAUSED) {
                    store.want(List.of(run.id()), Wish.CANCEL);
                    leave(run, RunStatus.CANCELLED);
                }
            }
        });
        grow(List.of(run));
        running(run);
        leave(run, RunStatus.PAUSED);
        soon().until(() -> store.status(run) == RunStatus.CANCELLED);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(witness.statuses(run)).containsExactly(RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.CANCELLED);
    }

    /** Of two orders the later prevails, but a cancelled run is paused only when it was resumed in between. */
    @Test
    void aRunThatIsResumedAndPausedWhileItIsCancelledIsPaused() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        grow(List.of(run));
        running(run);
        leave(run, RunStatus.CANCELLED);
        resume(run);
        leave(run, RunStatus.PAUSED);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.status(run)).isEqualTo(RunStatus.PAUSED);
    }

    /** A client that does not know whether it was heard submits again; that must not undo what somebody did. */
    @Test
    void aRunThatIsAboutToBeLeftStaysLeftWhenItIsSubmittedAgain() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        grow(List.of(run));
        running(run);
        leave(run, RunStatus.PAUSED);
        grow(List.of(run));
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.status(run)).isEqualTo(RunStatus.PAUSED);
        assertThat(store.claims(run)).isEqualTo(1);
    }

    @Test
    void theLastOfSeveralChangesOfMindCounts() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        grow(List.of(run));
        running(run);
        leave(run, RunStatus.PAUSED);
        resume(run);
        leave(run, RunStatus.PAUSED);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.status(run)).isEqualTo(RunStatus.PAUSED);
    }

    @Test
    void leavesARunThatNeitherTrainsNorWaits() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        leave(run, RunStatus.PAUSED);
        leave(run, RunStatus.CANCELLED);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.status(run)).isEqualTo(RunStatus.CANCELLED);
        assertThat(witness.statuses(run)).doesNotContain(RunStatus.RUNNING);
    }

    @Test
    void takesUpNoRunToLeaveItWhenItShutsDown() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        farm().tell(new FarmSupervisor.Shutdown(idle.getRef()));
        leave(run, RunStatus.CANCELLED);
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.calls).isEmpty();
    }

    // --- failures ---

    @Test
    void goesOnWithTheOthersWhenARunHasFailed() {
        List<RunSpec> runs = ScriptedRun.specs(3);
        begin(1, witness);
        workshops.put(runs.get(0).id(), new ScriptedRun(step -> {
            throw new IllegalStateException("out of order");
        }));
        workshops.put(runs.get(1).id(), ScriptedRun.endingAt(25));
        workshops.put(runs.get(2).id(), ScriptedRun.endingAt(25));
        grow(runs);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.awaitAssert(() -> {
            time.timePasses(BACKOFF);
            return idle.expectMessageClass(FarmSupervisor.Idle.class, QUIET);
        });
        assertThat(store.status(runs.get(0))).isEqualTo(RunStatus.FAILED);
        assertThat(witness.changes())
                .filteredOn(change -> change.status() == RunStatus.FAILED)
                .singleElement()
                .returns("out of order", Witness.Change::cause);
        assertThat(store.claims(runs.get(0))).isEqualTo(2);
        assertThat(store.status(runs.get(1))).isEqualTo(RunStatus.COMPLETED);
        assertThat(store.status(runs.get(2))).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void goesOnWithTheOthersWhenASupervisorFails() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        RunSpec cursed = runs.get(0);
        begin(1, new FarmListener() {
            @Override
            public void found(RunSpec run, Finding finding) {}

            @Override
            public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
                witness.changed(run, status, progress, cause);
                if (run.equals(cursed) && status == RunStatus.RUNNING) {
                    throw new IllegalStateException("a listener that throws");
                }
            }
        });
        workshops.put(runs.get(1).id(), ScriptedRun.endingAt(25));
        grow(runs);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(witness.statuses(cursed)).containsExactly(RunStatus.RUNNING, RunStatus.FAILED);
        assertThat(witness.shown(cursed).status()).isEqualTo(RunStatus.FAILED);
        assertThat(store.status(runs.get(1))).isEqualTo(RunStatus.COMPLETED);
    }

    // --- theory ---

    @Test
    void isIdleOnlyWhenTheTheoryOfItsRunsIsThere() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        begin(2, witness);
        var open = new CountDownLatch(1);
        beforePrediction = run -> await(open);
        runs.forEach(run -> workshops.put(run.id(), ScriptedRun.endingAt(25)));
        grow(runs);
        runs.forEach(run -> soon().until(() -> store.status(run) == RunStatus.COMPLETED));
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectNoMessage(QUIET);
        open.countDown();
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(runs).allSatisfy(run -> assertThat(store.theory(run.id())).isPresent());
    }

    @Test
    void worksNothingOutThatIsThere() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        begin(2, witness);
        for (int time = 0; time < 2; time++) {
            farm().tell(new FarmSupervisor.Predict(runs));
            farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
            idle.expectMessageClass(FarmSupervisor.Idle.class);
        }
        assertThat(predicted).containsExactlyElementsOf(runs);
        assertThat(runs).allSatisfy(run -> assertThat(store.theory(run.id())).isPresent());
    }

    @Test
    void theoryThatFailsIsLoggedAndLeftOutAndHurtsNoRun() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        RunSpec cursed = runs.get(0);
        begin(1, witness);
        beforePrediction = run -> {
            if (run.equals(cursed)) {
                throw new IllegalStateException("singular values did not converge");
            }
        };
        runs.forEach(run -> workshops.put(run.id(), ScriptedRun.endingAt(25)));
        try (var log = new LogLines(Theorist.class)) {
            grow(runs);
            farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
            idle.expectMessageClass(FarmSupervisor.Idle.class);
            assertThat(log.with("missing")).containsExactly("ERROR the theory of run " + cursed.id() + " is missing");
        }
        assertThat(runs).allSatisfy(run -> assertThat(store.status(run)).isEqualTo(RunStatus.COMPLETED));
        assertThat(store.theory(cursed.id())).isEmpty();
        assertThat(store.theory(runs.get(1).id())).isPresent();
    }

    @Test
    void theoryThatIsNotThereWhenItShutsDownIsLeftToAnotherTime() {
        RunSpec run = ScriptedRun.spec();
        begin(1, witness);
        var open = new CountDownLatch(1);
        beforePrediction = wanted -> await(open);
        farm().tell(new FarmSupervisor.Predict(List.of(run)));
        soon().until(() -> predicted.contains(run));
        farm().tell(new FarmSupervisor.Shutdown(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        farm().tell(new FarmSupervisor.Predict(List.of(run)));
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        open.countDown();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .during(QUIET)
                .until(() -> store.theory(run.id()).isEmpty());
        assertThat(predicted).hasSize(1);
    }

    // --- the end ---

    @Test
    void commitsWhatTrainsAndLeavesTheRestQueuedWhenItShutsDown() {
        List<RunSpec> runs = ScriptedRun.specs(4);
        begin(2, witness);
        grow(runs);
        running(runs.get(0));
        running(runs.get(1));
        farm().tell(new FarmSupervisor.Shutdown(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(runs).allSatisfy(run -> {
            assertThat(store.status(run)).isEqualTo(RunStatus.QUEUED);
            assertThat(witness.shown(run).status()).isEqualTo(RunStatus.QUEUED);
        });
        assertThat(store.calls)
                .filteredOn(call -> call.startsWith("claim"))
                .containsExactlyInAnyOrder(
                        "claim " + runs.get(0).id(), "claim " + runs.get(1).id());
        assertThat(store.calls).filteredOn(call -> call.startsWith("commit")).isNotEmpty();
    }

    @Test
    void takesNoMoreRunsWhenItShutsDown() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        begin(2, witness);
        grow(runs.subList(0, 1));
        running(runs.get(0));
        farm().tell(new FarmSupervisor.Shutdown(idle.getRef()));
        grow(runs);
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        farm().tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(store.claims(runs.get(0))).isEqualTo(1);
        assertThat(store.claims(runs.get(1))).isZero();
    }

    @Test
    void shutsDownEvenIfTheStoreIsBroken() {
        List<RunSpec> runs = ScriptedRun.specs(2);
        begin(2, witness);
        grow(runs);
        running(runs.get(0));
        running(runs.get(1));
        store.failure = new StoreException("disk full");
        farm().tell(new FarmSupervisor.Shutdown(idle.getRef()));
        idle.expectMessageClass(FarmSupervisor.Idle.class);
        assertThat(witness.changes())
                .filteredOn(change -> change.status() == RunStatus.QUEUED)
                .hasSize(2)
                .allSatisfy(change -> assertThat(change.cause()).isEqualTo("disk full"));
    }

    // --- the parts of a farm ---

    private void begin(int maxActiveRuns, FarmListener listener) {
        var settings = new FarmSettings(
                1, maxActiveRuns, MEMORY, Duration.ofMillis(1), 1, BACKOFF, BACKOFF, Duration.ofMinutes(1));
        var workshop = new Workshop() {
            @Override
            public Training training(RunSpec run, @Nullable Checkpoint from) {
                return of(run).training(run, from);
            }

            @Override
            public SaddleFinder finder(RunSpec run, @Nullable Checkpoint from) {
                return of(run).finder(run, from);
            }

            @Override
            public Prediction prediction(RunSpec run, Predicted<Parameters> left, @Nullable Theory kin) {
                predicted.add(run);
                beforePrediction.accept(run);
                return of(run).prediction(run, left, kin);
            }

            @Override
            public long memory(RunSpec run) {
                return memory.getOrDefault(run.id(), 1L);
            }

            @Override
            public String machine(RunSpec run) {
                return of(run).machine(run);
            }

            private Workshop of(RunSpec run) {
                return workshops.getOrDefault(run.id(), ScriptedRun.ENDLESS);
            }
        };
        farm = kit.spawn(FarmSupervisor.create(settings, workshop, store, witness, listener));
    }

    private ActorRef<FarmSupervisor.Command> farm() {
        if (farm == null) {
            throw new AssertionError("no farm has begun");
        }
        return farm;
    }

    private void grow(List<RunSpec> runs) {
        farm().tell(new FarmSupervisor.Grow(runs));
    }

    private void resume(RunSpec run) {
        farm().tell(new FarmSupervisor.Resume(List.of(run)));
    }

    private void leave(RunSpec run, RunStatus status) {
        farm().tell(new FarmSupervisor.Leave(List.of(run), status));
    }

    private void running(RunSpec run) {
        soon().until(() -> !witness.statuses(run).isEmpty()
                && witness.shown(run).status() == RunStatus.RUNNING
                && witness.shown(run).snapshot() != null);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConditionFactory soon() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }
}
