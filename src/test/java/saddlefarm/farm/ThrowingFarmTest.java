package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Probes;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.Snapshot;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Parameters;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.Training;
import saddlefarm.store.OutputDirectory;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/** A farm whose trainers or analyzers throw again and again stores what one does that works. */
class ThrowingFarmTest {

    private enum Part {
        TRAINER,
        ANALYZER
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Part.class)
    void exceptionsLeaveNoTrace(Part part) {
        List<RunSpec> runs =
                Experiment.parse(Ladders.TEXT, "ladders", directory, List.of()).runs();
        var workshop = new Throwing(part, part == Part.TRAINER ? 100 : 2);
        assertThat(rows(runs, workshop, "disturbed")).isEqualTo(rows(runs, workshop.sound, "undisturbed"));
        assertThat(workshop.thrown.get()).isGreaterThan(4);
    }

    private List<List<?>> rows(List<RunSpec> runs, Workshop workshop, String name) {
        try (var output = OutputDirectory.open(directory.resolve(name));
                var store = output.openStore()) {
            store.register(runs);
            // far more restarts than there are exceptions
            Ladders.train(runs, workshop, store, new NoBoard(), new Deaf(), 1000);
            assertThat(store.runs()).extracting(run -> run.status()).containsOnly(RunStatus.COMPLETED);
            List<List<?>> all = new ArrayList<>();
            for (RunSpec run : runs) {
                List<Snapshot> rows = new ArrayList<>();
                store.snapshots(run.id(), rows::add);
                all.add(rows);
                all.add(store.plateaus(run.id()).stream()
                        .map(stored -> stored.plateau())
                        .toList());
                all.add(store.transitions(run.id()));
            }
            return all;
        }
    }

    /** Steps or looks of any run throw now and then. */
    private static final class Throwing implements Workshop {

        private final TaskWorkshop sound = new TaskWorkshop(new TaskLibrary(), new Workspaces(3, 0), "a processor");
        private final Part part;
        private final int first;
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger next;
        private final AtomicInteger thrown = new AtomicInteger();

        Throwing(Part part, int first) {
            this.part = part;
            this.first = first;
            next = new AtomicInteger(first);
        }

        /** After ever more calls, so that some day there is time for a commit in between. */
        private void call(Part where) {
            if (where == part && calls.incrementAndGet() >= next.get()) {
                next.set(calls.get() + (int) (first * Math.pow(1.4, thrown.incrementAndGet())));
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public Training training(RunSpec run, @Nullable Checkpoint from) {
            DescentState start =
                    from == null ? DescentState.initial(sound.tasks().initialParameters(run)) : from.descent();
            var descent = new ThrowingDescent(sound.descent(run, start), () -> call(Part.TRAINER));
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
                                call(Part.ANALYZER);
                                return probes.curvature().at(parameters);
                            },
                            (deepest, flowTime, rank, curvature, left) -> {
                                call(Part.ANALYZER);
                                return probes.saddle().at(deepest, flowTime, rank, curvature, left);
                            },
                            weights -> {
                                call(Part.ANALYZER);
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
