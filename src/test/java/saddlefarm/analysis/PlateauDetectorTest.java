package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.DoublePredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.analysis.PlateauDetector.Escape;
import saddlefarm.linalg.RandomStream;

class PlateauDetectorTest {

    // --- a ladder in closed form ---

    @Test
    void findsEveryPlateauOfALadderAndNoOther() {
        List<Escape> escapes = escapes(ladder());
        assertThat(escapes).hasSize(Ladder.STRENGTHS.size());
        for (int k = 0; k < escapes.size(); k++) {
            Escape escape = escapes.get(k);
            assertThat(escape.endTime()).as("end of plateau " + k).isLessThan(Ladder.halfTime(k));
            if (k > 0) {
                assertThat(escape.startTime()).as("start of plateau " + k).isGreaterThan(Ladder.halfTime(k - 1));
            }
        }
    }

    @Test
    void aPlateauLastsFromTheFirstStepBelowOneHalfToTheFirstAboveOne() {
        List<Escape> escapes = escapes(ladder());
        for (int k = 0; k < escapes.size(); k++) {
            Escape escape = escapes.get(k);
            double bottom = k == 0 ? 0 : slowest(Ladder.halfTime(k - 1), Ladder.halfTime(k));
            double end = bisect(bottom, Ladder.halfTime(k), t -> Ladder.pace(t) > 1);
            double start = k == 0 ? 0 : bisect(Ladder.halfTime(k - 1), bottom, t -> Ladder.pace(t) < 0.5);
            // The first step at or after the moment that the closed form gives.
            assertThat(escape.endStep()).as("end of plateau " + k).isEqualTo((long) Math.ceil(end / Ladder.STEP));
            assertThat(escape.startStep()).as("start of plateau " + k).isEqualTo((long) Math.ceil(start / Ladder.STEP));
            assertThat(escape.endTime()).isEqualTo(Ladder.time(escape.endStep()));
            assertThat(escape.startTime()).isEqualTo(Ladder.time(escape.startStep()));
        }
    }

    @Test
    void theEscapeFromTheOriginIsWhereTheFirstModeAloneGivesAPaceOfOne() {
        // With a ≪ s the pace is 2 s² a0 e^{2st} t / C(0).
        double end = bisect(0, Ladder.halfTime(0), t -> 2 * 16 * Ladder.START * Math.exp(8 * t) * t / 10.625 > 1);
        // a is 2% of s by then; e^{8t} makes of that 1% of a unit of t.
        assertThat(escapes(ladder()).get(0).endTime()).isCloseTo(end, within(0.02));
    }

    @Test
    void aLadderThatConvergesExponentiallyIsAnEscapeToTheEnd() {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        escapes(ladder(), detector);
        assertThat(detector.phase()).isEqualTo(Phase.ESCAPE);
        assertThat(detector.open()).isFalse();
    }

    // --- hand-made curves ---

    @Test
    void thePhaseChangesWithHysteresis() {
        assertThat(Phase.PLATEAU.next(1, 1, 1, 1)).isEqualTo(Phase.PLATEAU);
        assertThat(Phase.PLATEAU.next(1, 1, 1.001, 1)).isEqualTo(Phase.ESCAPE);
        assertThat(Phase.ESCAPE.next(1, 1, 0.5, 1)).isEqualTo(Phase.ESCAPE);
        assertThat(Phase.ESCAPE.next(1, 1, 0.499, 1)).isEqualTo(Phase.PLATEAU);
        for (Phase phase : Phase.values()) {
            assertThat(phase.next(1, 1, 0.75, 1)).as("between one half and one").isEqualTo(phase);
        }
    }

    @Test
    void thePaceIsTimeTimesTheSquareOfTheGradientOverTheLoss() {
        assertThat(Phase.PLATEAU.next(10, 2, 0.201, 2)).isEqualTo(Phase.ESCAPE);
        assertThat(Phase.PLATEAU.next(10, 2, 0.199, 2)).isEqualTo(Phase.PLATEAU);
    }

