package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.analysis.Cadence.Kind;
import saddlefarm.analysis.Cadence.Look;

/** Which steps of a ladder in closed form become rows. */
class CadenceTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 50, 100_000})
    void aLinearCadenceMakesRowsOfTheMultiplesOfItsDistanceAndOfNoOtherStep(long everySteps) {
        assertThat(steps(looks(Kind.LINEAR, everySteps), Look.ROW))
                .isEqualTo(LongStream.rangeClosed(0, Ladder.STEPS)
                        .filter(step -> step % everySteps == 0)
                        .boxed()
                        .toList());
    }

    @Test
    void aLinearCadenceProbesWherePlateausBegin() {
        assertThat(steps(looks(Kind.LINEAR, 100_000), Look.PROBE))
                .isEqualTo(plateauStarts())
                .hasSize(3);
    }

    @Test
    void aPlateauThatBeginsAtARowNeedsNoProbe() {
        assertThat(steps(looks(Kind.LINEAR, 1), Look.PROBE)).isEmpty();
        long start = plateauStarts().get(1);
        assertThat(steps(looks(Kind.LINEAR, start), Look.PROBE))
                .doesNotContain(start)
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 20, 50})
    void anAdaptiveCadenceKeepsItsDistanceExceptWhereAPlateauBegins(long everySteps) {
        List<Look> looks = looks(Kind.ADAPTIVE, everySteps);
        List<Long> rows = steps(looks, Look.ROW);
        assertThat(rows).startsWith(0L).containsAll(plateauStarts());
        assertThat(steps(looks, Look.PROBE)).isEmpty();
        for (int i = 1; i < rows.size(); i++) {
            if (!plateauStarts().contains(rows.get(i))) {
                assertThat(rows.get(i) - rows.get(i - 1)).isGreaterThanOrEqualTo(everySteps);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 20, 50})
    void anAdaptiveCadenceSkipsStepsOnlyWhileNothingHappens(long everySteps) {
        List<Long> rows = steps(looks(Kind.ADAPTIVE, everySteps), Look.ROW);
        for (int i = 1; i < rows.size(); i++) {
            long row = rows.get(i - 1);
            for (long step = row + everySteps; step < rows.get(i); step++) {
                assertThat(step - row).as("steps after row " + row).isLessThan(Math.max(1, (row + 31) / 32));
                assertThat(change(row, step, false)).isLessThanOrEqualTo(0.01);
                assertThat(change(row, step, true)).isLessThanOrEqualTo(0.12);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 20, 50})
    void anAdaptiveCadenceMakesARowAsSoonAsSomethingHappens(long everySteps) {
        List<Long> rows = steps(looks(Kind.ADAPTIVE, everySteps), Look.ROW);
        for (int i = 1; i < rows.size(); i++) {
            long row = rows.get(i - 1);
            long next = rows.get(i);
            boolean older = 32 * (next - row) >= row;
            boolean moved = change(row, next, false) > 0.01 || change(row, next, true) > 0.12;
            assertThat(older || moved || plateauStarts().contains(next))
                    .as("row %d after row %d", next, row)
                    .isTrue();
        }
    }

    @Test
    void anAdaptiveCadenceIsAsDenseAsItMayBeInTheMidstOfEveryEscape() {
        List<Long> rows = steps(looks(Kind.ADAPTIVE, 5), Look.ROW);
        for (int k = 0; k < Ladder.STRENGTHS.size(); k++) {
            long middle = Math.round(Ladder.halfTime(k) / Ladder.STEP);
            List<Long> near =
                    rows.stream().filter(row -> Math.abs(row - middle) <= 30).toList();
            for (int i = 1; i < near.size(); i++) {
                assertThat(near.get(i) - near.get(i - 1)).as("in escape " + k).isEqualTo(5);
            }
            assertThat(near).as("in escape " + k).hasSizeGreaterThanOrEqualTo(12);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 50})
    void onAFlatCurveRowsAreOneThirtySecondOfTheirAgeApart(long everySteps) {
        var cadence = new Cadence(Kind.ADAPTIVE, everySteps, Cadence.State.INITIAL);
        List<Long> rows = new ArrayList<>();
        for (long step = 0; step <= 200_000; step++) {
            if (cadence.at(step, (double) step, 1, 1e-9) == Look.ROW) {
                rows.add(step);
            }
        }
        List<Long> expected = new ArrayList<>();
        for (long row = 0; row <= 200_000; row += Math.max(everySteps, (row + 31) / 32)) {
            expected.add(row);
        }
        assertThat(rows).isEqualTo(expected);
    }

    @Test
    void eachOfTheThreeChangesMakesARowAndLessDoesNot() {
        assertThat(after(10_000, 1, 1, 10_050, 0.9901, 1)).isEqualTo(Look.NONE);
        assertThat(after(10_000, 1, 1, 10_050, 0.9899, 1)).isEqualTo(Look.ROW);
        assertThat(after(10_000, 1, 1, 10_050, 1.0101, 1)).isEqualTo(Look.ROW);
        assertThat(after(10_000, 1, 1, 10_050, 1, 0.881)).isEqualTo(Look.NONE);
        assertThat(after(10_000, 1, 1, 10_050, 1, 0.879)).isEqualTo(Look.ROW);
        assertThat(after(10_000, 1, 1, 10_050, 1, 1.121)).isEqualTo(Look.ROW);
        assertThat(after(10_000, 1, 1, 10_312, 1, 1)).isEqualTo(Look.NONE);
        assertThat(after(10_000, 1, 1, 10_313, 1, 1)).isEqualTo(Look.ROW);
        // Whatever happens, not before k = 50 steps.
        assertThat(after(10_000, 1, 1, 10_049, 0.5, 0.1)).isEqualTo(Look.NONE);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCadenceFromTheStateOfAnyStepChoosesTheSame(Kind kind) {
        List<Look> undisturbed = looks(kind, 7);
        var renewed = new Cadence(kind, 7, Cadence.State.INITIAL);
        List<Look> looks = new ArrayList<>();
        for (long step = 0; step <= Ladder.STEPS; step++) {
            renewed = new Cadence(kind, 7, renewed.state());
            looks.add(at(renewed, step));
        }
        assertThat(looks).isEqualTo(undisturbed);
    }

    @Test
    void noPlateauBeginsBelowTheFloorOfTheLossAlsoAfterARestart() {
        var cadence = new Cadence(Kind.LINEAR, 100, Cadence.State.INITIAL);
        cadence.at(0, 0, 5, 1);
        cadence.at(1, 1, 5, 50);
        cadence = new Cadence(Kind.LINEAR, 100, cadence.state());
        // The loss has dropped, and that is all.
        assertThat(cadence.at(2, 2, 0.99e-10 * 5, 0)).isEqualTo(Look.ESCAPE);
        assertThat(cadence.at(3, 3, 1.01e-10 * 5, 0)).isEqualTo(Look.PROBE);
    }

    private static List<Look> looks(Kind kind, long everySteps) {
        var cadence = new Cadence(kind, everySteps, Cadence.State.INITIAL);
        return LongStream.rangeClosed(0, Ladder.STEPS)
                .mapToObj(step -> at(cadence, step))
                .toList();
    }

    private static Look at(Cadence cadence, long step) {
        double t = Ladder.time(step);
        return cadence.at(step, t, Ladder.loss(t), Ladder.squaredGradientNorm(t));
    }

    private static List<Long> steps(List<Look> looks, Look wanted) {
        return LongStream.range(0, looks.size())
                .filter(step -> looks.get((int) step) == wanted)
                .boxed()
                .toList();
    }

    /** The first steps of the ladder's plateaus, without the origin, by the phase's definition. */
    private static List<Long> plateauStarts() {
        List<Long> starts = new ArrayList<>();
        boolean escape = false;
        for (long step = 0; step <= Ladder.STEPS; step++) {
            double t = Ladder.time(step);
            if (Ladder.loss(t) < 1e-10 * Ladder.loss(0)) {
                return starts;
            }
            if (escape && Ladder.pace(t) < 0.5) {
                starts.add(step);
                escape = false;
            } else if (Ladder.pace(t) > 1) {
                escape = true;
            }
        }
        return starts;
    }

    /** How far loss or squared gradient norm have gone from their value at a row, as a part of it. */
    private static double change(long row, long step, boolean gradient) {
        double then = Ladder.time(row);
        double now = Ladder.time(step);
        return gradient
                ? Math.abs(Ladder.squaredGradientNorm(now) / Ladder.squaredGradientNorm(then) - 1)
                : Math.abs(Ladder.loss(now) / Ladder.loss(then) - 1);
    }

    /** The choice at a step, with k = 50, when the last row was another. */
    private static Look after(long rowStep, double rowLoss, double rowSquare, long step, double loss, double square) {
        var escaping = new PlateauDetector.State(Phase.ESCAPE, 1, 0, 0, 1, 1, true, 1e-30, 1);
        var state = new Cadence.State(escaping, 1e-30, true, rowStep, rowLoss, rowSquare);
        return new Cadence(Kind.ADAPTIVE, 50, state).at(step, (double) step, loss, square);
    }
}
