package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Probes;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Commit;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.Training;
import saddlefarm.store.OutputDirectory;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/** A farm whose trainers or analyzers throw again and again exports what one does that works. */
class ThrowingFarmTest {

    /** {@code farm.max-restarts}, as it is by default. */
    private static final int MAX_RESTARTS = 5;

    private enum Part {
        TRAINER(50),
        ANALYZER(2);

        private final int nth;

        Part(int nth) {
            this.nth = nth;
        }
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Part.class)
    void exceptionsLeaveNoTrace(Part part) throws Exception {
        List<RunSpec> runs = Experiment.parse(Ladders.TEXT, "ladders", directory, List.of("checkpoint.every=1ms"))
                .runs();
        var workshop = new Throwing(part);
        try (var output = OutputDirectory.open(directory.resolve("disturbed"));
                var store = output.openStore()) {
            store.register(runs);
            Ladders.train(runs, workshop, workshop.told(store), new NoBoard(), new Deaf(), MAX_RESTARTS);
            assertThat(store.runs()).extracting(run -> run.status()).containsOnly(RunStatus.COMPLETED);
            assertThat(Ladders.export(store, directory.resolve("export")))
                    .isEqualTo(Ladders.undisturbed(runs, directory));
        }
        assertThat(workshop.thrown.get()).isGreaterThan(runs.size());
    }

    /** Every n-th step or look of a run throws, once a commit was stored since: otherwise the run would not get on. */
    private static final class Throwing implements Workshop {

        private final TaskWorkshop sound = new TaskWorkshop(new TaskLibrary(), new Workspaces(3, 0), "a processor");
        private final Part part;
        private final Map<String, Integer> calls = new ConcurrentHashMap<>();
        private final Map<String, Long> committedBy = new ConcurrentHashMap<>();
        private final Set<String> committed = ConcurrentHashMap.newKeySet();
        private final AtomicInteger thrown = new AtomicInteger();

        Throwing(Part part) {
            this.part = part;
        }

        /** A store of whose commits this is told. An owner's second one says that it has read of the first. */
        RunStore told(RunStore store) {
            return Committing.store(store, commits -> {
                List<Boolean> owned = store.commit(commits);
                for (Commit commit : commits) {
                    if (Objects.equals(committedBy.put(commit.run(), commit.epoch()), commit.epoch())) {
                        committed.add(commit.run());
                    }
                }
                return owned;
            });
        }

        private void call(Part where, RunSpec run) {
            if (where == part && calls.merge(run.id(), 1, Integer::sum) % part.nth == 0 && committed.remove(run.id())) {
                thrown.incrementAndGet();
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public Training training(RunSpec run, @Nullable Checkpoint from) {
            DescentState start =
                    from == null ? DescentState.initial(sound.tasks().initialParameters(run)) : from.descent();
            var descent = new ThrowingDescent(sound.descent(run, start), () -> call(Part.TRAINER, run));
            var cadence = new Cadence(
                    run.observe().cadence(),
                    run.observe().everySteps(),
                    from == null ? Cadence.State.INITIAL : from.cadence());
            return from == null
                    ? Training.begin(descent, cadence, run.limits())
                    : Training.resume(descent, cadence, run.limits(), null);
        }

        /** The speed at the origin's escape and each saddle's anatomy are asked for while a run is analyzed. */
        @Override
        public SaddleFinder finder(RunSpec run, @Nullable Checkpoint from) {
            Probes probes = sound.probes(run, Kernels.ordered());
            return new SaddleFinder(
                    run.observe(),
                    run.stopRules(),
                    Kernels.ordered(),
                    new Probes(
                            parameters -> {
                                call(Part.ANALYZER, run);
                                return probes.curvature().at(parameters);
                            },
                            (deepest, flowTime, rank, curvature, left) -> {
                                call(Part.ANALYZER, run);
                                return probes.saddle().at(deepest, flowTime, rank, curvature, left);
                            },
                            weights -> {
                                call(Part.ANALYZER, run);
                                return probes.speed().applyAsDouble(weights);
                            }),
                    from == null ? SaddleFinder.State.INITIAL : from.analysis());
        }

        @Override
        public Prediction prediction(RunSpec run, Predicted<Parameters> left, @Nullable Theory kin) {
            return sound.prediction(run, left, kin);
        }

        @Override
        public long memory(RunSpec run) {
            return sound.memory(run);
        }

        @Override
        public String machine(RunSpec run) {
            return sound.machine(run);
        }
    }

    private record ThrowingDescent(Descent sound, Runnable call) implements Descent {

        @Override
        public void evaluate() {
            sound.evaluate();
        }

        @Override
        public void advance() {
            call.run();
            sound.advance();
        }

        @Override
        public void rest() {
            sound.rest();
        }

        @Override
        public long step() {
            return sound.step();
        }

        @Override
        public double flowTime() {
            return sound.flowTime();
        }

        @Override
        public double loss() {
            return sound.loss();
        }

        @Override
        public double squaredGradientNorm() {
            return sound.squaredGradientNorm();
        }

        @Override
        public Parameters parameters() {
            return sound.parameters();
        }

        @Override
        public boolean finite() {
            return sound.finite();
        }

        @Override
        public DescentState state() {
            return sound.state();
        }

        @Override
        public DescentState previousState() {
            return sound.previousState();
        }
    }
}
