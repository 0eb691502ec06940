package saddlefarm.analysis;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Activation;
import saddlefarm.network.Activations;
import saddlefarm.network.Objective;
import saddlefarm.network.Parameters;

/** The numerical ranks of the function that a network is at a point, and of its representations of the samples. */
final class FunctionRank {

    /** Singular values below this part of the largest one are not told apart from 0, as in {@link Rank}. */
    private static final double FLOOR = Rank.CURRENT_FLOOR;

    /** At how many samples, evenly spaced, Jacobians are looked at, at most: each costs as much as n_L samples do. */
    static final int SAMPLES = 200;

    private final Activations activations;
    private final Parameters point;
    private final Kernels kernels;
    private final int samples;

    FunctionRank(Parameters point, PaddedMatrix inputs, Kernels kernels) {
        this.point = point;
        this.kernels = kernels;
        samples = inputs.rows();
        activations = new Activations(point, inputs, kernels);
    }

    /**
     * The slope that a solution must have somewhere: {@code σ_1(N G) / σ_1(X)} with G the loss's derivative by the
     * outputs at output 0, which for the mean squared error is −T/N. A linear map that sends X to T has no smaller
     * norm.
     */
    static double slope(Objective loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        PaddedMatrix gradient = loss.gradientAtZero(targets, kernels);
        double input = squaredSingularValues(inputs, kernels)[0];
        return input == 0 ? 0 : targets.rows() * Math.sqrt(squaredSingularValues(gradient, kernels)[0] / input);
    }

    /**
     * The greatest numerical rank of the Jacobian of the outputs by the inputs, over {@link #SAMPLES} samples or all
     * (bottleneck rank at least that: A. Jacot, <i>Implicit Bias of Large Depth Networks: a Notion of Rank for
     * Nonlinear Functions</i>, 2023). Singular values count from .05 of the largest one or of the slope on, whichever
     * is greater: relative to its largest one alone, the function of small initial weights would have full rank, and
     * not 0.
     *
     * @param slope of a solution, see {@link #slope}
     */
    int ofJacobian(double slope) {
        Set<BitSet> seen = new HashSet<>();
        int looked = Math.min(samples, SAMPLES);
        int rank = 0;
        for (int i = 0; i < looked; i++) {
            int sample = (int) ((long) i * samples / looked);
            // One Jacobian for all samples at which the same units are open.
            if (seen.add(activations.open(sample))) {
                double[] values = kernels.singularValues(activations.jacobian(sample));
                rank = Math.max(rank, countFrom(FLOOR * Math.max(values[0], slope), values));
            }
        }
        return rank;
    }

    /** How many singular values of each hidden layer's activations, [N × n_ℓ], are at least .05 of the largest one. */
    List<Integer> ofActivations() {
        return hiddenLayers()
                .mapToObj(layer -> {
                    // Squares lose what is below 1e-8 of the largest value, far below the floor, and have n_ℓ rows, not
                    // N.
                    double[] squares = squaredSingularValues(activations.after(layer), kernels);
                    return countFrom(FLOOR * FLOOR * squares[0], squares);
                })
                .toList();
    }

    /** How many units of each hidden layer are 0 at every sample; 0 in a linear network. */
    List<Integer> deadUnits() {
        if (point.architecture().activation() == Activation.LINEAR) {
            return hiddenLayers().mapToObj(layer -> 0).toList();
        }
        return hiddenLayers()
                .mapToObj(layer -> {
                    PaddedMatrix after = activations.after(layer);
                    return (int) IntStream.range(0, after.columns())
                            .filter(unit -> IntStream.range(0, samples).noneMatch(n -> after.get(n, unit) > 0))
                            .count();
                })
                .toList();
    }

    private IntStream hiddenLayers() {
        return IntStream.range(1, point.architecture().depth());
    }

    /** The eigenvalues of AᵀA, descending. */
    private static double[] squaredSingularValues(PaddedMatrix a, Kernels kernels) {
        var gram = new PaddedMatrix(a.columns(), a.columns());
        kernels.transposedMultiplyAdd(a, a, gram);
        return kernels.singularValues(gram.toMatrix());
    }

    /** How many values are at least a floor, and not 0. */
    private static int countFrom(double floor, double[] descending) {
        int count = 0;
        while (count < descending.length && descending[count] > 0 && descending[count] >= floor) {
            count++;
        }
        return count;
    }
}
