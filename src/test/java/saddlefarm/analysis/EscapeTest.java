package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.BareRun;
import saddlefarm.BareRun.Result;
import saddlefarm.TestTasks;
import saddlefarm.analysis.Cadence.Kind;
import saddlefarm.analysis.Cadence.Look;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.data.Task;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Limits;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;
import saddlefarm.theory.EscapeDirection;
import saddlefarm.theory.EscapeLaw;
import saddlefarm.theory.EscapeSearch;

/**
 * How escapes are measured: on a ladder in closed form, on hand-made steps, and on real runs from escape directions.
 */
class EscapeTest {

    private static final Kernels KERNELS = Kernels.ordered();

    /** Nobody looks at anything. */
    private static final Probes BLIND = new Probes(
            parameters -> {
                throw new AssertionError("curvature is not wanted");
            },
            (deepest, flowTime, rank, curvature, left) -> new SaddleProbe.Findings(
                    new Saddle(null, rank, List.of(0), List.of(0.0), List.of(0.0), List.of(0)), null, null),
            weights -> 7);

    // --- a ladder in closed form ---

    /** By the definition: from the step of least gradient on, the first at which 2% of the loss are gone. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aPlateauIsMeasuredAtTheFirstDropOfItsLossBehindItsDeepestStep(Kind kind) {
        List<Escape> escapes = onLadder(kind, 5, task(), false);
        assertThat(escapes).extracting(Escape::step).isEqualTo(drops()).hasSize(4);
        for (Escape escape : escapes) {
            DescentState there = Ladder.state(escape.step());
            assertThat(escape.flowTime()).isEqualTo(there.flowTime());
            assertThat(escape.loss()).isEqualTo(there.loss());
        }
    }

    @Test
    void whereItIsMeasuredDoesNotDependOnTheRows() {
        List<Long> dense = steps(onLadder(Kind.LINEAR, 1, BLIND, false));
        assertThat(steps(onLadder(Kind.LINEAR, 1_000_000, BLIND, false))).isEqualTo(dense);
        assertThat(steps(onLadder(Kind.ADAPTIVE, 50, BLIND, false))).isEqualTo(dense);
    }

    @Test
    void theLookIsOneForEachPlateauAndIsSavedWhereThereIsARow() {
        assertThat(looks(1_000_000, Look.ESCAPE)).isEqualTo(drops());
        assertThat(looks(1, Look.ESCAPE)).isEmpty();
        assertThat(looks(1, Look.ROW)).hasSize(Ladder.STEPS + 1);
    }

    @Test
    void theDirectionIsTheWeightsAtTheOriginAndTheWayFromTheSaddleLater() {
        List<PlateauFound> found = found(Kind.LINEAR, 1, task(), false);
        for (int k = 0; k < 4; k++) {
            Escape escape = escape(found.get(k));
            Parameters there = Ladder.state(escape.step()).parameters();
            assertThat(escape.direction().toVector())
                    .isEqualTo(
                            k == 0
                                    ? there.toVector()
                                    : there.minus(found.get(k).parameters()).toVector());
            // Only mode k moves, in both layers alike; the others move less than a hundredth of that.
            assertThat(escape.energies())
                    .allSatisfy(energy -> assertThat(energy).isCloseTo(0.5, within(1e-12)));
            assertThat(escape.ratios())
                    .hasSize(2)
                    .allSatisfy(ratio -> assertThat(ratio).isGreaterThan(100));
            assertThat(Math.abs(escape.direction().weights(2).get(k, k)))
                    .isCloseTo(Math.sqrt(escape.direction().squaredNorm() / 2), withinPercentage(0.1));
        }
    }

    /**
     * At the saddle of rank k the displacement is e_k e_kᵀ in both layers, an eigenvector of −s_k; so is e_j e_kᵀ in
     * layer 1 with e_k e_jᵀ in layer 2 for each of the 4 − k units j that have learned nothing.
     */
    @Test
    void laterSaddlesAreLeftWithinTheirDirectionsDown() {
        List<PlateauFound> found = found(Kind.LINEAR, 1, task(), false);
        assertThat(escape(found.get(0)).cosine()).isNull();
        assertThat(escape(found.get(0)).leadingCosine()).isNull();
        for (int k = 1; k < 4; k++) {
            Escape escape = escape(found.get(k));
            // What the plateau before has still to learn is some thousandths of the way.
            assertThat(escape.cosine()).isCloseTo(1, within(1e-4));
            assertThat(escape.leadingCosine()).isPositive().isLessThanOrEqualTo(escape.cosine());
            var mode = Objects.requireNonNull(
                            Objects.requireNonNull(found.get(k).saddle()).index())
                    .modes()
                    .get(0);
            assertThat(mode.eigenvalue()).isCloseTo(-Ladder.STRENGTHS.get(k), withinPercentage(0.1));
        }
        // One unit is left for the last mode, so the eigenvalue is simple.
        assertThat(escape(found.get(3)).leadingCosine()).isCloseTo(1, within(1e-4));
    }