    @Test
    void belowItsFloorALossChangesNoPhase() {
        double floor = 1e-10 * 5;
        assertThat(Phase.ESCAPE.next(1, 1.01 * floor, 0, 5)).isEqualTo(Phase.PLATEAU);
        assertThat(Phase.ESCAPE.next(1, 0.99 * floor, 0, 5)).isEqualTo(Phase.ESCAPE);
        assertThat(Phase.PLATEAU.next(1, 0.99 * floor, 1, 5)).isEqualTo(Phase.PLATEAU);
        assertThat(Phase.PLATEAU.next(1, 0, 0, 5)).isEqualTo(Phase.PLATEAU);
        assertThat(Phase.ESCAPE.next(1, 0, 0, 5)).isEqualTo(Phase.ESCAPE);
    }

    @Test
    void theFloorIsRelativeToTheLossOfTheFirstStep() {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        detector.observe(0, 0, 100, 1);
        detector.observe(1, 1, 100, 200);
        // A pace of nothing at 1e-10 of the first loss is a plateau, below it is rounding.
        detector.observe(2, 2, 0.99e-8, 0);
        assertThat(detector.phase()).isEqualTo(Phase.ESCAPE);
        detector.observe(3, 3, 1.01e-8, 0);
        assertThat(detector.phase()).isEqualTo(Phase.PLATEAU);
    }

    @Test
    void anEscapeIsConfirmedOnceTheGradientHasRisenHalfADecadeAndTheLossFallenByATwentieth() {
        var detector = leavingAt(120);
        assertThat(detector.open()).isTrue();
        assertThat(detector.observe(13, 130, 0.949, 0.0316))
                .as("gradient too small")
                .isNull();
        assertThat(detector.observe(14, 140, 0.951, 0.03163))
                .as("loss too large")
                .isNull();
        assertThat(detector.open()).isTrue();
        assertThat(detector.observe(15, 150, 0.949, 0.03163)).isEqualTo(new Escape(0, 0, 12, 120));
        assertThat(detector.open()).isFalse();
    }

    @Test
    void anEscapeIsConfirmedOnce() {
        var detector = leavingAt(120);
        assertThat(detector.observe(13, 130, 0.5, 1)).isNotNull();
        assertThat(detector.observe(14, 140, 0.4, 2)).isNull();
        assertThat(detector.observe(15, 150, 0.3, 9)).isNull();
    }

    @Test
    void riseAndFallAreMeasuredFromTheDeepestStepAndNotFromTheStart() {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        detector.observe(0, 0, 1, 0.05);
        detector.observe(1, 1, 0.9, 0.001);
        detector.observe(2, 2, 0.89, 0.04);
        detector.observe(3, 3, 0.88, 0.9);
        // Twelve parts in a hundred below the first loss, but only two below that of the deepest step.
        assertThat(detector.observe(4, 4, 0.88, 0.9)).isNull();
        assertThat(detector.observe(5, 5, 0.85, 0.9)).isEqualTo(new Escape(0, 0, 3, 3));
    }

    @Test
    void aPlateauWhoseEndIsNeverConfirmedIsForgottenWhenTheNextOneBegins() {
        var detector = leavingAt(120);
        // Slow again before anything was confirmed.
        assertThat(detector.observe(13, 130, 0.98, 0.001)).isNull();
        assertThat(detector.phase()).isEqualTo(Phase.PLATEAU);
        assertThat(detector.startStep()).isEqualTo(13);
        assertThat(detector.startTime()).isEqualTo(130);
        assertThat(detector.open()).isTrue();
        detector.observe(20, 200, 0.9, 1);
        assertThat(detector.observe(21, 210, 0.5, 1)).isEqualTo(new Escape(13, 130, 20, 200));
    }

    @Test
    void aStepMayConfirmAnEscapeAndBeginTheNextPlateau() {
        var detector = leavingAt(12);
        assertThat(detector.observe(13, 13, 0.9, 0.03163)).isEqualTo(new Escape(0, 0, 12, 12));
        // The pace of that step, 13 · .0317/.9 = .46, is a plateau's.
        assertThat(detector.phase()).isEqualTo(Phase.PLATEAU);
        assertThat(detector.startStep()).isEqualTo(13);
        assertThat(detector.open()).isTrue();
    }

    @Test
    void theFirstStepOfAPlateauMayBeItsDeepest() {
        var detector = leavingAt(12);
        detector.observe(13, 13, 0.9, 0.03163);
        assertThat(detector.state().leastSquare()).isEqualTo(0.03163);
        assertThat(detector.state().deepestLoss()).isEqualTo(0.9);
        detector.observe(14, 14, 0.89, 0.04);
        assertThat(detector.state().leastSquare()).isEqualTo(0.03163);
    }

