package saddlefarm.network;

import java.util.BitSet;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/** What a network makes of its inputs, layer by layer, at one point. Keeps the activations of all samples. */
public final class Activations {

    private final Parameters point;
    private final Panel panel;

    /**
     * Evaluates the network.
     *
     * @param inputs X, [N × n_0]
     * @param point θ, which must not change while these are used
     */
    public Activations(Parameters point, PaddedMatrix inputs, Kernels kernels) {
        this.point = point;
        Architecture architecture = point.architecture();
        var noTargets = new PaddedMatrix(inputs.rows(), architecture.outputs(architecture.depth()));
        Gradient.requireFit(architecture, inputs, noTargets);
        panel = Panel.keeping(architecture, kernels, inputs, noTargets, inputs.rows())
                .get(0);
        var weights = new PackedWeights(architecture);
        weights.set(point);
        panel.forward(weights);
    }

    /** s(…) after layer ℓ, [N × n_ℓ]; layer 0 is the inputs, layer L the outputs. */
    public PaddedMatrix after(int layer) {
        return panel.activation(layer);
    }

    /** Which hidden units are open at a sample, layer after layer; all of them in a linear network. */
    public BitSet open(int sample) {
        var open = new BitSet();
        int unit = 0;
        for (int layer = 1; layer < point.architecture().depth(); layer++) {
            for (int i = 0; i < point.architecture().outputs(layer); i++, unit++) {
                open.set(unit, open(sample, layer, i));
            }
        }
        return open;
    }

    /** The Jacobian of the outputs by the inputs at a sample, [n_L × n_0]: W_L D_{L−1} W_{L−1} … D_1 W_1. */
    public DMatrixRMaj jacobian(int sample) {
        int depth = point.architecture().depth();
        DMatrixRMaj jacobian = point.weights(depth).copy();
        for (int layer = depth - 1; layer >= 1; layer--) {
            for (int i = 0; i < jacobian.numCols; i++) {
                if (!open(sample, layer, i)) {
                    closeColumn(jacobian, i);
                }
            }
            jacobian = CommonOps_DDRM.mult(jacobian, point.weights(layer), null);
        }
        return jacobian;
    }

    private boolean open(int sample, int layer, int unit) {
        return point.architecture().activation() == Activation.LINEAR
                || after(layer).get(sample, unit) > 0;
    }

    private static void closeColumn(DMatrixRMaj matrix, int column) {
        for (int row = 0; row < matrix.numRows; row++) {
            matrix.set(row, column, 0);
        }
    }
}
