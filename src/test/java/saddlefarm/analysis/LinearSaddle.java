package saddlefarm.analysis;

import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jspecify.annotations.NullMarked;
import saddlefarm.data.Task;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

/**
 * A balanced saddle of a deep linear network on whitened inputs and a teacher of strengths 4, 2, 1, ½: with orthonormal
 * directions e_0 (the teacher's inputs) to e_L (its outputs) in every layer, W_ℓ = Σ_{m≤k} s_m^{1/L} e_{ℓ,m}
 * e_{ℓ−1,m}ᵀ.
 */
@NullMarked
final class LinearSaddle {

    static final double[] STRENGTHS = {4, 2, 1, 0.5};

    private static final int INPUTS = 6;
    private static final int OUTPUTS = 7;
    private static final int SAMPLES = 12;

    private final Task task;
    private final Parameters point;
    private final List<DMatrixRMaj> directions;

    /**
     * @param depth L ≥ 2
     * @param width of the hidden layers, ≥ 4
     * @param rank k, 0 to 4
     */
    LinearSaddle(int depth, int width, int rank) {
        List<Integer> widths = IntStream.rangeClosed(0, depth)
                .mapToObj(layer -> layer == 0 ? INPUTS : layer == depth ? OUTPUTS : width)
                .toList();
        var random = RandomStream.of(rank, "saddle of depth " + depth);
        DMatrixRMaj inputs = TestMatrices.orthonormal(SAMPLES, INPUTS, random);
        CommonOps_DDRM.scale(Math.sqrt(SAMPLES), inputs);
        directions = widths.stream()
                .map(n -> TestMatrices.orthonormal(n, Math.min(n, width), random))
                .toList();
        point = new Parameters(new Architecture(widths, Activation.LINEAR, false));
        var map = new DMatrixRMaj(OUTPUTS, INPUTS);
        for (int m = 0; m < STRENGTHS.length; m++) {
            addOuter(STRENGTHS[m], directions.get(depth), directions.get(0), m, map);
            for (int layer = 1; layer <= depth && m < rank; layer++) {
                add(layer, m, Math.pow(STRENGTHS[m], 1.0 / depth));
            }
        }
        task = new Task(inputs, CommonOps_DDRM.multTransB(inputs, map, null));
    }

    /** Adds a singular value to a layer, in the direction of a number from 0 on each side. */
    LinearSaddle add(int layer, int direction, double value) {
        addOuter(value, directions.get(layer), directions.get(layer - 1), direction, point.weights(layer));
        return this;
    }

    Task task() {
        return task;
    }

    Parameters point() {
        return point;
    }

    private static void addOuter(double factor, DMatrixRMaj left, DMatrixRMaj right, int column, DMatrixRMaj sum) {
        for (int row = 0; row < sum.numRows; row++) {
            for (int j = 0; j < sum.numCols; j++) {
                sum.add(row, j, factor * left.get(row, column) * right.get(j, column));
            }
        }
    }
}
