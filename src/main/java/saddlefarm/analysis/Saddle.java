package saddlefarm.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the network and the loss look like at a plateau's deepest snapshot, beyond the plateau's own row.
 *
 * <p>Hidden layers are 1 to L − 1, and pairs of neighbouring layers are (ℓ, ℓ + 1) for the same ℓ: the lists have L − 1
 * entries, the first layer first, and are empty in a network of one layer.
 *
 * @param index directions down; null at the origin, whose Hessian vanishes from depth three on, and where curvature is
 *     not observed
 * @param jacobianRank bottleneck rank of the function: the greatest numerical rank, over samples, of the Jacobian of
 *     the outputs by the inputs
 * @param activationRanks numerical rank of each hidden layer's activations
 * @param balance {@code ‖W_{ℓ+1}ᵀ W_{ℓ+1} − W_ℓ W_ℓᵀ‖_F / (‖W_{ℓ+1}ᵀ W_{ℓ+1}‖_F + ‖W_ℓ W_ℓᵀ‖_F)}, in [0, 1]; 0 where
 *     both are 0. Gradient flow of a linear network keeps the difference
 * @param alignment {@code ‖V_kᵀ U_k‖_F² / k}, in [0, 1], of the k leading left singular vectors U of layer ℓ and right
 *     ones V of layer ℓ + 1, with k = max(1, the plateau's rank); 1 where they span the same space
 * @param deadUnits how many units of each hidden layer are 0 at every sample; always 0 in a linear network
 */
public record Saddle(
        @Nullable SaddleIndex index,
        int jacobianRank,
        List<Integer> activationRanks,
        List<Double> balance,
        List<Double> alignment,
        List<Integer> deadUnits) {

    public Saddle {
        if (jacobianRank < 0) {
            throw new IllegalArgumentException("a rank is at least 0 but was " + jacobianRank);
        }
        activationRanks = List.copyOf(activationRanks);
        balance = List.copyOf(balance);
        alignment = List.copyOf(alignment);
        deadUnits = List.copyOf(deadUnits);
        if (balance.size() != activationRanks.size()
                || alignment.size() != activationRanks.size()
                || deadUnits.size() != activationRanks.size()) {
            throw new IllegalArgumentException(
                    "%d hidden layers have activation ranks and %d have dead units, of %d pairs of layers with a balance and %d with an alignment"
                            .formatted(activationRanks.size(), deadUnits.size(), balance.size(), alignment.size()));
        }
    }
}
