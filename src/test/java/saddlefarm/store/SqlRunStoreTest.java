package saddlefarm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.BareRun;
import saddlefarm.CommitDraft;
import saddlefarm.LogLines;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.network.Architecture;
import saddlefarm.run.Commit;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoredFinding;
import saddlefarm.run.StoredPlateau;
import saddlefarm.run.StoredTransition;
import saddlefarm.run.Wish;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.NearestEscape;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

/** The store through its port, on each of the databases; what is damaged is damaged by statements of SQL beside it. */
abstract class SqlRunStoreTest {

    final List<RunSpec> runs = TestRuns.specs(3);
    final RunSpec run = runs.get(0);
    final RunSpec other = runs.get(1);
    private final Architecture architecture = run.architecture();

    ResultsPlace place;
    SqlRunStore store;

    /** Where no farm has worked. */
    abstract ResultsPlace newPlace();

    /** The database as messages name it. */
    abstract String database();

    /** Another connection to it. */
    abstract Connection connect() throws SQLException;

    /** What is done to a checkpoint, in SQL. */
    abstract String change(Damage damage);

    /** The type of binary columns. */
    abstract String binary();

    @BeforeEach
    void open() {
        place = newPlace();
        store = place.open();
        store.register(runs);
    }

    @AfterEach
    void close() {
        store.close();
    }

    // --- what was committed is there ---

    @Test
    void readsBackEveryNumberThatWasCommitted() {
        long epoch = store.claim(run).epoch();
        var extreme = new Snapshot(
                Long.MAX_VALUE, Double.MAX_VALUE, Double.MIN_VALUE, 1e-300, 0.1 + 0.2, 7, TestRuns.spectra(0.5));
        var left = TestRuns.left(0, 0, architecture);
        var open = TestRuns.open(1, 2, architecture);
        var transition = TestRuns.transition(1, 0);
        Commit commit = new CommitDraft(run, epoch, 150)
                .ended(RunStatus.COMPLETED, null)
                .rank(2)
                .rows(TestRuns.row(0), TestRuns.row(20))
                .plateaus(left)
                .transitions(transition)
                .closing(extreme, open)
                .commit();
        assertThat(store.commit(List.of(commit))).containsExactly(true);

        assertThat(rows(store, run)).containsExactly(TestRuns.row(0), TestRuns.row(20), extreme);
        assertThat(store.plateaus(run.id()))
                .extracting(SqlRunStoreTest::content)
                .containsExactly(content(left), content(open));
        assertThat(store.transitions(run.id())).containsExactly(new StoredTransition(transition, 2));
        assertThat(store.specification(run.id())).contains(run.specification());
        assertThat(summary(run))
                .isEqualTo(new RunSummary(
                        run.id(), "made-up", RunStatus.COMPLETED, commit.progress(), run.backend(), run.swept(), null));
    }