    /** {@code −Tr[Gᵀ Y]/c²} with a_j in mode j is Σ s_j a_j / Σ a_j: nearly 4, for the first mode is nearly alone. */
    @Test
    void onlyTheOriginHasASpeed() {
        List<Escape> escapes = onLadder(Kind.LINEAR, 1, task(), false);
        double drop = 0;
        double square = 0;
        for (int j = 0; j < 4; j++) {
            double root = escapes.get(0).direction().weights(1).get(j, j);
            drop += Ladder.STRENGTHS.get(j) * root * root;
            square += root * root;
        }
        assertThat(escapes.get(0).speed())
                .isCloseTo(drop / square, within(1e-12))
                .isCloseTo(4, within(1e-4));
        assertThat(escapes.subList(1, 4))
                .allSatisfy(escape -> assertThat(escape.speed()).isNull());
    }

    @Test
    void withBiasesOrWithoutCurvatureThatIsNotKnown() {
        var biased = new Architecture(List.of(10, 5, 10), Activation.LINEAR, true);
        assertThat(escape(first(biased)).speed()).isNull();
        var plain = new Architecture(List.of(10, 5, 10), Activation.LINEAR, false);
        assertThat(escape(first(plain)).speed()).isPositive();
        for (PlateauFound found : found(Kind.LINEAR, 5, task(), false, false)) {
            assertThat(escape(found).cosine()).isNull();
            assertThat(Objects.requireNonNull(found.saddle()).index()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aFinderFromTheStateOfAnyStepMeasuresTheSame(Kind kind) {
        assertThat(onLadder(kind, 7, task(), true).stream().map(BareRun::content))
                .isEqualTo(onLadder(kind, 7, task(), false).stream()
                        .map(BareRun::content)
                        .toList());
    }

    // --- hand-made steps: q = t |∇C|²/C is below 1 on a plateau ---

    /** Step, t, C, |∇C|². */
    private static final List<List<Double>> ORIGIN =
            List.of(List.of(0.0, 0.0, 1.0, 1e-3), List.of(1.0, 1.0, 1.0, 1e-4), List.of(2.0, 2.0, 0.999, 2e-4));

    @Test
    void aDropBeforeADeeperStepIsVoid() {
        var steps = new ArrayList<>(ORIGIN);
        steps.add(List.of(3.0, 3.0, 0.979, 3e-4)); // a drop from C(0) on the plateau
        steps.add(List.of(4.0, 4.0, 0.978, 1e-5)); // deeper: more than 2% below C(0), so its own loss counts
        steps.add(List.of(5.0, 5.0, 0.97, 2e-5));
        steps.add(List.of(6.0, 6.0, 0.958, 1e-3)); // 0.98 · 0.978 = 0.95844
        steps.add(List.of(7.0, 7.0, 0.95, 0.3));
        steps.add(List.of(8.0, 8.0, 0.9, 0.3));
        for (long every : new long[] {1, 1_000_000}) {
            assertThat(told(steps, every)).extracting(Escape::step).containsExactly(6L);
        }
    }

    @Test
    void theOriginIsMeasuredFromTheFirstLoss() {
        var steps = new ArrayList<>(ORIGIN);
        steps.add(List.of(3.0, 3.0, 0.99, 5e-5)); // the deepest step, of which 0.98 would be 0.9702
        steps.add(List.of(4.0, 4.0, 0.981, 1e-3));
        steps.add(List.of(5.0, 5.0, 0.98, 0.3));
        steps.add(List.of(6.0, 6.0, 0.9, 0.3));
        assertThat(told(steps, 1_000_000)).extracting(Escape::step).containsExactly(5L);
    }

    /** The row is the plateau's snapshot, and no way leads from it back to a step before it. */
    @Test
    void aDropBeforeTheDeepestRowIsVoidToo() {
        var steps = new ArrayList<>(ORIGIN);
        steps.add(List.of(3.0, 3.0, 0.97, 3e-4));
        steps.add(List.of(4.0, 4.0, 0.96, 5e-4)); // a row of less gradient than that of step 0
        steps.add(List.of(5.0, 5.0, 0.95, 0.3));
        steps.add(List.of(6.0, 6.0, 0.8, 0.3));
        PlateauFound found = tell(steps, 4).get(0);
        assertThat(found.plateau().deepestStep()).isEqualTo(4);
        assertThat(escape(found).step()).isEqualTo(5);
    }

    @Test
    void aPlateauThatIsNotLeftTakesItsDropWithIt() {
        var steps = new ArrayList<>(ORIGIN);
        steps.add(List.of(3.0, 3.0, 0.979, 0.9)); // an escape begins, 2.1% down
        steps.add(List.of(4.0, 4.0, 0.978, 1e-4)); // and ends unconfirmed: plateau 0 begins anew
        steps.add(List.of(5.0, 5.0, 0.977, 1e-3));
        steps.add(List.of(6.0, 6.0, 0.958, 0.3));
        steps.add(List.of(7.0, 7.0, 0.9, 0.3));
        List<PlateauFound> found = tell(steps, 1_000_000);
        assertThat(found).extracting(plateau -> plateau.plateau().startStep()).containsExactly(4L);
        assertThat(escape(found.get(0)).step()).isEqualTo(6);
        assertThat(escape(found.get(0)).speed()).as("not from the origin").isNull();
    }

    @Test
    void aStepThatDropsAndConfirmsIsTheMeasurement() {
        var steps = new ArrayList<>(ORIGIN);
        steps.add(List.of(3.0, 3.0, 0.99, 0.9));
        steps.add(List.of(4.0, 4.0, 0.7, 0.9));
        for (long every : new long[] {1, 1_000_000}) {
            assertThat(told(steps, every)).extracting(Escape::step).containsExactly(4L);
        }
    }

    @Test
    void evenWhereTheNextPlateauBeginsAtThatStep() {
        var steps = new ArrayList<>(ORIGIN);
        steps.add(List.of(3.0, 3.0, 0.99, 0.9));
        steps.add(List.of(4.0, 4.0, 0.7, 0.08)); // q = 0.46: half a decade up, far down, and slow again
        steps.add(List.of(5.0, 5.0, 0.699, 1e-3));
        for (long every : new long[] {1, 1_000_000}) {
            assertThat(told(steps, every)).extracting(Escape::step).containsExactly(4L);
        }
    }

    /** Rows of an escape that is confirmed are below the plateau too; its checkpoints need not hold one. */
    @Test
    void nothingIsKeptOfAPlateauOnceItIsLeft() {
        var finder = new SaddleFinder(
                settings(Kind.LINEAR, 1, false), StopRules.NONE, KERNELS, BLIND, SaddleFinder.State.INITIAL);
        finder.step(0, 0, 1, 1e-3);
        finder.row(Ladder.state(0));
        finder.step(1, 1, 0.97, 1.5);
        finder.row(new DescentState(1, 1, 0.97, 1.5, Ladder.state(1).parameters()));
        assertThat(finder.state().drop()).isNotNull();
        for (long step = 2; step < 4; step++) {
            finder.step(step, (double) step, 0.5, 1.5);
            finder.row(new DescentState(
                    step, (double) step, 0.5, 1.5, Ladder.state(step).parameters()));
            assertThat(finder.escapes()).isEqualTo(1);
            assertThat(finder.state().drop()).isNull();
        }
    }

    @Test
    void stepsWithoutALookAtTheDropAreADefect() {
        var finder = new SaddleFinder(
                settings(Kind.LINEAR, 1, false), StopRules.NONE, KERNELS, BLIND, SaddleFinder.State.INITIAL);
        finder.step(0, 0, 1, 1e-3);
        finder.row(Ladder.state(0));
        finder.step(1, 1, 0.99, 1.5);
        finder.step(2, 2, 0.5, 1.5);
        assertThatThrownBy(() -> finder.step(3, 3, 0.4, 1.5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no look at the drop from the plateau that began at step 0");
    }

    // --- real runs ---

    /**
     * From c0 ρ on an escape direction ρ of a linear network on whitened inputs, gradient descent stays on its ray, so
     * that the speed is s but for rounding. The time is that of the law to first order in the outputs: the second order
     * takes off s c³ a part c³/2s = .7% of the drop, and steps of .001 lag by less than their number of e-foldings.
     */
    @Test
    void aRunFromAnEscapeDirectionStaysOnItAndLeavesWhenTheLawSays() {
        Task task = TestTasks.linearTeacher(3);
        var architecture = new Architecture(List.of(10, 6, 6, 10), Activation.LINEAR, false);
        EscapeDirection direction = direction(architecture, task);
        Parameters start = direction.weights().copy();
        scale(start, 0.05);
        var run = bareRun(architecture, task, 1e-3, new Limits(0, 0, 8, 0), false);
        PlateauFound origin = run.from(start).plateaus().get(0);
        Escape escape = escape(origin);
        double cosine =
                Vectors.dot(escape.direction().toVector(), direction.weights().toVector())
                        / Math.sqrt(escape.direction().squaredNorm()
                                * direction.weights().squaredNorm());
        assertThat(cosine).isCloseTo(1, within(1e-9));
        assertThat(direction.speed()).isCloseTo(4, within(1e-9));
        assertThat(escape.speed()).isCloseTo(direction.speed(), within(1e-6));
        assertThat(escape.ratios()).allSatisfy(ratio -> assertThat(ratio).isGreaterThan(1e5));
        assertThat(escape.energies()).allSatisfy(energy -> assertThat(energy).isCloseTo(1 / 3.0, within(1e-9)));
        double atOrigin = 10.625;
        double predicted = new EscapeLaw(3, direction.speed()).timeToDrop(0.05, atOrigin, 0.02);
        assertThat(escape.flowTime()).isGreaterThan(predicted).isCloseTo(predicted, withinPercentage(0.5));
        assertThat(escape.loss()).isLessThanOrEqualTo(0.98 * atOrigin).isCloseTo(0.98 * atOrigin, withinPercentage(1));
    }

    /** As config/linear-teacher-L3.conf measures: cosines from .9966 on, and each layer's direction of rank one. */
    @Test
    void aLinearNetworkLeavesEverySaddleAlongOneSingularVector() {
        Task task = TestTasks.linearTeacher(0);
        var architecture = new Architecture(List.of(10, 20, 10), Activation.LINEAR, false);
        var run = bareRun(architecture, task, 0.0375, new Limits(0, 0, 1e-8, 0), true);
        Parameters start = Initialization.gaussian(architecture, 1e-6, RandomStream.of(0, "initialization"));
        Result result = run.from(start);
        assertThat(result.plateaus()).hasSize(4);
        for (PlateauFound found : result.plateaus().subList(1, 4)) {
            Escape escape = escape(found);
            assertThat(escape.cosine()).isGreaterThan(0.99);
            assertThat(escape.ratios()).allSatisfy(ratio -> assertThat(ratio).isGreaterThan(10));
        }
        PlateauFound open = Objects.requireNonNull(result.closing().plateau());
        assertThat(open.escape()).isNull();
        assertThat(open.saddle()).isNotNull();
    }

    /** A run that goes on from any step between the drop and its confirmation, and from those around it. */
    @ParameterizedTest
    @ValueSource(longs = {5, 1_000_000})
    void aRunThatIsTakenUpBetweenTheDropAndItsConfirmationMeasuresTheSame(long everySteps) {
        Task task = TestTasks.linearTeacher(1);
        var architecture = new Architecture(List.of(10, 20, 10), Activation.LINEAR, false);
        var settings = settings(Kind.LINEAR, everySteps, false);
        var limits = new Limits(0, 0, 1e-8, 0);
        var run = new BareRun(architecture, Loss.MSE, task, KERNELS, 0.0375, limits, StopRules.NONE, settings);
        Parameters start = Initialization.gaussian(architecture, 1e-6, RandomStream.of(1, "initialization"));
        Result whole = run.from(start);
        var marked = new HashSet<Long>();
        for (PlateauFound found : whole.plateaus()) {
            long drop = escape(found).step();
            long end = Objects.requireNonNull(found.plateau().endStep());
            for (long step = Math.min(drop, end) - 2; step <= Math.max(drop, end) + 12; step++) {
                marked.add(step);
            }
        }
        Result again = run.from(start, marked);
        long pending = again.marks().values().stream()
                .filter(mark -> mark.checkpoint().analysis().drop() != null)
                .count();
        assertThat(pending).as("marks with a drop that is not confirmed").isGreaterThan(10);
        again.marks()
                .forEach((step, mark) -> assertThat(run.from(mark.checkpoint()).plateaus())
                        .as("from step " + step)
                        .extracting(BareRun::content)
                        .isEqualTo(whole
                                .plateaus()
                                .subList(mark.plateaus(), whole.plateaus().size())
                                .stream()
                                .map(BareRun::content)
                                .toList()));
    }

    private static BareRun bareRun(
            Architecture architecture, Task task, double rate, Limits limits, boolean curvature) {
        return new BareRun(
                architecture,
                Loss.MSE,
                task,
                KERNELS,
                rate,
                limits,
                StopRules.NONE,
                settings(Kind.ADAPTIVE, 5, curvature));
    }

    private static EscapeDirection direction(Architecture architecture, Task task) {
        var slope = Loss.MSE.gradientAtZero(task.targets(), KERNELS);
        return new EscapeSearch(architecture, task.inputs(), slope, KERNELS)
                .direction(0)
                .orElseThrow();
    }

    private static void scale(Parameters parameters, double factor) {
        double[] vector = parameters.toVector();
        Vectors.scale(factor, vector);
        parameters.set(vector);
    }

    /** The origin of a run of a small network. */
    private static PlateauFound first(Architecture architecture) {
        Task task = TestTasks.linearTeacher(2);
        Parameters start = Initialization.gaussian(architecture, 1e-3, RandomStream.of(2, "initialization"));
        return bareRun(architecture, task, 0.03, new Limits(0, 0, 5, 0), false)
                .from(start)
                .plateaus()
                .get(0);
    }

    // --- the ladder ---

    /** The task of the ladder: four whitened samples and the strengths on a diagonal. */
    private static Probes task() {
        var inputs = new DMatrixRMaj(4, 4);
        var targets = new DMatrixRMaj(4, 4);
        for (int j = 0; j < 4; j++) {
            inputs.set(j, j, 2);
            targets.set(j, j, 2 * Ladder.STRENGTHS.get(j));
        }
        return BareRun.probes(Loss.MSE, new Task(inputs, targets), KERNELS);
    }

    private static List<Long> drops() {
        List<Long> drops = new ArrayList<>();
        boolean escape = false;
        boolean dropped = false;
        double least = Double.POSITIVE_INFINITY;
        double reference = Ladder.loss(0);
        for (long step = 0; step <= Ladder.STEPS; step++) {
            double t = Ladder.time(step);
            if (Ladder.loss(t) < 1e-10 * Ladder.loss(0)) {
                return drops;
            }
            if (escape && Ladder.pace(t) < 0.5) {
                escape = false;
                dropped = false;
                least = Double.POSITIVE_INFINITY;
            } else if (Ladder.pace(t) > 1) {
                escape = true;
            }
            if (!escape && Ladder.squaredGradientNorm(t) < least) {
                least = Ladder.squaredGradientNorm(t);
                reference = Ladder.loss(t);
            } else if (!dropped && Ladder.loss(t) <= 0.98 * reference) {
                dropped = true;
                drops.add(step);
            }
        }
        return drops;
    }

    private static List<Long> looks(long everySteps, Look wanted) {
        var cadence = new Cadence(Kind.LINEAR, everySteps, Cadence.State.INITIAL);
        List<Long> steps = new ArrayList<>();
        for (long step = 0; step <= Ladder.STEPS; step++) {
            double t = Ladder.time(step);
            if (cadence.at(step, t, Ladder.loss(t), Ladder.squaredGradientNorm(t)) == wanted) {
                steps.add(step);
            }
        }
        return steps;
    }

    private static List<Escape> onLadder(Kind kind, long everySteps, Probes probes, boolean renewed) {
        boolean curvature = !probes.equals(BLIND);
        return found(kind, everySteps, probes, renewed, curvature).stream()
                .map(EscapeTest::escape)
                .toList();
    }

    private static List<PlateauFound> found(Kind kind, long everySteps, Probes probes, boolean renewed) {
        return found(kind, everySteps, probes, renewed, true);
    }

    private static List<PlateauFound> found(
            Kind kind, long everySteps, Probes probes, boolean renewed, boolean curvature) {
        List<DescentState> states = new ArrayList<>();
        for (long step = 0; step <= Ladder.STEPS; step++) {
            states.add(Ladder.state(step));
        }
        return tell(states, settings(kind, everySteps, curvature), probes, renewed);
    }

    private static List<Long> steps(List<Escape> escapes) {
        return escapes.stream().map(Escape::step).toList();
    }

    private static List<Escape> told(List<List<Double>> steps, long everySteps) {
        return tell(steps, everySteps).stream().map(EscapeTest::escape).toList();
    }

    private static List<PlateauFound> tell(List<List<Double>> steps, long everySteps) {
        List<DescentState> states = steps.stream()
                .map(step -> new DescentState(
                        step.get(0).longValue(),
                        step.get(1),
                        step.get(2),
                        step.get(3),
                        Ladder.state(step.get(0).longValue()).parameters()))
                .toList();
        return tell(states, settings(Kind.LINEAR, everySteps, false), BLIND, false);
    }

    /** What a finder finds that is shown what the cadence picks, or a new one at each step. */
    private static List<PlateauFound> tell(
            List<DescentState> states, ObserveSettings settings, Probes probes, boolean renewed) {
        var finder = new SaddleFinder(settings, StopRules.NONE, KERNELS, probes, SaddleFinder.State.INITIAL);
        var cadence = new Cadence(settings.cadence(), settings.everySteps(), Cadence.State.INITIAL);
        List<PlateauFound> found = new ArrayList<>();
        for (DescentState state : states) {
            if (renewed) {
                finder = new SaddleFinder(settings, StopRules.NONE, KERNELS, probes, finder.state());
                cadence = new Cadence(settings.cadence(), settings.everySteps(), cadence.state());
            }
            finder.step(state.step(), state.flowTime(), state.loss(), state.squaredGradientNorm());
            switch (cadence.at(state.step(), state.flowTime(), state.loss(), state.squaredGradientNorm())) {
                case ROW -> finder.row(state);
                case PROBE -> finder.probe(state);
                case ESCAPE -> finder.drop(state);
                case NONE -> {}
            }
            for (Finding finding : finder.drain()) {
                if (finding instanceof PlateauFound plateau) {
                    found.add(plateau);
                }
            }
        }
        return found;
    }

    private static ObserveSettings settings(Kind kind, long everySteps, boolean curvature) {
        return new ObserveSettings(kind, everySteps, 10, curvature);
    }

    private static Escape escape(PlateauFound found) {
        return Objects.requireNonNull(found.escape());
    }
}
