package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.BareRun;
import saddlefarm.BareRun.Mark;
import saddlefarm.BareRun.Result;
import saddlefarm.TestTasks;
import saddlefarm.analysis.Finding.Candidate;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.analysis.Plateau.Kind;
import saddlefarm.data.Task;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;
import saddlefarm.descent.Limits;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Lanczos.Ritz;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/** The analysis as a whole: on a ladder in closed form, on hand-made steps, and on real runs of two-layer networks. */
class SaddleFinderTest {

    private static final Probes FORBIDDEN = probes(parameters -> {
        throw new AssertionError("curvature is not wanted");
    });

    private static final Probes TELLING = probes(SaddleFinderTest::telling);

    // --- a ladder in closed form ---

    @Test
    void onALadderPlateauKHasRankKAndTheLossOfWhatIsNotLearned() {
        List<PlateauFound> plateaus = onLadder(settings(Cadence.Kind.ADAPTIVE, 5, false), FORBIDDEN, false).stream()
                .filter(PlateauFound.class::isInstance)
                .map(PlateauFound.class::cast)
                .toList();
        assertThat(plateaus).hasSize(4);
        for (int k = 0; k < 4; k++) {
            Plateau plateau = plateaus.get(k).plateau();
            assertThat(plateau.number()).isEqualTo(k);
            assertThat(plateau.rank()).isEqualTo(k);
            assertThat(plateau.layerRanks()).containsExactly(k, k);
            assertThat(plateau.kind()).isEqualTo(Kind.SADDLE);
            // At its deepest step the last mode lacks, and the next has learned, less than a hundredth.
            assertThat(plateau.loss()).isCloseTo(notLearned(k), withinPercentage(0.1));
        }
    }

    @Test
    void aPlateauIsFollowedByTheTransitionThatLeavesIt() {
        List<Finding> findings = onLadder(settings(Cadence.Kind.ADAPTIVE, 5, false), FORBIDDEN, false);
        assertThat(findings).hasSize(8);
        for (int k = 0; k < 4; k++) {
            Plateau left = ((PlateauFound) findings.get(2 * k)).plateau();
            assertThat(findings.get(2 * k + 1))
                    .isEqualTo(new Transition(
                            k + 1,
                            Objects.requireNonNull(left.endStep()),
                            Objects.requireNonNull(left.endTime()),
                            left.rank()));
        }
    }

    @ParameterizedTest
    @EnumSource(Cadence.Kind.class)
    void aFinderFromTheStateOfAnyStepFindsTheSame(Cadence.Kind kind) {
        var settings = settings(kind, 7, true);
        assertThat(lasting(onLadder(settings, TELLING, true))).isEqualTo(lasting(onLadder(settings, TELLING, false)));
    }

    @Test
    void curvatureIsThatOfTheDeepestSnapshotAndTheOriginHasNone() {
        for (Finding finding : onLadder(settings(Cadence.Kind.LINEAR, 5, true), TELLING, false)) {
            if (finding instanceof PlateauFound found) {
                Plateau plateau = found.plateau();
                if (plateau.number() == 0) {
                    assertThat(plateau.lambdaMin()).isNull();
                    assertThat(plateau.lambdaMax()).isNull();
                } else {
                    double norm =
                            Ladder.state(plateau.deepestStep()).parameters().squaredNorm();
                    assertThat(plateau.lambdaMin()).isEqualTo(-norm);
                    assertThat(plateau.lambdaMax()).isEqualTo(norm);
                    assertThat(found.parameters().squaredNorm()).isEqualTo(norm);
                }
            }
        }
    }

    @Test
    void theOriginIsNeverProbed() {
        var finder = new SaddleFinder(
                settings(Cadence.Kind.LINEAR, 1, true),
                StopRules.NONE,
                Kernels.ordered(),
                FORBIDDEN,
                SaddleFinder.State.INITIAL);
        for (long step = 0; Ladder.time(step) < Ladder.halfTime(0) + 0.2; step++) {
            tell(finder, step);
            finder.row(Ladder.state(step));
        }
        assertThat(finder.escapes()).isEqualTo(1);
    }