    @Test
    void squaresOfTheGradientBelowTheLeastAreNotToldApart() {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        detector.observe(0, 0, 1, 1e-310);
        detector.observe(1, 1, 0.9, 0);
        // Neither is smaller than the other, so the first of the two stays the deepest.
        assertThat(detector.state().leastSquare()).isEqualTo(1e-300);
        assertThat(detector.state().deepestLoss()).isEqualTo(1);
        detector.observe(2, 2, 0.9, 1);
        // Half a decade above 1e-300; against 1e-310 and 0 both would have risen far enough.
        assertThat(detector.observe(3, 3e300, 0.9, 3.1e-300)).isNull();
        assertThat(detector.observe(4, 4e300, 0.9, 3.2e-300)).isEqualTo(new Escape(0, 0, 2, 2));
    }

    @Test
    void aGradientThatUnderflowsDoesNotHideTheOrigin() {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        @Nullable Escape found = null;
        for (int step = 0; step <= 400 && found == null; step++) {
            // From 0 over the smallest numbers to 1: 1e-400 is 0 as a double.
            found = detector.observe(step, step, step < 395 ? 1 : 0.5, Math.pow(10, step - 400));
        }
        // With C = ½ the pace is .79 at step 397 and 7.96 at the next.
        assertThat(found).isEqualTo(new Escape(0, 0, 398, 398));
    }

    // --- state ---

    @Test
    void aDetectorFromTheStateOfAnyStepGoesOnAsTheUndisturbedOne() {
        for (List<Point> curve : List.of(ladder(), randomCurve(1), randomCurve(2))) {
            var undisturbed = new PlateauDetector(PlateauDetector.State.INITIAL);
            var renewed = new PlateauDetector(PlateauDetector.State.INITIAL);
            for (Point point : curve) {
                renewed = new PlateauDetector(renewed.state());
                assertThat(point.tell(renewed)).isEqualTo(point.tell(undisturbed));
                assertThat(renewed.state()).as("at step " + point.step).isEqualTo(undisturbed.state());
                assertThat(renewed.open()).isEqualTo(undisturbed.open());
            }
        }
    }

    @Test
    void theStateBeforeTheFirstStepIsThatOfANewDetector() {
        assertThat(new PlateauDetector(PlateauDetector.State.INITIAL).state()).isEqualTo(PlateauDetector.State.INITIAL);
    }

    // --- against the definition ---

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithTheDefinitionStepByStepOnRandomCurves(long seed) {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        var definition = new Definition();
        int escapes = 0;
        for (Point point : randomCurve(seed)) {
            @Nullable Escape expected = definition.observe(point);
            assertThat(point.tell(detector)).as("at step " + point.step).isEqualTo(expected);
            assertThat(detector.phase() == Phase.PLATEAU)
                    .as("at step " + point.step)
                    .isEqualTo(definition.plateau);
            assertThat(detector.startStep()).isEqualTo(definition.begin.step);
            escapes += expected == null ? 0 : 1;
        }
        assertThat(escapes).isPositive();
    }

    @Test
    void theRandomCurvesHaveEscapesOfBothKinds() {
        int escapes = 0;
        int forgotten = 0;
        for (long seed : seeds().toArray()) {
            var definition = new Definition();
            for (Point point : randomCurve(seed)) {
                escapes += definition.observe(point) == null ? 0 : 1;
            }
            forgotten += definition.forgotten;
        }
        assertThat(escapes).isGreaterThan(100);
        assertThat(forgotten).isGreaterThan(30);
    }

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    /** One step as the detector sees it. */
    private record Point(long step, double flowTime, double loss, double squaredGradientNorm) {

        @Nullable
        Escape tell(PlateauDetector detector) {
            return detector.observe(step, flowTime, loss, squaredGradientNorm);
        }
    }

    /** The definition with logarithms, which keeps every step of a plateau. */
    private static final class Definition {

        private boolean plateau = true;
        private boolean confirmed;
        private Point begin = new Point(0, 0, 0, 0);
        private @Nullable Point end;
        private final List<Point> steps = new ArrayList<>();
        private double floor = Double.NaN;
        private int forgotten;

