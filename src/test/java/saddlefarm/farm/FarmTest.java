package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.BareRun;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Comparison;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreException;
import saddlefarm.run.StoredPlateau;
import saddlefarm.store.OutputDirectory;
import saddlefarm.theory.Theory;

/** The farm of actors over a real store, against the same runs as plain loops. */
class FarmTest {

    private final TaskLibrary tasks = new TaskLibrary();

    /** Training, spectra and curvature are of the run's own arithmetic. */
    @ParameterizedTest
    @ValueSource(strings = {"ordered", "openblas"})
    void storesTheRowsAndFindingsOfAPlainLoopBitForBit(String backend, @TempDir Path directory) {
        List<RunSpec> runs = Experiment.parse(Ladders.TEXT, "ladders", directory, List.of("linalg.backend=" + backend))
                .runs();
        try (var output = OutputDirectory.open(directory.resolve("out"));
                var store = output.openStore()) {
            store.register(runs);
            train(runs, store, new Deaf());
            for (RunSpec run : runs) {
                BareRun.Result expected = bare(run);
                List<Snapshot> rows = new ArrayList<>();
                store.snapshots(run.id(), rows::add);
                assertThat(rows).isEqualTo(expected.allRows());
                assertThat(store.machines(run.id())).singleElement().asString().startsWith(backend + " (");
                assertThat(store.plateaus(run.id()).stream().map(stored -> stored.plateau()))
                        .isEqualTo(expected.allPlateaus().stream()
                                .map(Finding.PlateauFound::plateau)
                                .toList());
                assertThat(store.plateaus(run.id()).stream().map(FarmTest::anatomy))
                        .isEqualTo(expected.allPlateaus().stream()
                                .map(found -> anatomy(found.saddle(), found.escape()))
                                .toList())
                        .hasSize(5);
                assertThat(store.transitions(run.id()).stream().map(stored -> stored.transition()))
                        .isEqualTo(expected.transitions());
                assertThat(store.plateaus(run.id()).stream()
                                .map(stored -> stored.plateau().rank()))
                        .containsExactly(0, 1, 2, 3, 4);
            }
            assertThat(store.runs()).extracting(run -> run.status()).containsOnly(RunStatus.COMPLETED);
        }
    }

    /** The strongest mode decides how fast the origin is left at most: s* = σ_1(G Xᵀ) = 4. */
    @Test
    void storesTheTheoryOfEveryRunWhateverTheOrderOfTheRuns(@TempDir Path directory) {
        List<RunSpec> runs =
                Experiment.parse(Ladders.TEXT, "ladders", directory, List.of()).runs();
        List<RunSpec> reversed = new ArrayList<>(runs);
        Collections.reverse(reversed);
        List<Theory> theories = theories(runs, directory.resolve("forward"));
        assertThat(theories(reversed, directory.resolve("backward"))).isEqualTo(theories);
        assertThat(theories).doesNotHaveDuplicates().allSatisfy(theory -> {
            assertThat(Objects.requireNonNull(theory.optimal().value()).speed()).isCloseTo(4, within(1e-8));
            assertThat(Objects.requireNonNull(theory.nearest().value()).cosine())
                    .isGreaterThan(0.99);
            assertThat(theory.halfTimes().value()).hasSize(4);
        });
    }

    private List<Theory> theories(List<RunSpec> order, Path directory) {
        try (var output = OutputDirectory.open(directory);
                var store = output.openStore()) {
            store.register(order);
            train(order, store, new Deaf());
            return order.stream()
                    .sorted(Comparator.comparing(RunSpec::id))
                    .map(run -> store.theory(run.id()).orElseThrow())
                    .toList();
        }
    }

    @Test
    void showsTheLengthsOfPlateausAndWhenTheOriginWasLeftBesideTheory(@TempDir Path directory) {
        List<RunSpec> runs =
                Experiment.parse(Ladders.TEXT, "ladders", directory, List.of()).runs();
        var witness = new Witness();
        try (var output = OutputDirectory.open(directory.resolve("out"));
                var store = output.openStore()) {
            store.register(runs);
            train(runs, store, witness, witness);
            assertThat(runs).allSatisfy(run -> {
                assertThat(witness.leftPlateaus(run))
                        .isEqualTo(store.transitions(run.id()).stream()
                                .map(left -> store.plateaus(run.id())
                                        .get(left.transition().number() - 1))
                                .map(left -> left.plateau().flowTime())
                                .toList())
                        .hasSize(4);
                assertThat(Comparison.of(store, run.id())).contains(witness.leftOrigin(run));
            });
        }
    }