    @Test
    void anOpenPlateauIsPublishedAsACandidateOfItsRank() {
        List<Integer> candidates = new ArrayList<>();
        for (Finding finding : onLadder(settings(Cadence.Kind.LINEAR, 1, true), TELLING, false)) {
            if (finding instanceof Candidate candidate) {
                candidates.add(candidate.rank());
                // Its λ_min of −‖θ‖² ≤ −8 at t > 3 is that of a saddle.
                assertThat(candidate.kind()).isEqualTo(Kind.SADDLE);
            } else if (finding instanceof PlateauFound found && found.plateau().number() > 0) {
                assertThat(candidates)
                        .as("before plateau " + found.plateau().number())
                        .isNotEmpty()
                        .containsOnly(found.plateau().rank());
                candidates.clear();
            }
        }
    }

    // --- hand-made steps ---

    @Test
    void aCandidateIsProbedAgainWhenItIsTenTimesFlatterOrTwiceAsOld() {
        var finder = onSecondPlateau();
        assertThat(candidates(finder, 20, 200, 1e-3)).as("first look").isEqualTo(1);
        assertThat(candidates(finder, 21, 210, 1.01e-4)).as("not flat enough").isZero();
        assertThat(candidates(finder, 22, 220, 0.99e-4)).as("ten times flatter").isEqualTo(1);
        assertThat(candidates(finder, 23, 439, 0.98e-4)).as("not old enough").isZero();
        assertThat(candidates(finder, 24, 440, 0.97e-4)).as("twice as old").isEqualTo(1);
        assertThat(candidates(finder, 25, 2000, 0.97e-4))
                .as("no deeper than before")
                .isZero();
    }

    @Test
    void everyPlateauIsMeasuredAgainstItsOwnProbes() {
        var finder = onSecondPlateau();
        assertThat(candidates(finder, 20, 200, 1e-3)).isEqualTo(1);
        // An escape, and a plateau that is neither flatter than the last one nor twice as old.
        finder.step(21, 201, 0.4, 1);
        finder.step(22, 202, 0.3, 5e-4);
        finder.probe(state(22, 202, 5e-4));
        assertThat(finder.drain()).filteredOn(Candidate.class::isInstance).hasSize(1);
    }

    @Test
    void nothingIsACandidateDuringAnEscape() {
        var finder = onSecondPlateau();
        assertThat(candidates(finder, 20, 200, 1e-3)).isEqualTo(1);
        finder.step(21, 210, 0.4, 1);
        // More than twice as old as at the last probe.
        finder.step(22, 500, 0.3, 1);
        assertThat(finder.plateauSince()).isNull();
        finder.row(state(22, 500, 1));
        assertThat(finder.drain()).hasSize(2).noneMatch(Candidate.class::isInstance);
    }

    @Test
    void onlyARunThatHasConvergedEndsAtAMinimum() {
        assertThat(closingKind(0.1, Ending.LOSS)).isEqualTo(Kind.MINIMUM);
        assertThat(closingKind(0.1, Ending.GRADIENT_NORM)).isEqualTo(Kind.MINIMUM);
        assertThat(closingKind(0.1, Ending.MAX_STEPS)).isEqualTo(Kind.CANDIDATE);
        assertThat(closingKind(0.1, Ending.DIVERGED)).isEqualTo(Kind.CANDIDATE);
        assertThat(closingKind(-0.1, Ending.LOSS)).isEqualTo(Kind.CANDIDATE);
    }

    @Test
    void aFinderFromTheStateOfItsLastRowEndsThereWithoutAnother() {
        var settings = settings(Cadence.Kind.LINEAR, 1, false);
        var finder =
                new SaddleFinder(settings, StopRules.NONE, Kernels.ordered(), FORBIDDEN, SaddleFinder.State.INITIAL);
        tell(finder, 10);
        finder.row(Ladder.state(10));
        var renewed = new SaddleFinder(settings, StopRules.NONE, Kernels.ordered(), FORBIDDEN, finder.state());
        assertThat(renewed.close(Ladder.state(10), Ending.MAX_STEPS).row()).isNull();
    }

