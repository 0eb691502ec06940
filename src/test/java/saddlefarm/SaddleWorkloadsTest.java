package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import saddlefarm.Workload.Outcome;
import saddlefarm.analysis.EscapeMode;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleIndex;

/** What the saddles of the product's linear experiments look like, each in its three seeds. */
@NullMarked
class SaddleWorkloadsTest {

    private static final double[] STRENGTHS = {4, 2, 1, 0.5};

    /** In closed form for exact saddles; the runs begin at α = 1e-6 and come as near. */
    @Test
    void ofTwoLayersEveryUnusedUnitIsAWayDownForEveryStrengthThatIsLeft() {
        var workload = new Workload("linear-teacher-L2");
        for (Outcome outcome : workload.outcomes()) {
            for (int rank = 1; rank < 5; rank++) {
                Saddle saddle = workload.saddle(outcome.result().allPlateaus().get(rank));
                SaddleIndex index = index(saddle);
                assertThat(index.count()).as(outcome.toString()).isEqualTo((20 - rank) * (4 - rank));
                assertThat(index.complete()).isTrue();
                for (EscapeMode mode : index.modes()) {
                    assertThat(mode.eigenvalue()).isCloseTo(-STRENGTHS[rank], within(1e-3));
                    assertThat(mode.ratios())
                            .allSatisfy(ratio -> assertThat(ratio).isGreaterThan(1e3));
                }
                assertThat(saddle.jacobianRank()).isEqualTo(rank);
                assertThat(saddle.activationRanks()).containsExactly(rank);
                assertThat(saddle.balance().get(0)).isLessThan(1e-11); // of the order α²
                assertThat(saddle.alignment().get(0)).isGreaterThan(1 - 1e-6);
            }
        }
    }

    @Test
    void ofThreeLayersTheRankIsTheSameThroughoutAndTheFastestWayDownIsOfRankOne() {
        var workload = new Workload("linear-teacher-L3");
        for (Outcome outcome : workload.outcomes()) {
            Saddle origin = workload.saddle(outcome.result().allPlateaus().get(0));
            assertThat(origin.index()).isNull();
            assertThat(origin.jacobianRank()).isZero();
            for (int rank = 1; rank < 5; rank++) {
                Saddle saddle = workload.saddle(outcome.result().allPlateaus().get(rank));
                assertThat(saddle.jacobianRank()).as(outcome.toString()).isEqualTo(rank);
                assertThat(saddle.activationRanks()).containsExactly(rank, rank);
                assertThat(saddle.balance()).allSatisfy(b -> assertThat(b).isLessThan(1e-3)); // of the order α² = 4e-4
                assertThat(saddle.alignment()).allSatisfy(a -> assertThat(a).isGreaterThan(0.9999));
                SaddleIndex index = index(saddle);
                if (rank == 4) {
                    assertThat(index.count()).isZero();
                } else {
                    assertThat(index.count()).isGreaterThanOrEqualTo(4 - rank);
                    // All of rank one but for a tenth of it; those of the next modes are not.
                    assertThat(index.modes().get(0).ratios())
                            .allSatisfy(ratio -> assertThat(ratio).isGreaterThan(10));
                }
            }
        }
    }

    private static SaddleIndex index(Saddle saddle) {
        SaddleIndex index = saddle.index();
        if (index == null) {
            throw new AssertionError("no index");
        }
        return index;
    }
}