    @Test
    void keepsTheEvaluationsOfARunWhoseStepsTakeMoreThanOne() {
        Commit plain = new CommitDraft(run, store.claim(run).epoch(), 150).commit();
        var progress = new Progress(150, 0.1, 0.2, 3, 4, 9_007_199_254_740_993L);
        var flowing = new Commit(
                run.id(),
                plain.epoch(),
                1,
                RunStatus.RUNNING,
                null,
                plain.machine(),
                progress,
                plain.checkpoint(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
        store.commit(List.of(flowing));
        assertThat(summary(run).progress()).isEqualTo(progress);
    }

    @Test
    void keepsWhyARunFailedUntilItIsTakenUpAgain() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).ended(RunStatus.FAILED, "no more memory"));
        assertThat(summary(run).cause()).isEqualTo("no more memory");
        store.want(List.of(run.id()), Wish.TRAIN);
        assertThat(store.claim(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(summary(run).status()).isEqualTo(RunStatus.RUNNING);
        assertThat(summary(run).cause()).isNull();
    }

    @Test
    void everyMachineThatARunWasComputedOnIsToldOnceInOrder() {
        assertThat(store.machines(run.id())).isEmpty();
        long epoch = store.claim(run).epoch();
        for (String machine : List.of("openblas on Zen", "openblas on Haswell", "openblas on Zen")) {
            commit(new CommitDraft(run, epoch, 10).machine(machine));
        }
        assertThat(store.machines(run.id())).containsExactly("openblas on Zen", "openblas on Haswell");
        assertThat(store.machines(other.id())).isEmpty();
    }

    @Test
    void aMachineWhoseCommitsWereGoneBackFromIsForgotten() throws SQLException {
        threeCommits();
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 400).machine("another"));
        assertThat(store.machines(run.id())).hasSize(2).contains("another");
        damage(Damage.FLIPPED, "commit_number = 4");
        store.claim(run);
        assertThat(store.machines(run.id())).hasSize(1).doesNotContain("another");
    }

    @Test
    void rowsAreInOrderOfStepHoweverTheyCame() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 40).rows(TestRuns.row(30), TestRuns.row(9), TestRuns.row(100)));
        assertThat(steps(run)).containsExactly(9L, 30L, 100L);
    }

    @Test
    void runsAreSortedById() {
        var ids = runs.stream().map(RunSpec::id).sorted().toList();
        assertThat(store.runs().stream().map(RunSummary::id)).containsExactlyElementsOf(ids);
        store.delete(ids);
        var reversed = new ArrayList<>(runs);
        Collections.reverse(reversed);
        store.register(reversed);
        assertThat(store.runs().stream().map(RunSummary::id)).containsExactlyElementsOf(ids);
    }

    @Test
    void aRunThatIsKnownStaysAsItIsWhenRegisteredAgain() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).ended(RunStatus.COMPLETED, null).rows(TestRuns.row(5)));
        var before = store.runs();
        store.register(runs);
        store.register(List.of(TestRuns.renamed(run, "another name")));
        assertThat(store.runs()).isEqualTo(before);
        assertThat(steps(run)).containsExactly(5L);
    }

    @Test
    void aRunBeforeItsFirstCommitHasNoProgress() {
        assertThat(summary(run).progress()).isNull();
        assertThat(summary(run).status()).isEqualTo(RunStatus.QUEUED);
        assertThat(store.claim(run)).isEqualTo(new RunStore.Claim(1, 0, RunStatus.QUEUED, Wish.TRAIN, null));
    }

    @Test
    void aRunThatIsNotThereIsNamed() {
        store.delete(List.of(run.id()));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.claim(run))
                .withMessage("%s has no run %s".formatted(database(), run.id()));
        assertThat(store.specification(run.id())).isEmpty();
    }

    // --- wishes ---

    @Test
    void aNewRunIsWantedTrainedUntilItEndsByItself() {
        assertThat(wished()).containsExactlyEntriesOf(wishes(runs, Wish.TRAIN));
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10));
        assertThat(wished()).containsKey(run.id());
        commit(new CommitDraft(run, epoch, 20).ended(RunStatus.COMPLETED, null));
        assertThat(wished()).doesNotContainKey(run.id());
        store.want(List.of(run.id()), Wish.TRAIN);
        assertThat(wished()).doesNotContainKey(run.id());
    }

    @ParameterizedTest
    @EnumSource(
            value = Wish.class,
            names = {"PAUSE", "CANCEL"})
    void aWishToLeaveARunIsThereUntilItIsLeft(Wish wish) {
        long epoch = store.claim(run).epoch();
        store.want(List.of(run.id()), wish);
        assertThat(wished()).containsEntry(run.id(), wish);
        assertThat(store.claim(run).wish()).isEqualTo(wish);
        // by whoever owns it now
        store.setStatus(run.id(), epoch, wish.status(), null);
        assertThat(wished()).containsEntry(run.id(), wish);
        store.setStatus(run.id(), epoch + 1, wish.status(), null);
        assertThat(wished()).doesNotContainKey(run.id());
        store.want(List.of(run.id()), Wish.TRAIN);
        assertThat(wished()).containsEntry(run.id(), Wish.TRAIN);
    }

    /** Whoever wanted it trained has seen the store as it was before. */
    @Test
    void aRunThatHasFailedIsNotTakenUpBySomebodyWhoIsLate() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10));
        store.setStatus(run.id(), epoch, RunStatus.FAILED, "too often");
        RunStore.Claim late = store.claim(run);
        assertThat(late.tooLate()).isTrue();
        assertThat(late.checkpoint()).isNull();
        assertThat(summary(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(summary(run).cause()).isEqualTo("too often");

        store.want(List.of(run.id()), Wish.TRAIN);
        RunStore.Claim asked = store.claim(run);
        assertThat(asked.tooLate()).isFalse();
        assertThat(asked.checkpoint()).isNotNull();
        assertThat(summary(run).status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void aRunThatIsResumedWhileItIsLeftIsWantedTrained() {
        long epoch = store.claim(run).epoch();
        store.want(List.of(run.id()), Wish.CANCEL);
        store.want(List.of(run.id()), Wish.TRAIN);
        commit(new CommitDraft(run, epoch, 10).ended(RunStatus.CANCELLED, null));
        assertThat(wished()).containsEntry(run.id(), Wish.TRAIN);
    }

    @Test
    void aPausedRunCanStillBeCancelled() {
        store.setStatus(run.id(), store.claim(run).epoch(), RunStatus.PAUSED, null);
        store.want(List.of(run.id()), Wish.CANCEL);
        assertThat(wished()).containsEntry(run.id(), Wish.CANCEL);
    }

    @Test
    void aRunThatFailedIsWantedAgainWhenSomebodySaysSo() {
        store.fail(run.id(), "no such file");
        assertThat(summary(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(summary(run).cause()).isEqualTo("no such file");
        assertThat(wished()).doesNotContainKey(run.id());
        store.want(List.of(run.id()), Wish.TRAIN);
        assertThat(wished()).containsEntry(run.id(), Wish.TRAIN);
    }

    @Test
    void onlyWhoeverOwnsARunWritesAfterItFailedToBeRead() {
        long epoch = store.claim(run).epoch();
        store.fail(run.id(), "no such file");
        assertThat(commit(new CommitDraft(run, epoch, 10))).isFalse();
        long newer = store.claim(run).epoch();
        commit(new CommitDraft(run, newer, 10).ended(RunStatus.COMPLETED, null));
        store.fail(run.id(), "no such file");
        assertThat(summary(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    private Map<String, Wish> wished() {
        var wished = new LinkedHashMap<String, Wish>();
        store.wished().forEach(each -> wished.put(each.run().id(), each.wish()));
        return wished;
    }

    private static Map<String, Wish> wishes(List<RunSpec> runs, Wish wish) {
        var wishes = new LinkedHashMap<String, Wish>();
        runs.forEach(run -> wishes.put(run.id(), wish));
        return wishes;
    }

    @Test
    void callsOfSeveralThreadsWaitForEachOther() throws Exception {
        var threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<Boolean>> owners = new ArrayList<>();
            for (RunSpec one : runs) {
                long epoch = store.claim(one).epoch();
                owners.add(() -> LongStream.range(0, 20)
                        .allMatch(step -> commit(new CommitDraft(one, epoch, step).rows(TestRuns.row(step)))
                                && steps(one).contains(step)));
            }
            for (var owner : threads.invokeAll(owners)) {
                assertThat(owner.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    // --- all or nothing ---

    @Test
    void aBatchInWhichOneRowCannotBeStoredStoresNothing() throws SQLException {
        long first = store.claim(run).epoch();
        long second = store.claim(other).epoch();
        commit(new CommitDraft(run, first, 10).rows(TestRuns.row(0)));
        var before = store.runs();
        List<Long> counts = counts();
        var sound = new CommitDraft(run, first, 20)
                .number(2)
                .rows(TestRuns.row(20))
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0))
                .commit();
        var twice = new CommitDraft(other, second, 30)
                .rows(TestRuns.row(30), TestRuns.row(30))
                .commit();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.commit(List.of(sound, twice)))
                .withMessageStartingWith(database() + ": ")
                .withMessageContainingAll("snapshot", "step");
        assertThat(store.runs()).isEqualTo(before);
        assertThat(counts()).isEqualTo(counts);
        // and the store goes on
        assertThat(store.commit(List.of(sound))).containsExactly(true);
        assertThat(steps(run)).containsExactly(0L, 20L);
    }

    @Test
    void aReaderThatThrowsLeavesTheStoreUsable() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.snapshots(run.id(), row -> {
                    throw new IllegalStateException("disk full");
                }));
        assertThat(commit(new CommitDraft(run, epoch, 20).rows(TestRuns.row(20))))
                .isTrue();
        try (var reader = place.openReadOnly()) {
            assertThat(rows(reader, run)).hasSize(2);
        }
    }

    /** The server is gone, and another one in its place that had not heard of the last commit. */
    @Test
    void aCommitAfterOneThatIsNotThereIsRefused() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        Commit third =
                new CommitDraft(run, epoch, 30).rows(TestRuns.row(30)).number(3).commit();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.commit(List.of(third)))
                .withMessage("%s has lost commits of run %s: it has 1, and number 3 was to be stored"
                        .formatted(database(), run.id()));
        assertThat(steps(run)).containsExactly(0L);
        // it goes on from what is there
        RunStore.Claim claim = store.claim(run);
        assertThat(claim.commits()).isEqualTo(1);
        assertCheckpointOf(claim, 10);
    }

    // --- owners ---

    @Test
    void whatAnEarlierOwnerCommitsIsRefusedAndTheOthersOfItsBatchAreStored() throws SQLException {
        long early = store.claim(run).epoch();
        commit(new CommitDraft(run, early, 10).rows(TestRuns.row(0)));
        store.claim(run);
        long ofOther = store.claim(other).epoch();
        var before = summary(run);
        var stale = new CommitDraft(run, early, 20)
                .ended(RunStatus.COMPLETED, null)
                .rows(TestRuns.row(20))
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0))
                .closing(TestRuns.row(21), TestRuns.open(1, 1, architecture))
                .commit();
        var valid = new CommitDraft(other, ofOther, 5).rows(TestRuns.row(5)).commit();
        assertThat(store.commit(List.of(stale, valid))).containsExactly(false, true);
        assertThat(summary(run)).isEqualTo(before);
        assertThat(steps(run)).containsExactly(0L);
        assertThat(count("plateau", run)).isZero();
        assertThat(count("transition", run)).isZero();
        assertThat(count("checkpoint", run)).isEqualTo(1);
        assertThat(steps(other)).containsExactly(5L);
    }

    @Test
    void onlyTheOwnerChangesTheStatus() {
        long early = store.claim(run).epoch();
        long late = store.claim(run).epoch();
        assertThat(store.setStatus(run.id(), early, RunStatus.FAILED, "stale")).isFalse();
        assertThat(summary(run).status()).isEqualTo(RunStatus.RUNNING);
        assertThat(summary(run).cause()).isNull();
        assertThat(store.setStatus(run.id(), late, RunStatus.FAILED, "disk full"))
                .isTrue();
        assertThat(summary(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(summary(run).cause()).isEqualTo("disk full");
    }

    @Test
    void anEpochIsNeverUsedTwiceEvenForARunDeletedAndMadeAnew() {
        long first = store.claim(run).epoch();
        store.delete(List.of(run.id()));
        store.register(runs);
        store.close();
        store = place.open();
        assertThat(commit(new CommitDraft(run, first, 10))).isFalse();
        assertThat(store.claim(other).epoch()).isGreaterThan(first);
        assertThat(store.claim(run).epoch()).isGreaterThan(first + 1);
        assertThat(commit(new CommitDraft(run, first, 10))).isFalse();
        assertThat(summary(run).progress()).isNull();
    }

    @Test
    void deletingARunDeletesEverythingOfItAndOfNoOther() throws SQLException {
        for (RunSpec one : List.of(run, other)) {
            long epoch = store.claim(one).epoch();
            commit(new CommitDraft(one, epoch, 10)
                    .rows(TestRuns.row(0))
                    .plateaus(TestRuns.left(0, 0, architecture))
                    .transitions(TestRuns.transition(1, 0)));
            store.putTheory(one, theory(1));
        }
        store.delete(List.of(run.id()));
        for (String table : List.of("checkpoint", "snapshot", "plateau", "transition", "machine", "theory")) {
            assertThat(count(table, run)).as(table).isZero();
            assertThat(count(table, other)).as(table).isEqualTo(1);
        }
        assertThat(store.runs().stream().map(RunSummary::id))
                .containsExactlyInAnyOrder(other.id(), runs.get(2).id());
    }

    // --- theory ---

    @Test
    void readsBackEveryNumberOfATheoryAndWhyThereIsNone() {
        assertThat(store.theory(run.id())).isEmpty();
        store.putTheory(run, theory(0.1 + 0.2));
        assertThat(store.theory(run.id())).contains(theory(0.1 + 0.2));
        assertThat(store.theory(other.id())).isEmpty();
        store.putTheory(run, theory(1e-300));
        assertThat(store.theory(run.id())).contains(theory(1e-300));
    }

    /** The seed of the weights is no part of the problem, and the task is. */
    @Test
    void theTheoryOfARunIsFoundByAnotherOnTheSameProblem() {
        assertThat(store.theoryOfProblem(run)).isEmpty();
        store.putTheory(other, theory(2));
        assertThat(store.theoryOfProblem(run)).contains(theory(2));
        RunSpec wider = Experiment.parse(
                        run.specification(), "wider", Path.of("nowhere"), List.of("network.widths=[2, 4, 1]"))
                .runs()
                .get(0);
        assertThat(store.theoryOfProblem(wider)).isEmpty();
    }

    @Test
    void theoryIsMissingOfRunsThatAreOverUntilItIsThere() {
        assertThat(store.unpredicted()).isEmpty();
        commit(new CommitDraft(run, store.claim(run).epoch(), 10).ended(RunStatus.COMPLETED, null));
        commit(new CommitDraft(other, store.claim(other).epoch(), 10).ended(RunStatus.CANCELLED, null));
        assertThat(store.unpredicted()).containsExactly(summary(run));
        store.putTheory(run, theory(1));
        assertThat(store.unpredicted()).isEmpty();
    }

    @Test
    void theoryOutlivesAClaim() {
        threeCommits();
        store.putTheory(run, theory(1));
        store.claim(run);
        assertThat(store.theory(run.id())).contains(theory(1));
    }

    private static Theory theory(double number) {
        return new Theory(
                Predicted.of(new OptimalEscape(
                        number,
                        number / 3,
                        8,
                        5,
                        "violated at layer 1",
                        List.of(number / 13, Double.POSITIVE_INFINITY))),
                Predicted.of(
                        new NearestEscape(number / 7, Double.MIN_VALUE, -0.1, List.of(1.1, Double.POSITIVE_INFINITY))),
                Predicted.of(number / 11),
                Predicted.of(new Ladder(List.of(number, 0.0), false)),
                Predicted.not("the inputs are „not“ whitened"),
                Predicted.of(50.0));
    }

    // --- going on from a checkpoint ---

    @Test
    void aClaimGoesOnFromTheLastCommit() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        commit(new CommitDraft(run, epoch, 20).ended(RunStatus.PAUSED, null).rows(TestRuns.row(15)));
        var claim = store.claim(run);
        assertThat(claim.status()).isEqualTo(RunStatus.PAUSED);
        assertCheckpointOf(claim, 20);
        assertThat(steps(run)).containsExactly(0L, 15L);
    }

    /** It may be claimed by who has heard too late that it has ended, and would end at another row if it went on. */
    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"COMPLETED", "DIVERGED"})
    void aClaimOfARunThatIsOverChangesNothing(RunStatus end) {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 150)
                .ended(end, "why")
                .rows(TestRuns.row(0))
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0))
                .closing(TestRuns.row(150), TestRuns.open(1, 1, architecture)));
        var before = summary(run);
        List<Long> findings = sequences();

        var claim = store.claim(run);

        assertThat(claim.status()).isEqualTo(end);
        assertThat(claim.checkpoint()).isNull();
        assertThat(summary(run)).isEqualTo(before);
        assertThat(steps(run)).containsExactly(0L, 150L);
        assertThat(sequences()).isEqualTo(findings).hasSize(3);
    }

    private List<Long> sequences() {
        return store.findings(0, 100).stream().map(StoredFinding::sequence).toList();
    }

    /** How a checkpoint is damaged. */
    enum Damage {
        FLIPPED,
        CUT_OFF,
        EMPTY,
        OTHER_LENGTH,
        OTHER_CHECKSUM,
        SOUND_BYTES_OF_SOMETHING_ELSE
    }

    /** The CRC-32C of 123456789 is e3069283 (RFC 3720 and the catalogue of parametrised CRC algorithms). */
    static final String SOMETHING_ELSE = "state = CAST('123456789' AS %s), length = 9, checksum = 3808858755";

    @ParameterizedTest
    @EnumSource
    void aDamagedCheckpointFallsBackToTheOneBeforeAndWhatCameAfterIsGone(Damage damage) throws SQLException {
        long epoch = threeCommits();
        damage(damage, "commit_number = 3");
        try (var log = new LogLines(SqlRunStore.class)) {
            assertCheckpointOf(store.claim(run), 200);
            assertThat(log.with("WARN checkpoint 3 of run " + run.id() + " in " + database() + " is corrupt"))
                    .hasSize(1);
        }
        assertThat(steps(run)).containsExactly(100L, 200L);
        assertThat(summary(run).progress())
                .as("no further than its rows")
                .isNotNull()
                .returns(200L, Progress::step);
        assertThat(store.plateaus(run.id())).hasSize(2);
        assertThat(store.transitions(run.id())).hasSize(2);
        assertThat(commit(new CommitDraft(run, epoch, 300))).isFalse();
        // what came after is made again
        long next = store.claim(run).epoch();
        assertThat(commit(third(next))).isTrue();
        assertThat(steps(run)).containsExactly(100L, 200L, 300L);
    }

    @Test
    void twoDamagedCheckpointsBeginAtTheBeginningWithNothing() throws SQLException {
        threeCommits();
        damage(Damage.FLIPPED, "TRUE");
        var claim = store.claim(run);
        assertThat(claim.checkpoint()).isNull();
        for (String table : List.of("checkpoint", "snapshot", "plateau", "transition", "machine")) {
            assertThat(count(table, run)).as(table).isZero();
        }
        assertThat(commit(new CommitDraft(run, claim.epoch(), 100)
                        .rows(TestRuns.row(100))
                        .plateaus(TestRuns.left(0, 0, architecture))
                        .transitions(TestRuns.transition(1, 0))))
                .isTrue();
    }

    @Test
    void twoCheckpointsAreKept() throws SQLException {
        long epoch = threeCommits();
        assertThat(commitNumbers()).containsExactly(2L, 3L);
        commit(new CommitDraft(run, epoch, 400));
        assertThat(commitNumbers()).containsExactly(3L, 4L);
    }

    @Test
    void theCheckpointThatWasGoneBackToIsKeptBesideTheNext() throws SQLException {
        threeCommits();
        damage(Damage.FLIPPED, "commit_number = 3");
        long epoch = store.claim(run).epoch();
        commit(third(epoch));
        assertThat(commitNumbers()).hasSize(2);
        damage(Damage.FLIPPED, "commit_number = (SELECT MAX(commit_number) FROM checkpoint)");
        assertCheckpointOf(store.claim(run), 200);
    }

    // --- what is derived ---

    @Test
    void theRankAfterATransitionIsThatOfTheNextPlateauOnceThereIsOne() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 100)
                .rank(1)
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0)));
        assertThat(ranksAfter()).containsExactly((Integer) null);
        commit(new CommitDraft(run, epoch, 200)
                .rank(4)
                .plateaus(TestRuns.left(1, 2, architecture))
                .transitions(TestRuns.transition(2, 2)));
        assertThat(ranksAfter()).containsExactly(2, null);
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"COMPLETED", "DIVERGED", "FAILED", "CANCELLED"})
    void theRankAfterTheLastTransitionIsTheFinalOneOfARunThatEndedMoving(RunStatus end) {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 200)
                .ended(end, null)
                .rank(4)
                .plateaus(TestRuns.left(0, 0, architecture), TestRuns.left(1, 2, architecture))
                .transitions(TestRuns.transition(1, 0), TestRuns.transition(2, 2)));
        assertThat(ranksAfter()).containsExactly(2, 4);
        store.want(List.of(run.id()), Wish.TRAIN);
        store.claim(run); // goes on, unless it is over: not known any more
        assertThat(ranksAfter()).containsExactly(2, end.over() ? Integer.valueOf(4) : null);
    }

    @Test
    void theRankAfterTheLastTransitionIsThatOfThePlateauOnWhichTheRunEnded() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 200)
                .ended(RunStatus.COMPLETED, null)
                .rank(4)
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0))
                .closing(null, TestRuns.open(1, 3, architecture)));
        assertThat(ranksAfter()).containsExactly(3);
    }

    // --- the order in which findings became known ---

    @Test
    void whoAsksAgainAfterTheLastFindingSeesEachOfEveryRunOnce() {
        long first = store.claim(run).epoch();
        long second = store.claim(other).epoch();
        var told = new Told();
        commit(new CommitDraft(other, second, 100)
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0)));
        assertThat(told.news()).containsExactly(id(other, 0), id(other, 1));
        commit(new CommitDraft(run, first, 50));
        assertThat(told.news()).isEmpty();
        var left = TestRuns.left(0, 0, architecture);
        commit(new CommitDraft(run, first, 200)
                .plateaus(left, TestRuns.left(1, 2, architecture))
                .transitions(TestRuns.transition(1, 0), TestRuns.transition(2, 2)));
        assertThat(told.news()).containsExactly(id(run, 0), id(run, 1), id(run, 2), id(run, 3));
        assertThat(told.news()).isEmpty();

        assertThat(store.findings(0, 3)).extracting(StoredFinding::sequence).containsExactly(1L, 2L, 3L);
        var found = told.all.get(2);
        assertThat(found.run()).isEqualTo(run.id());
        assertThat(found.experiment()).isEqualTo("made-up");
        assertThat(content((StoredPlateau) found.found())).isEqualTo(content(left));
        assertThat(told.all.get(3).found()).isEqualTo(new StoredTransition(TestRuns.transition(1, 0), 2));
        try (var reader = place.openReadOnly()) {
            assertThat(reader.findings(0, 100)).hasSize(6);
        }
    }

    @Test
    void aTransitionComesAgainWhenTheRankAfterItIsKnown() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 100)
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0)));
        var told = new Told();
        assertThat(told.news()).containsExactly(id(run, 0), id(run, 1));
        assertThat(told.lastRankAfter()).isNull();
        commit(new CommitDraft(run, epoch, 200)
                .plateaus(TestRuns.left(1, 2, architecture))
                .transitions(TestRuns.transition(2, 2)));
        assertThat(told.news()).containsExactly(id(run, 1), id(run, 2), id(run, 3));
        commit(new CommitDraft(run, epoch, 300).ended(RunStatus.COMPLETED, null).rank(4));
        assertThat(told.news()).containsExactly(id(run, 3));
        assertThat(told.lastRankAfter()).isEqualTo(4);
    }

    @Test
    void aTransitionComesAgainWhenItsRunFailsAndWhenThatIsTakenUpAgain() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 100)
                .plateaus(TestRuns.left(0, 0, architecture))
                .transitions(TestRuns.transition(1, 0)));
        var told = new Told();
        told.news();
        store.setStatus(run.id(), epoch, RunStatus.PAUSED, null);
        long next = store.claim(run).epoch();
        assertThat(told.news()).isEmpty();
        store.setStatus(run.id(), epoch, RunStatus.FAILED, "no longer the owner");
        assertThat(told.news()).isEmpty();
        store.setStatus(run.id(), next, RunStatus.FAILED, "disk full");
        assertThat(told.news()).containsExactly(id(run, 1));
        assertThat(told.lastRankAfter()).as("that of the checkpoint").isEqualTo(2);
        store.want(List.of(run.id()), Wish.TRAIN);
        store.claim(run);
        assertThat(told.news()).containsExactly(id(run, 1));
        assertThat(told.lastRankAfter()).isNull();
    }

    @Test
    void whatIsFoundAgainAfterADamagedCheckpointComesAgain() throws SQLException {
        threeCommits();
        var told = new Told();
        told.news();
        damage(Damage.FLIPPED, "commit_number = 3");
        long epoch = store.claim(run).epoch();
        assertThat(told.news()).isEmpty();
        commit(third(epoch));
        assertThat(told.news()).containsExactly(id(run, 3), id(run, 4), id(run, 5));
    }

    @Test
    void aNumberIsNeverGivenTwiceThoughTheLastFindingIsDeleted() {
        threeCommits();
        var told = new Told();
        told.news();
        store.delete(List.of(run.id()));
        long epoch = store.claim(other).epoch();
        commit(new CommitDraft(other, epoch, 100).plateaus(TestRuns.left(0, 0, architecture)));
        assertThat(told.news()).containsExactly(id(other, 0));
        assertThat(store.findings(0, 100)).hasSize(1);
    }

    @Test
    void aLongerRunTellsTheFindingsThatItBeginsWithAsItsOwn() {
        threeCommits();
        var told = new Told();
        told.news();
        RunSpec longer = TestRuns.specs("made-up", 1, "stop.max-steps=2000").get(0);
        store.register(List.of(longer));
        store.claim(longer);
        assertThat(told.news())
                .containsExactlyElementsOf(IntStream.range(0, 6)
                        .mapToObj(place -> id(longer, place))
                        .toList());
    }

    private static String id(RunSpec of, int place) {
        return of.id() + ":" + place;
    }

    /** A client that asks for what is new, two findings at a time. */
    private final class Told {

        private final List<StoredFinding> all = new ArrayList<>();

        List<String> news() {
            int before = all.size();
            List<StoredFinding> page;
            do {
                page = store.findings(
                        all.isEmpty() ? 0 : all.get(all.size() - 1).sequence(), 2);
                all.addAll(page);
            } while (!page.isEmpty());
            return all.subList(before, all.size()).stream()
                    .map(StoredFinding::id)
                    .toList();
        }

        @Nullable
        Integer lastRankAfter() {
            return ((StoredTransition) all.get(all.size() - 1).found()).rankAfter();
        }
    }

    // --- readers ---

    @Test
    void aReaderSeesOneMomentWhileTheFarmCommits() {
        long epoch = store.claim(run).epoch();
        commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        try (var reader = place.openReadOnly()) {
            var before = reader.runs();
            assertThat(commit(new CommitDraft(run, epoch, 20)
                            .ended(RunStatus.COMPLETED, null)
                            .rows(TestRuns.row(20))
                            .plateaus(TestRuns.left(0, 0, architecture))))
                    .isTrue();
            store.delete(List.of(other.id()));
            assertThat(reader.runs()).isEqualTo(before);
            assertThat(rows(reader, run)).containsExactly(TestRuns.row(0));
            assertThat(reader.plateaus(run.id())).isEmpty();
            assertThat(reader.specification(other.id())).isPresent();
        }
        try (var reader = place.openReadOnly()) {
            assertThat(rows(reader, run)).hasSize(2);
            assertThat(reader.runs()).hasSize(2);
        }
    }

    @Test
    void aReaderOfADirectoryAtRestSeesOneMomentThoughAFarmBeginsThere() {
        // Enough rows that they are not in the reader's memory before it asks for them.
        long epoch = store.claim(run).epoch();
        Snapshot[] rows = LongStream.range(0, 3000).mapToObj(TestRuns::row).toArray(Snapshot[]::new);
        commit(new CommitDraft(run, epoch, 10).rows(rows));
        store.close();
        try (var reader = place.openReadOnly()) {
            var before = reader.runs();
            store = place.open();
            store.delete(List.of(run.id()));
            long next = store.claim(other).epoch();
            commit(new CommitDraft(other, next, 10)
                    .rows(LongStream.range(0, 3000)
                            .mapToObj(step -> TestRuns.row(7 * step))
                            .toArray(Snapshot[]::new)));
            store.close();
            assertThat(reader.runs()).isEqualTo(before);
            assertThat(rows(reader, run)).containsExactly(rows);
        }
        store = place.open();
        assertThat(steps(run)).isEmpty();
    }

    @Test
    void aReaderCannotWrite() {
        try (var reader = place.openReadOnly()) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> reader.delete(List.of(run.id())));
        }
        assertThat(store.runs()).hasSize(3);
    }

    // --- what is no store, or not yet ---

    @Test
    void tablesOfANewerProgramAreLeftAlone() throws SQLException {
        String history = "INSERT INTO schema_history SELECT 99, '99', description, type, script, checksum,"
                + " installed_by, installed_on, execution_time, success FROM schema_history WHERE version = '1'";
        store.close();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(history)).isEqualTo(1);
        }
        String message = database()
                + " was written by a newer saddlefarm (its tables are at version 99, this one knows up to %d)"
                        .formatted(Schema.VERSION);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> place.openReadOnly())
                .withMessage(message);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> place.open())
                .withMessage(message);
    }

    /**
     * Version 1 had neither machines nor counts of evaluations, and nobody looked at saddles before version 4, at
     * theory before version 5, or forked runs before version 6, when plateaus had weights in the place of states.
     * Before version 7 findings had no order over all runs, and before version 8 wishes were not stored.
     */
    @Test
    void tablesOfAnEarlierProgramAreReadOnceAFarmHasWorkedThere() throws SQLException {
        threeCommits();
        long ofOther = store.claim(other).epoch();
        commit(new CommitDraft(other, ofOther, 100).plateaus(TestRuns.left(0, 0, architecture)));
        store.want(List.of(other.id()), Wish.PAUSE);
        store.setStatus(other.id(), ofOther, RunStatus.PAUSED, null);
        var before = store.runs();
        var wanted = wished();
        store.close();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (String table : List.of("machine", "theory", "fork")) {
                statement.executeUpdate("DROP TABLE " + table);
            }
            for (String index : List.of("run_trajectory", "run_wish")) {
                statement.executeUpdate("DROP INDEX " + index);
            }
            for (String column : List.of("evaluations", "trajectory", "extended_from", "extended_at", "wish")) {
                statement.executeUpdate("ALTER TABLE run DROP COLUMN " + column);
            }
            statement.executeUpdate("ALTER TABLE ownership DROP COLUMN last_finding");
            for (String table : List.of("plateau", "transition")) {
                statement.executeUpdate("DROP INDEX %s_sequence".formatted(table));
                statement.executeUpdate("ALTER TABLE %s DROP COLUMN sequence".formatted(table));
            }
            for (String column : List.of("saddle", "measured_escape", "direction", "deepest")) {
                statement.executeUpdate("ALTER TABLE plateau DROP COLUMN " + column);
            }
            statement.executeUpdate(
                    "ALTER TABLE plateau ADD COLUMN parameters %s NOT NULL DEFAULT ''".formatted(binary()));
            assertThat(statement.executeUpdate("DELETE FROM schema_history WHERE version > '1'"))
                    .isEqualTo(Schema.VERSION - 1);
        }
        assertThatExceptionOfType(ResultsPlaceException.class)
                .isThrownBy(() -> place.openReadOnly())
                .withMessage(
                        place
                                + " was written by an earlier saddlefarm: run any experiment there to bring its tables up to date");
        store = place.open();
        assertThat(store.runs()).isEqualTo(before);
        assertThat(wished()).isEqualTo(wanted).doesNotContainKey(other.id());
        assertThat(store.machines(run.id())).isEmpty();
        assertThat(store.plateaus(run.id())).isNotEmpty().allSatisfy(stored -> {
            assertThat(stored.saddle()).isNull();
            assertThat(stored.escape()).isNull();
        });
        assertThat(store.theory(run.id())).isEmpty();
        var told = new Told();
        assertThat(told.news())
                .containsExactly(id(run, 0), id(run, 1), id(run, 2), id(run, 3), id(run, 4), id(run, 5), id(other, 0));
        commit(new CommitDraft(run, store.claim(run).epoch(), 400)
                .machine("a new one")
                .plateaus(TestRuns.left(3, 3, architecture)));
        assertThat(told.news()).containsExactly(id(run, 5), id(run, 6));
        assertThat(store.machines(run.id())).containsExactly("a new one");
        try (var reader = place.openReadOnly()) {
            assertThat(reader.runs()).hasSameSizeAs(before);
        }
    }

    // --- the run, its rows, and what is beside the port ---

    /** Three commits, each with a row, a plateau and a transition. */
    private long threeCommits() {
        long epoch = store.claim(run).epoch();
        IntStream.rangeClosed(1, 2)
                .forEach(k -> commit(new CommitDraft(run, epoch, 100L * k)
                        .rows(TestRuns.row(100L * k))
                        .plateaus(TestRuns.left(k - 1, k - 1, architecture))
                        .transitions(TestRuns.transition(k, k - 1))));
        commit(third(epoch));
        return epoch;
    }

    private CommitDraft third(long epoch) {
        return new CommitDraft(run, epoch, 300)
                .rows(TestRuns.row(300))
                .plateaus(TestRuns.left(2, 2, architecture))
                .transitions(TestRuns.transition(3, 2));
    }

    boolean commit(CommitDraft draft) {
        return store.commit(List.of(draft.number(commits(draft.run()) + 1).commit()))
                .get(0);
    }

    /** That the store has counted. */
    private long commits(String run) {
        try (var connection = connect();
                var select = connection.prepareStatement("SELECT last_commit FROM run WHERE id = ?")) {
            select.setString(1, run);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void assertCheckpointOf(RunStore.Claim claim, long step) {
        assertThat(TestRuns.content(Objects.requireNonNull(claim.checkpoint(), "no checkpoint")))
                .isEqualTo(TestRuns.content(TestRuns.checkpoint(step, architecture)));
    }

    RunSummary summary(RunSpec of) {
        return store.runs().stream()
                .filter(summary -> summary.id().equals(of.id()))
                .findFirst()
                .orElseThrow();
    }

    private List<Integer> ranksAfter() {
        var ranks = new ArrayList<Integer>();
        store.transitions(run.id()).forEach(transition -> ranks.add(transition.rankAfter()));
        return ranks;
    }

    List<Long> steps(RunSpec of) {
        return rows(store, of).stream().map(Snapshot::step).toList();
    }

    static List<Snapshot> rows(RunStore store, RunSpec of) {
        var rows = new ArrayList<Snapshot>();
        store.snapshots(of.id(), rows::add);
        return rows;
    }

    private void damage(Damage damage, String which) throws SQLException {
        assertThat(change("UPDATE checkpoint SET " + change(damage) + " WHERE " + which))
                .isPositive();
    }

    /** Changes the database while no store is open, for an open one always has a transaction. */
    private int change(String sql) throws SQLException {
        store.close();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } finally {
            store = place.open();
        }
    }

    private List<Long> counts() throws SQLException {
        var counts = new ArrayList<Long>();
        for (RunSpec one : runs) {
            for (String table : List.of("checkpoint", "snapshot", "plateau", "transition", "machine")) {
                counts.add(count(table, one));
            }
        }
        return counts;
    }

    private long count(String table, RunSpec of) throws SQLException {
        return numbers("SELECT COUNT(*) FROM %s WHERE run = '%s'".formatted(table, of.id()))
                .get(0);
    }

    private List<Long> commitNumbers() throws SQLException {
        return numbers(
                "SELECT commit_number FROM checkpoint WHERE run = '%s' ORDER BY commit_number".formatted(run.id()));
    }

    private List<Long> numbers(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var numbers = new ArrayList<Long>();
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
            return numbers;
        }
    }

    /** What a store keeps of a plateau. */
    private static List<Object> content(PlateauFound found) {
        return content(new StoredPlateau(found.plateau(), found.spectra(), found.saddle(), found.escape()));
    }

    private static List<Object> content(StoredPlateau stored) {
        return List.of(
                stored.plateau(),
                stored.spectra(),
                Optional.ofNullable(stored.saddle()),
                Optional.ofNullable(stored.escape()).map(BareRun::content));
    }
}