    @Test
    void stepsWithoutALookAtThePlateauAreADefect() {
        var finder = new SaddleFinder(
                settings(Cadence.Kind.LINEAR, 1, false),
                StopRules.NONE,
                Kernels.ordered(),
                FORBIDDEN,
                SaddleFinder.State.INITIAL);
        finder.step(0, 0, 1, 0.01);
        finder.step(1, 1, 1, 2);
        assertThatThrownBy(() -> finder.step(2, 2, 0.5, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no snapshot on the plateau that began at step 0");
    }

    @Test
    void aRowHasTheNormsOfItsStateAndNoMoreSingularValuesThanWanted() {
        var settings = new ObserveSettings(Cadence.Kind.LINEAR, 1, 3, false);
        var finder =
                new SaddleFinder(settings, StopRules.NONE, Kernels.ordered(), FORBIDDEN, SaddleFinder.State.INITIAL);
        DescentState state = Ladder.state(2000);
        tell(finder, 2000);
        Snapshot row = finder.row(state);
        assertThat(row.step()).isEqualTo(2000);
        assertThat(row.flowTime()).isEqualTo(state.flowTime());
        assertThat(row.loss()).isEqualTo(state.loss());
        assertThat(row.gradientNorm()).isEqualTo(Math.sqrt(state.squaredGradientNorm()));
        assertThat(row.parameterNorm()).isEqualTo(Math.sqrt(state.parameters().squaredNorm()));
        assertThat(row.spectra().depth()).isEqualTo(2);
        assertThat(row.spectra().count(1)).isEqualTo(3);
        // A checkpoint holds no more of the start than the rank needs.
        assertThat(Objects.requireNonNull(finder.state().initial()).count(1)).isEqualTo(1);
    }

    // --- real runs ---

    private static final Architecture ARCHITECTURE = new Architecture(List.of(10, 20, 10), Activation.LINEAR, false);
    private static final Limits TO_THE_END = new Limits(0, 0, 1e-8, 0);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void aPlateausNumbersAreThoseOfItsRowOfLeastGradient(long seed) {
        Result result = run(seed, new ObserveSettings(Cadence.Kind.LINEAR, 1, 3, false), TO_THE_END);
        assertThat(result.plateaus()).hasSize(4);
        for (PlateauFound found : result.plateaus()) {
            Plateau plateau = found.plateau();
            long end = Objects.requireNonNull(plateau.endStep());
            Snapshot deepest = result.rows().stream()
                    .filter(row -> row.step() >= plateau.startStep() && row.step() < end)
                    .min(Comparator.comparingDouble(Snapshot::gradientNorm))
                    .orElseThrow();
            assertThat(plateau.deepestStep()).isEqualTo(deepest.step());
            assertThat(plateau.loss()).isEqualTo(deepest.loss());
            assertThat(plateau.gradientNorm()).isEqualTo(deepest.gradientNorm());
            assertThat(plateau.rank()).isEqualTo(deepest.rank());
            assertThat(found.spectra()).isEqualTo(deepest.spectra());
            assertThat(Spectra.of(found.parameters(), Kernels.ordered()).leading(3))
                    .isEqualTo(found.spectra());
        }
    }

    @Test
    void withoutRowsAPlateausNumbersAreThoseOfTheProbeAtItsStart() {
        Result result = run(0, settings(Cadence.Kind.LINEAR, 1_000_000, false), TO_THE_END);
        assertThat(result.rows()).hasSize(1);
        assertThat(result.plateaus())
                .hasSize(4)
                .allSatisfy(found -> assertThat(found.plateau().deepestStep())
                        .isEqualTo(found.plateau().startStep()));
    }

    @Test
    void whereAPlateauBeginsAndEndsDoesNotDependOnTheRows() {
        Result dense = run(0, settings(Cadence.Kind.LINEAR, 1, false), TO_THE_END);
        Result sparse = run(0, settings(Cadence.Kind.LINEAR, 1_000_000, false), TO_THE_END);
        assertThat(sparse.transitions()).isEqualTo(dense.transitions());
        assertThat(sparse.plateaus())
                .extracting(found -> found.plateau().startStep())
                .isEqualTo(dense.plateaus().stream()
                        .map(found -> found.plateau().startStep())
                        .toList());
    }

    @Test
    void curvatureIsComputedAtPlateausAndChangesNothingElse() {
        Result with = run(0, settings(Cadence.Kind.ADAPTIVE, 5, true), TO_THE_END);
        Result without = run(0, settings(Cadence.Kind.ADAPTIVE, 5, false), TO_THE_END);
        assertThat(with.plateaus()).hasSize(4);
        for (int k = 0; k < 4; k++) {
            Plateau plateau = with.plateaus().get(k).plateau();
            if (k > 0) {
                var at = probe(TestTasks.linearTeacher(0))
                        .at(with.plateaus().get(k).parameters());
                assertThat(plateau.lambdaMin()).isEqualTo(at.least().value());
                assertThat(plateau.lambdaMax()).isEqualTo(at.greatest().value());
            }
            assertThat(without.plateaus().get(k).plateau()).isEqualTo(withoutCurvature(plateau));
        }
        assertThat(without.allRows()).isEqualTo(with.allRows());
        assertThat(without.transitions()).isEqualTo(with.transitions());
    }

    @Test
    void aRunThatConvergesEndsWithAMinimumAtItsLastStep() {
        Result result = run(0, settings(Cadence.Kind.LINEAR, 100, true), TO_THE_END);
        assertThat(result.ending()).isEqualTo(Ending.LOSS);
        PlateauFound arrived = Objects.requireNonNull(result.closing().plateau());
        Plateau plateau = arrived.plateau();
        assertThat(plateau.kind()).isEqualTo(Kind.MINIMUM);
        assertThat(plateau.number()).isEqualTo(4);
        assertThat(plateau.rank()).isEqualTo(4).isEqualTo(result.closing().rank());
        assertThat(plateau.startStep()).isEqualTo(result.last().step());
        assertThat(plateau.deepestStep()).isEqualTo(result.last().step());
        assertThat(plateau.endStep()).isNull();
        assertThat(plateau.endTime()).isNull();
        // The sharpness of the minimum is L s_1^{2 − 2/L} = 8.
        assertThat(plateau.lambdaMax()).isCloseTo(8, withinPercentage(0.01));
        Snapshot row = Objects.requireNonNull(result.closing().row());
        assertThat(row.step()).isEqualTo(result.last().step());
        assertThat(row.spectra()).isEqualTo(arrived.spectra());
    }

    @Test
    void withoutCurvatureNobodyKnowsAMinimum() {
        Result result = run(0, settings(Cadence.Kind.LINEAR, 100, false), TO_THE_END);
        assertThat(closingPlateau(result).kind()).isEqualTo(Kind.CANDIDATE);
        assertThat(closingPlateau(result).lambdaMin()).isNull();
    }

    @Test
    void aLastStateThatIsARowGetsNoOther() {
        long last = run(0, settings(Cadence.Kind.LINEAR, 100, false), TO_THE_END)
                .last()
                .step();
        Result result = run(0, settings(Cadence.Kind.LINEAR, last, false), TO_THE_END);
        assertThat(result.closing().row()).isNull();
        assertThat(result.rows()).extracting(Snapshot::step).containsExactly(0L, last);
    }

    @Test
    void aRunThatIsCutOnAPlateauLeavesItAsACandidate() {
        var settings = settings(Cadence.Kind.ADAPTIVE, 5, true);
        Result whole = run(0, settings, TO_THE_END);
        Plateau second = whole.plateaus().get(2).plateau();
        long middle = (second.startStep() + Objects.requireNonNull(second.endStep())) / 2;
        Result cut = run(0, settings, new Limits(middle, 0, 0, 0));
        Plateau candidate = closingPlateau(cut);
        assertThat(cut.plateaus()).hasSize(2);
        assertThat(candidate.kind()).isEqualTo(Kind.CANDIDATE);
        assertThat(candidate.number()).isEqualTo(2);
        assertThat(candidate.rank()).isEqualTo(2);
        assertThat(candidate.startStep()).isEqualTo(second.startStep());
        assertThat(candidate.startTime()).isEqualTo(second.startTime());
        assertThat(candidate.endStep()).isNull();
        assertThat(candidate.endTime()).isNull();
        // The next strength, less what rounding and finite time leave.
        assertThat(candidate.lambdaMin()).isCloseTo(-1, withinPercentage(1));
    }

    @Test
    void aRunThatIsCutInAnEscapeHasNoOpenPlateauOnceItIsConfirmed() {
        var settings = settings(Cadence.Kind.ADAPTIVE, 5, true);
        Result whole = run(0, settings, TO_THE_END);
        long end = whole.transitions().get(1).step();
        long next = whole.plateaus().get(2).plateau().startStep();
        Result unconfirmed = run(0, settings, new Limits(end, 0, 0, 0));
        assertThat(closingPlateau(unconfirmed).number()).isEqualTo(1);
        assertThat(closingPlateau(unconfirmed).kind()).isEqualTo(Kind.CANDIDATE);
        assertThat(closingPlateau(unconfirmed).endStep()).isNull();
        assertThat(unconfirmed.transitions()).hasSize(1);
        Result confirmed = run(0, settings, new Limits(next - 1, 0, 0, 0));
        assertThat(confirmed.closing().plateau()).isNull();
        assertThat(confirmed.transitions()).hasSize(2);
    }

    @Test
    void aLossCriterionThatIsMetOnAPlateauOrOnASlopeMakesNoMinimum() {
        var settings = settings(Cadence.Kind.LINEAR, 1, true);
        Result whole = run(0, settings, TO_THE_END);
        Plateau first = whole.plateaus().get(1).plateau();
        Result resting = run(0, settings, new Limits(0, 0, first.loss(), 0));
        assertThat(resting.last().step()).isEqualTo(first.deepestStep());
        assertThat(closingPlateau(resting).kind()).isEqualTo(Kind.CANDIDATE);
        assertThat(closingPlateau(resting).startStep()).isEqualTo(first.startStep());
        Result falling = run(0, settings, new Limits(0, 0, 6, 0));
        assertThat(closingPlateau(falling).kind()).isEqualTo(Kind.CANDIDATE);
        assertThat(closingPlateau(falling).startStep()).isEqualTo(falling.last().step());
    }

    @ParameterizedTest
    @EnumSource(Cadence.Kind.class)
    void aRunFromACheckpointFindsTheRestBitForBit(Cadence.Kind kind) {
        var run = bareRun(1, settings(kind, 5, true), TO_THE_END);
        // On every plateau and in every escape.
        Set<Long> marked = new HashSet<>();
        for (long step = 0; step < 900; step += 41) {
            marked.add(step);
        }
        Result whole = run.from(start(1), marked);
        assertThat(whole.marks()).hasSameSizeAs(marked);
        whole.marks().forEach((step, mark) -> assertRest(run.from(mark.checkpoint()), whole, step, mark));
    }

    private static void assertRest(Result rest, Result whole, long step, Mark mark) {
        String from = "from step " + step;
        assertThat(rest.rows()).as(from).isEqualTo(tail(whole.rows(), mark.rows()));
        assertThat(rest.transitions()).as(from).isEqualTo(tail(whole.transitions(), mark.transitions()));
        assertThat(rest.plateaus())
                .as(from)
                .extracting(BareRun::content)
                .isEqualTo(tail(whole.plateaus(), mark.plateaus()).stream()
                        .map(BareRun::content)
                        .toList());
        assertThat(rest.ending()).as(from).isEqualTo(whole.ending());
        assertThat(rest.closing().row()).as(from).isEqualTo(whole.closing().row());
        assertThat(BareRun.content(Objects.requireNonNull(rest.closing().plateau())))
                .as(from)
                .isEqualTo(
                        BareRun.content(Objects.requireNonNull(whole.closing().plateau())));
    }

    private static <T> List<T> tail(List<T> list, int from) {
        return list.subList(from, list.size());
    }

    // --- runs ---

    private static ObserveSettings settings(Cadence.Kind kind, long everySteps, boolean curvature) {
        return new ObserveSettings(kind, everySteps, 10, curvature);
    }

    private static Result run(long seed, ObserveSettings settings, Limits limits) {
        return bareRun(seed, settings, limits).from(start(seed));
    }

    private static BareRun bareRun(long seed, ObserveSettings settings, Limits limits) {
        Task task = TestTasks.linearTeacher(seed);
        return new BareRun(ARCHITECTURE, Loss.MSE, task, Kernels.ordered(), 0.0375, limits, StopRules.NONE, settings);
    }

    private static Parameters start(long seed) {
        return Initialization.gaussian(ARCHITECTURE, 1e-6, RandomStream.of(seed, "initialization"));
    }

    private static Curvature.Probe probe(Task task) {
        return Curvature.probe(Loss.MSE, task.inputs(), task.targets(), Kernels.ordered());
    }

    private static Plateau closingPlateau(Result result) {
        return Objects.requireNonNull(result.closing().plateau()).plateau();
    }

    private static Plateau withoutCurvature(Plateau plateau) {
        return new Plateau(
                plateau.number(),
                plateau.rank(),
                plateau.startStep(),
                plateau.endStep(),
                plateau.startTime(),
                plateau.endTime(),
                plateau.deepestStep(),
                plateau.loss(),
                plateau.gradientNorm(),
                plateau.kind(),
                null,
                null,
                plateau.layerRanks());
    }

    // --- the ladder ---

    /** What is found on the ladder, by one finder or by a new one from the last one's state at each step. */
    private static List<Finding> onLadder(ObserveSettings settings, Probes probe, boolean renewed) {
        var finder = new SaddleFinder(settings, StopRules.NONE, Kernels.ordered(), probe, SaddleFinder.State.INITIAL);
        var cadence = new Cadence(settings.cadence(), settings.everySteps(), Cadence.State.INITIAL);
        List<Finding> findings = new ArrayList<>();
        for (long step = 0; step <= Ladder.STEPS; step++) {
            if (renewed) {
                finder = new SaddleFinder(settings, StopRules.NONE, Kernels.ordered(), probe, finder.state());
            }
            tell(finder, step);
            double t = Ladder.time(step);
            switch (cadence.at(step, t, Ladder.loss(t), Ladder.squaredGradientNorm(t))) {
                case ROW -> finder.row(Ladder.state(step));
                case PROBE -> finder.probe(Ladder.state(step));
                case ESCAPE -> finder.drop(Ladder.state(step));
                case NONE -> {}
            }
            findings.addAll(finder.drain());
        }
        return findings;
    }

    private static void tell(SaddleFinder finder, long step) {
        double t = Ladder.time(step);
        finder.step(step, t, Ladder.loss(t), Ladder.squaredGradientNorm(t));
    }

    private static double notLearned(int rank) {
        return Ladder.STRENGTHS.stream()
                .skip(rank)
                .mapToDouble(strength -> strength * strength / 2)
                .sum();
    }

    /** What a store keeps of findings, in a form that can be compared. */
    private static List<Object> lasting(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> !(finding instanceof Candidate))
                .map(finding -> finding instanceof PlateauFound found ? BareRun.content(found) : (Object) finding)
                .toList();
    }

    /** A curvature that tells where it was computed: ∓‖θ‖². */
    private static Probes probes(Curvature.Probe curvature) {
        return new Probes(curvature, SaddleFinderTest::told, weights -> 1 / weights.squaredNorm());
    }

    /** An anatomy that tells what was asked: the rank, with an index where one is wanted, and both points. */
    private static SaddleProbe.Findings told(
            Parameters deepest, double flowTime, int rank, boolean curvature, @Nullable Parameters left) {
        @Nullable SaddleIndex index = curvature ? new SaddleIndex(0, true, 0.1 / flowTime, List.of()) : null;
        var zero = List.of(0);
        var saddle = new Saddle(index, rank, zero, List.of(deepest.squaredNorm()), List.of(0.0), zero);
        @Nullable Double squaredNorm = curvature && left != null ? Double.valueOf(left.squaredNorm()) : null;
        return new SaddleProbe.Findings(saddle, squaredNorm, squaredNorm == null ? null : 0.5);
    }

    private static Curvature telling(Parameters parameters) {
        double norm = parameters.squaredNorm();
        return new Curvature(new Ritz(-norm, 0), new Ritz(norm, 0));
    }

    // --- steps by hand ---

    /** What a run is said to end at whose last state lies on a plateau with a λ_min. */
    private static Kind closingKind(double lambdaMin, Ending ending) {
        var finder = onSecondPlateau(probes(parameters -> new Curvature(new Ritz(lambdaMin, 0), new Ritz(1, 0))));
        candidates(finder, 20, 200, 1e-3);
        return Objects.requireNonNull(finder.close(state(20, 200, 1e-3), ending).plateau())
                .plateau()
                .kind();
    }

    private static SaddleFinder onSecondPlateau() {
        return onSecondPlateau(TELLING);
    }

    /** A finder whose next slow step begins the plateau after the origin. */
    private static SaddleFinder onSecondPlateau(Probes probe) {
        var finder = new SaddleFinder(
                settings(Cadence.Kind.LINEAR, 1, true),
                StopRules.NONE,
                Kernels.ordered(),
                probe,
                SaddleFinder.State.INITIAL);
        finder.step(0, 0, 1, 0.01);
        finder.row(state(0, 0, 0.01));
        finder.step(18, 180, 1, 1);
        finder.step(19, 190, 0.5, 1);
        finder.drop(state(19, 190, 1));
        assertThat(finder.escapes()).isEqualTo(1);
        finder.drain();
        return finder;
    }

    /** How many candidates are published when a step of loss ½ is looked at. */
    private static int candidates(SaddleFinder finder, long step, double flowTime, double squaredGradientNorm) {
        finder.step(step, flowTime, 0.5, squaredGradientNorm);
        finder.row(state(step, flowTime, squaredGradientNorm));
        return finder.drain().size();
    }

    private static DescentState state(long step, double flowTime, double squaredGradientNorm) {
        return new DescentState(
                step, flowTime, 0.5, squaredGradientNorm, Ladder.state(0).parameters());
    }
}
