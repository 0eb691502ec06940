package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.Workload.Outcome;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Plateau.Kind;

/** What the product's experiments claim, each in its three seeds; those that take longer are {@link WorkloadsIT}'s. */
@NullMarked
class WorkloadsTest {

    @ParameterizedTest
    @CsvSource({"2, 5e-4", "3, 5e-3", "4, 3e-2"})
    void aLinearNetworkLearnsItsTeachersStrengthsOneAfterTheOther(int depth, double deviation) {
        var workload = new Workload("linear-teacher-L" + depth);
        List<Double> strengths = List.of(4.0, 2.0, 1.0, 0.5);
        for (Outcome outcome : workload.outcomes()) {
            assertThat(outcome.ranks()).as(outcome.toString()).containsExactly(0, 1, 2, 3);
            assertThat(outcome.finalRank()).as(outcome.toString()).isEqualTo(4);
            for (int k = 0; k < 4; k++) {
                double level =
                        strengths.stream().skip(k).mapToDouble(s -> s * s / 2).sum();
                // Both as a part of the level and absolutely.
                assertThat(outcome.saddles().get(k).loss())
                        .as(outcome.toString())
                        .isCloseTo(level, within(deviation * Math.min(1, level)));
            }
            Plateau last = outcome.result().allPlateaus().get(4).plateau();
            assertThat(last.kind()).isEqualTo(Kind.MINIMUM);
            // The curvature at the end of the ladder is L s_1^{2 − 2/L}.
            assertThat(last.lambdaMax()).isCloseTo(depth * Math.pow(4, 2 - 2.0 / depth), withinPercentage(0.1));
        }
    }

    @Test
    void onOrthogonalInputsTheDeepLayersClimbThroughTheRanksAndTheFirstOneIsHigher() {
        var workload = new Workload("orthogonal-teacher");
        // Of ten samples four are of strength 4, three of 2 and three of 1.
        assertThat(workload.lossOfRank(1)).isCloseTo((3 * 4 + 3) / 20.0, within(1e-12));
        assertThat(workload.lossOfRank(2)).isCloseTo(3 / 20.0, within(1e-12));
        for (Outcome outcome : workload.outcomes()) {
            assertThat(outcome.ranks()).as(outcome.toString()).containsExactly(0, 1, 2);
            assertThat(outcome.saddles().get(1).loss()).isCloseTo(0.75, within(0.01));
            assertThat(outcome.saddles().get(2).loss()).isCloseTo(0.15, within(0.01));
            assertThat(outcome.finalRank()).as(outcome.toString()).isEqualTo(3);
            for (int layer = 2; layer <= 4; layer++) {
                assertThat(outcome.gap(layer, 3)).as("layer " + layer).isGreaterThan(2);
            }
            // The first layer's spectrum falls evenly: no gap to read a rank from, but the fourth value has grown too.
            assertThat(outcome.gap(1, 3)).isLessThan(1.25);
            assertThat(outcome.grown(1)).isGreaterThan(3);
        }
    }
}
