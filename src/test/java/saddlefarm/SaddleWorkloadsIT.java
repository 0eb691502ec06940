package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import saddlefarm.Workload.Outcome;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Saddle;

/** What the saddles of the product's experiments with ReLU look like, each in all of its seeds. */
@NullMarked
class SaddleWorkloadsIT {

    @Test
    void onPositiveFactorsTheFunctionHasTheRankOfTheDeepLayersAndTheLayersAreAligned() {
        var workload = new Workload("positive-teacher");
        for (Outcome outcome : workload.outcomes()) {
            for (PlateauFound found : outcome.result().allPlateaus()) {
                int rank = found.plateau().rank();
                Saddle saddle = workload.saddle(found);
                assertThat(saddle.jacobianRank()).as(outcome.toString()).isEqualTo(rank);
                if (rank > 0) {
                    // The first layer unfolds the three factors, the ones behind it are the bottleneck.
                    assertThat(saddle.activationRanks().subList(1, 3)).containsOnly(rank);
                    assertThat(saddle.alignment()).allSatisfy(a -> assertThat(a).isGreaterThan(0.8));
                    // Gradient flow with ReLU keeps the diagonal alone.
                    assertThat(saddle.balance()).allSatisfy(b -> assertThat(b).isLessThan(0.35));
                }
            }
        }
    }

    @Test
    void onDigitsTheFunctionHasTheRankOfTheWeightsThoughTheFirstLayerHasMore() {
        var workload = new Workload("first-light");
        for (Outcome outcome : workload.outcomes()) {
            for (PlateauFound found : outcome.result().plateaus()) {
                int rank = found.plateau().rank();
                Saddle saddle = workload.saddle(found);
                assertThat(saddle.jacobianRank()).as(outcome.toString()).isEqualTo(rank);
                if (rank > 0) {
                    assertThat(saddle.activationRanks().get(0)).isGreaterThan(3 * rank);
                }
            }
        }
    }
}
