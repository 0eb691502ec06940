package saddlefarm.theory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.SingularValues;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Loss;

/**
 * Losses of plateaus by rank, under the mean squared error.
 *
 * @param levels the loss at rank 0, which is that at the origin, at rank 1 and so on, to the greatest rank that lowers
 *     it and that the network's narrowest layer allows
 * @param exact true for a linear network, whose saddles of rank k have the least loss of linear maps of rank k (P.
 *     Baldi, K. Hornik, 1989); false for ReLU, where level k is the least loss of any outputs of rank k, {@code 1/(2N)
 *     Σ_{j>k} τ_j²} with τ_j the singular values of the targets (C. Eckart, G. Young, <i>The approximation of one
 *     matrix by another of lower rank</i>, 1936): a plateau whose last layer has rank k is not below it
 */
public record Ladder(List<Double> levels, boolean exact) {

    /** Singular values below this part of the largest one are rounding. */
    private static final double ROUNDING = 1e-10;

    public Ladder {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("a ladder has at least the level of rank 0");
        }
    }

    /**
     * The ladder of a network on a task, or why it has none.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     */
    static Predicted<Ladder> of(Architecture architecture, Loss loss, PaddedMatrix inputs, PaddedMatrix targets) {
        if (loss != Loss.MSE) {
            return Predicted.not("only the mean squared error has levels in closed form");
        }
        if (architecture.bias()) {
            return Predicted.not("with biases the rank of the weights does not bound that of the outputs");
        }
        if (architecture.depth() < 2) {
            return Predicted.not("a network of one layer has no saddles");
        }
        return Predicted.of(
                architecture.activation() == Activation.LINEAR
                        ? linear(LinearTask.of(inputs, targets), narrowest(architecture))
                        : bound(targets, narrowest(architecture)));
    }

    /** The loss of the level of a rank; of ranks beyond the last level, the last one's. */
    public double level(int rank) {
        return levels.get(Math.min(rank, levels.size() - 1));
    }

    /** The rank of the level that is nearest to a loss. */
    public int nearest(double loss) {
        int nearest = 0;
        for (int rank = 1; rank < levels.size(); rank++) {
            if (Math.abs(loss - levels.get(rank)) < Math.abs(loss - levels.get(nearest))) {
                nearest = rank;
            }
        }
        return nearest;
    }

    private static Ladder linear(LinearTask task, int most) {
        double[] values = task.strengths().stream().mapToDouble(s -> s).toArray();
        return new Ladder(levels(values, task.lossAtOrigin(), most), true);
    }

    private static Ladder bound(PaddedMatrix targets, int most) {
        double[] values = SingularValues.of(targets.toMatrix());
        double squares = 0;
        for (int j = values.length - 1; j >= 0; j--) {
            values[j] /= Math.sqrt(targets.rows());
            squares += values[j] * values[j];
        }
        return new Ladder(levels(values, squares / 2, most), false);
    }

    /** From the smallest square on, so that the last levels are not lost to rounding. */
    private static List<Double> levels(double[] values, double atOrigin, int most) {
        int rank = (int)
                Arrays.stream(values).filter(s -> s > ROUNDING * values[0]).count();
        double all = 0;
        for (int j = rank - 1; j >= 0; j--) {
            all += values[j] * values[j] / 2;
        }
        double rest = atOrigin - all;
        double level = rest > ROUNDING * atOrigin ? rest : 0;
        var levels = new ArrayList<Double>();
        levels.add(level);
        for (int j = rank - 1; j >= 0; j--) {
            level += values[j] * values[j] / 2;
            levels.add(0, level);
        }
        return levels.subList(0, Math.min(rank, most) + 1);
    }

    private static int narrowest(Architecture architecture) {
        return architecture.widths().stream().min(Integer::compare).orElseThrow();
    }
}
