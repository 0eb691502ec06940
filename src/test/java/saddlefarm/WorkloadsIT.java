package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import saddlefarm.Workload.Outcome;
import saddlefarm.analysis.Plateau;

/** What the product's experiments of deep ReLU networks on many samples claim, each in all of its seeds. */
@NullMarked
class WorkloadsIT {

    @Test
    void onPositiveFactorsAReluNetworkClimbsThroughTheRanksAsALinearOneDoes() {
        var workload = new Workload("positive-teacher");
        assertThat(workload.outcomes())
                .filteredOn(outcome -> climbs(outcome, workload))
                .hasSizeGreaterThan(1);
        assertThat(workload.outcomes())
                .filteredOn(outcome -> outcome.finalRank() == 3)
                .hasSizeGreaterThan(1);
    }

    @Test
    void aReluTeachersFeaturesAreLearnedOneAfterTheOther() {
        var workload = new Workload("relu-teacher");
        assertThat(workload.outcomes())
                .filteredOn(outcome -> climbs(outcome, workload))
                .hasSizeGreaterThan(1);
    }

    @Test
    void onDigitsTheLossRestsAtTheLevelsOfTheFirstRanks() {
        var workload = new Workload("first-light");
        // Of ten targets one is .9 and nine are −.1.
        assertThat(workload.lossOfRank(0)).isCloseTo((0.9 * 0.9 + 9 * 0.1 * 0.1) / 2, within(1e-12));
        for (Outcome outcome : workload.outcomes()) {
            // Every seed rests at the origin and at rank 1, and leaves a third plateau, of rank 2 or beyond.
            assertThat(outcome.ranks()).as(outcome.toString()).hasSize(3).startsWith(0, 1);
            assertThat(outcome.saddles().get(0).loss()).isCloseTo(0.45, within(1e-3));
            assertThat(outcome.saddles().get(1).loss()).isBetween(0.405, 0.415);
        }
        List<Plateau> ofRankTwo = workload.outcomes().stream()
                .map(outcome -> outcome.saddles().get(2))
                .filter(saddle -> saddle.rank() == 2)
                .toList();
        assertThat(ofRankTwo)
                .as("in most seeds")
                .hasSizeGreaterThan(workload.outcomes().size() / 2)
                .allSatisfy(saddle -> assertThat(saddle.loss()).isBetween(0.355, 0.38));
        // No plateau lies below what outputs of its rank can do.
        assertThat(workload.outcomes())
                .flatMap(Outcome::saddles)
                .allSatisfy(
                        saddle -> assertThat(saddle.loss()).isGreaterThan(workload.lossOfRank(saddle.rank()) - 1e-3));
    }

    /** Whether a run leaves plateaus at ranks 0, 1 and 2, each within 2% of the best loss of its rank. */
    private static boolean climbs(Outcome outcome, Workload workload) {
        return outcome.ranks().equals(List.of(0, 1, 2))
                && outcome.saddles().stream()
                        .allMatch(saddle -> Math.abs(saddle.loss() / workload.lossOfRank(saddle.rank()) - 1) < 0.02);
    }
}
