package saddlefarm.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import saddlefarm.analysis.Plateau;
import saddlefarm.detector.Matching.Pair;
import saddlefarm.detector.Rung.Fate;

class MatchingTest {

    private final Rung origin = rung(0, 0, 1);
    private final Rung first = rung(1, 2, 4);

    @Test
    void aDetectionIsTheRungItSharesItsTimeWith() {
        Detection atOrigin = detection(0, 0.9);
        Detection atFirst = detection(2.1, 3.9);
        var matching = new Matching(List.of(origin, first), List.of(atOrigin, atFirst));
        assertThat(matching.pairs()).containsExactlyInAnyOrder(new Pair(origin, atOrigin), new Pair(first, atFirst));
        assertThat(matching.missed()).isEmpty();
        assertThat(matching.strange()).isEmpty();
    }

    @Test
    void lessThanHalfOfTheShorterOneIsNotEnough() {
        // ln 4/3 of ln 2 is 42%, ln 3/2 is 58%.
        Detection late = detection(3, 6);
        assertThat(new Matching(List.of(first), List.of(late)).strange()).containsExactly(late);
        assertThat(new Matching(List.of(first), List.of(late)).missed()).containsExactly(first);
        assertThat(new Matching(List.of(first), List.of(detection(8.0 / 3, 16.0 / 3))).missed())
                .isEmpty();
    }

    @Test
    void nothingIsMatchedTwice() {
        Detection early = detection(2, 2.5);
        Detection late = detection(2.5, 4);
        var two = new Matching(List.of(first), List.of(early, late));
        assertThat(two.pairs()).containsExactly(new Pair(first, late));
        assertThat(two.strange()).containsExactly(early);
        Rung second = rung(2, 4.5, 20);
        var one = new Matching(List.of(first, second), List.of(detection(2, 20)));
        assertThat(one.missed()).containsExactly(first);
    }

    @Test
    void whatHasNoTimeInCommonDoesNotBelongTogether() {
        var matching = new Matching(List.of(first), List.of(detection(5, 6)));
        assertThat(matching.pairs()).isEmpty();
    }

    private static Rung rung(int rank, double start, double end) {
        return new Rung(rank, start, end, end, Fate.LEFT);
    }

    private static Detection detection(double start, double end) {
        var plateau = new Plateau(0, 0, 0, 1L, start, end, 0, 1, 1, Plateau.Kind.SADDLE, null, null, List.of());
        return new Detection(plateau, end, 1, List.of());
    }
}
