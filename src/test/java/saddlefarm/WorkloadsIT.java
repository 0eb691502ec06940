package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import saddlefarm.Workload.Outcome;
import saddlefarm.analysis.Plateau;

/** What the product's experiments of deep ReLU networks on many samples claim, each in its three seeds. */
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
        // The last plateau of these seeds is left before step 15,000.
        var workload = new Workload("first-light", "stop.max-steps=16000");
        // Of ten targets one is .9 and nine are −.1.
        assertThat(workload.lossOfRank(0)).isCloseTo((0.9 * 0.9 + 9 * 0.1 * 0.1) / 2, within(1e-12));
        for (Outcome outcome : workload.outcomes()) {
            // Every seed rests at the origin and at rank 1; not every one at rank 2, some fall through it.
            assertThat(outcome.ranks()).as(outcome.toString()).startsWith(0, 1).isSorted();
            assertThat(outcome.saddles().get(0).loss()).isCloseTo(0.45, within(1e-3));
            assertThat(outcome.saddles().get(1).loss()).isBetween(0.4, 0.413);
        }
        List<Plateau> ofRankTwo = workload.outcomes().stream()
                .flatMap(outcome -> outcome.saddles().stream())
                .filter(saddle -> saddle.rank() == 2)
                .toList();
        assertThat(ofRankTwo)
                .isNotEmpty()
                .allSatisfy(saddle -> assertThat(saddle.loss()).isBetween(0.345, 0.378));
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