    /** Whoever cancelled saw it run; it ended before the farm heard of that. */
    @Test
    void anOrderThatComesAfterTheEndOfARunChangesNothing(@TempDir Path directory) {
        RunSpec run = Experiment.parse(
                        Ladders.TEXT, "ladders", directory, List.of("initialization.seed=0", "stop.after-escapes=2"))
                .runs()
                .get(0);
        try (var output = OutputDirectory.open(directory.resolve("out"));
                var store = output.openStore()) {
            store.register(List.of(run));
            train(List.of(run), store, new Deaf());
            List<Snapshot> rows = rows(store, run);
            var plateaus = store.plateaus(run.id());

            for (RunStatus order : List.of(RunStatus.CANCELLED, RunStatus.PAUSED)) {
                Ladders.train(
                        List.of(run),
                        new TaskWorkshop(tasks, new Workspaces(2, 0), "a processor"),
                        store,
                        new NoBoard(),
                        new Deaf(),
                        0,
                        farm -> farm.tell(new FarmSupervisor.Leave(List.of(run), order)));

                assertThat(store.runs()).extracting(each -> each.status()).containsOnly(RunStatus.COMPLETED);
                assertThat(rows(store, run)).isEqualTo(rows);
                assertThat(store.plateaus(run.id()).stream().map(stored -> stored.plateau()))
                        .isEqualTo(plateaus.stream()
                                .map(stored -> stored.plateau())
                                .toList());
            }
        }
    }

    private static List<Snapshot> rows(RunStore store, RunSpec run) {
        List<Snapshot> rows = new ArrayList<>();
        store.snapshots(run.id(), rows::add);
        return rows;
    }

    /**
     * The commit of the run's end waits behind a checkpoint that fails: stored, it would leave out what that one held.
     */
    @Test
    void aCommitThatFailsLateLeavesNoGap(@TempDir Path directory) {
        List<RunSpec> runs = Experiment.parse(Ladders.TEXT, "ladders", directory, List.of("initialization.seed=0"))
                .runs();
        RunSpec run = runs.get(0);
        try (var output = OutputDirectory.open(directory.resolve("out"));
                var store = output.openStore()) {
            store.register(runs);
            var ended = new CountDownLatch(1);
            // Told of the open plateau just before the commit of the end is asked for.
            var listener = new Deaf() {
                @Override
                public void found(RunSpec of, Finding finding) {
                    if (finding instanceof Finding.PlateauFound found
                            && found.plateau().endStep() == null) {
                        ended.countDown();
                    }
                }
            };
            train(runs, failingOnceAfter(ended, store), listener);
            List<Snapshot> rows = new ArrayList<>();
            store.snapshots(run.id(), rows::add);
            assertThat(rows).isEqualTo(bare(run).allRows());
            assertThat(store.plateaus(run.id()))
                    .extracting(stored -> stored.plateau().number())
                    .containsExactly(0, 1, 2, 3, 4);
        }
    }

    /** A store whose first commit fails, but not before an event. */
    private static RunStore failingOnceAfter(CountDownLatch event, RunStore store) {
        var failed = new AtomicBoolean();
        return Committing.store(store, commits -> {
            if (failed.compareAndSet(false, true)) {
                assertThat(event.await(60, TimeUnit.SECONDS)).isTrue();
                throw new StoreException("disk full");
            }
            return store.commit(commits);
        });
    }

    /** Each commit takes until the trainings that it is of have ended. */
    @Test
    void aSlowStoreChangesNothing(@TempDir Path directory) throws Exception {
        List<RunSpec> runs =
                Experiment.parse(Ladders.TEXT, "ladders", directory, List.of()).runs();
        Set<String> ended = ConcurrentHashMap.newKeySet();
        var listener = new Deaf() {
            @Override
            public void found(RunSpec run, Finding finding) {
                if (finding instanceof Finding.PlateauFound found
                        && found.plateau().endStep() == null) {
                    ended.add(run.id());
                }
            }
        };
        try (var output = OutputDirectory.open(directory.resolve("slow"));
                var store = output.openStore()) {
            store.register(runs);
            var slow = Committing.store(store, commits -> {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> commits.stream().allMatch(commit -> ended.contains(commit.run())));
                return store.commit(commits);
            });
            train(runs, slow, listener);
            assertThat(Ladders.export(store, directory.resolve("export")))
                    .isEqualTo(Ladders.undisturbed(runs, directory));
        }
    }

    private void train(List<RunSpec> runs, RunStore store, FarmListener listener) {
        train(runs, store, new NoBoard(), listener);
    }

    private void train(List<RunSpec> runs, RunStore store, RunBoard board, FarmListener listener) {
        var workshop = new TaskWorkshop(tasks, new Workspaces(3, 0), "a processor");
        Ladders.train(runs, workshop, store, board, listener, 3);
    }

    private BareRun.Result bare(RunSpec run) {
        double rate = ((DescentSettings.GradientDescent) run.descent()).learningRate();
        return new BareRun(
                        run.architecture(),
                        run.loss(),
                        tasks.task(run.data(), run.loss()),
                        Kernels.of(run.backend()),
                        rate,
                        run.limits(),
                        run.stopRules(),
                        run.observe())
                .from(tasks.initialParameters(run));
    }

    private static List<Object> anatomy(StoredPlateau stored) {
        return anatomy(stored.saddle(), stored.escape());
    }

    private static List<Object> anatomy(@Nullable Saddle saddle, @Nullable Escape escape) {
        return List.of(
                Objects.requireNonNull(saddle), Optional.ofNullable(escape).map(BareRun::content));
    }
}