        @Nullable
        Escape observe(Point point) {
            if (Double.isNaN(floor)) {
                floor = 1e-10 * point.loss;
            }
            boolean meaningful = point.loss >= floor;
            double pace = point.flowTime * Math.max(point.squaredGradientNorm, 1e-300) / point.loss;
            if (plateau) {
                steps.add(point);
                if (meaningful && pace > 1) {
                    plateau = false;
                    confirmed = false;
                    end = point;
                }
                return null;
            }
            @Nullable Escape escape = null;
            if (!confirmed && log(point) >= log(deepest()) + 0.5 && point.loss < 0.95 * deepest().loss) {
                confirmed = true;
                var left = Objects.requireNonNull(end);
                escape = new Escape(begin.step, begin.flowTime, left.step, left.flowTime);
            }
            if (meaningful && pace < 0.5) {
                forgotten += confirmed ? 0 : 1;
                plateau = true;
                begin = point;
                steps.clear();
                steps.add(point);
            }
            return escape;
        }

        private Point deepest() {
            Point deepest = steps.get(0);
            for (Point point : steps) {
                if (log(point) < log(deepest)) {
                    deepest = point;
                }
            }
            return deepest;
        }

        private static double log(Point point) {
            return Math.log10(Math.max(point.squaredGradientNorm, 1e-300));
        }
    }

    // --- curves ---

    private static List<Point> ladder() {
        List<Point> points = new ArrayList<>();
        for (long step = 0; step <= Ladder.STEPS; step++) {
            double t = Ladder.time(step);
            points.add(new Point(step, t, Ladder.loss(t), Ladder.squaredGradientNorm(t)));
        }
        return points;
    }

    /**
     * Steps of random lengths; the pace wanders between 1e-3 and 30, and the loss falls as it says, with some noise.
     */
    private static List<Point> randomCurve(long seed) {
        var random = RandomStream.of(seed, "curve");
        List<Point> points = new ArrayList<>();
        double t = 0;
        double loss = Math.exp(random.nextGaussian());
        double pace = 0.01;
        for (int step = 0; step < 3000; step++) {
            points.add(new Point(step, t, loss, t == 0 ? 1e-3 : pace * loss / t));
            double longer = 0.002 * (t + 0.1) * (0.5 + random.nextDouble());
            loss *= Math.exp(-pace * longer / (t + 0.1) + 1e-4 * random.nextGaussian());
            t += longer;
            pace = Math.min(30, Math.max(1e-3, pace * Math.exp(0.3 * random.nextGaussian())));
        }
        return points;
    }

    private static List<Escape> escapes(List<Point> curve) {
        return escapes(curve, new PlateauDetector(PlateauDetector.State.INITIAL));
    }

    private static List<Escape> escapes(List<Point> curve, PlateauDetector detector) {
        List<Escape> escapes = new ArrayList<>();
        for (Point point : curve) {
            @Nullable Escape escape = point.tell(detector);
            if (escape != null) {
                escapes.add(escape);
            }
        }
        return escapes;
    }

    /** A detector that has left a plateau of deepest square .01 and loss 1 at step 12, and has not confirmed it. */
    private static PlateauDetector leavingAt(double flowTime) {
        var detector = new PlateauDetector(PlateauDetector.State.INITIAL);
        detector.observe(0, 0, 1, 0.01);
        assertThat(detector.phase()).isEqualTo(Phase.PLATEAU);
        assertThat(detector.observe(12, flowTime, 1, 0.1)).isNull();
        assertThat(detector.phase()).isEqualTo(Phase.ESCAPE);
        return detector;
    }

    /** t of the least pace in an interval, to a thousandth. */
    private static double slowest(double from, double to) {
        double slowest = from;
        for (double t = from; t < to; t += 1e-3) {
            if (Ladder.pace(t) < Ladder.pace(slowest)) {
                slowest = t;
            }
        }
        return slowest;
    }

    /** The first t of an interval where a condition holds, which holds from there to its end. */
    private static double bisect(double from, double to, DoublePredicate condition) {
        assertThat(condition.test(from)).isFalse();
        assertThat(condition.test(to)).isTrue();
        double low = from;
        double high = to;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (condition.test(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }
}
