package saddlefarm.network;

import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.SymmetricOperator;

/**
 * The Hessian of the loss at one point, by exact products with vectors (B. Pearlmutter, <i>Fast exact multiplication by
 * the Hessian</i>, 1994). ReLU's second derivative counts as 0.
 *
 * <p>Keeps the whole batch's activations and deltas: one thread at a time, and not for long.
 */
public final class Hessian implements SymmetricOperator {

    private final Architecture architecture;
    private final Objective loss;
    private final Kernels kernels;
    private final int samples;
    private final PackedWeights point;
    private final List<Panel> panels;
    private final Parameters direction;
    private final PackedWeights packedDirection;
    private final PackedGradient sum;
    private final Parameters product;
    // derivatives of a panel's activations and deltas along the direction; those of the inputs are 0
    private final PaddedMatrix[] activations;
    private final PaddedMatrix[] deltas;

    /**
     * Evaluates the network at a point.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     * @param point θ, which must not change while this Hessian is used
     */
    public Hessian(Objective loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels, Parameters point) {
        architecture = point.architecture();
        Gradient.requireFit(architecture, inputs, targets);
        this.loss = loss;
        this.kernels = kernels;
        samples = inputs.rows();
        this.point = new PackedWeights(architecture);
        this.point.set(point);
        panels = Panel.keeping(architecture, kernels, inputs, targets);
        direction = new Parameters(architecture);
        packedDirection = new PackedWeights(architecture);
        sum = new PackedGradient(architecture, kernels);
        product = new Parameters(architecture);
        int most = Math.min(Panel.samples(architecture), samples);
        activations = Panel.layers(architecture, most);
        deltas = Panel.layers(architecture, most);
        for (Panel panel : panels) {
            panel.forward(this.point);
            panel.evaluate(loss, samples, new double[PaddedMatrix.BLOCK]);
            panel.backward(this.point, sum);
        }
    }

    @Override
    public int dimension() {
        return architecture.parameters();
    }

    @Override
    public void apply(double[] vector, double[] result) {
        direction.set(vector);
        packedDirection.set(direction);
        sum.setZero();
        for (Panel panel : panels) {
            PaddedMatrix[] a = Panel.rows(activations, 0, panel.samples());
            PaddedMatrix[] d = Panel.rows(deltas, 0, panel.samples());
            forward(panel, a);
            backward(panel, a, d);
        }
        sum.copyTo(product);
        product.copyTo(result);
    }

    private void forward(Panel panel, PaddedMatrix[] a) {
        int depth = architecture.depth();
        for (int layer = 1; layer <= depth; layer++) {
            PaddedMatrix z = a[layer];
            if (architecture.bias()) {
                z.setRows(packedDirection.biases(layer));
            } else {
                z.setZero();
            }
            kernels.multiplyAdd(panel.activation(layer - 1), packedDirection.forward(layer), z);
            if (layer > 1) {
                kernels.multiplyAdd(a[layer - 1], point.forward(layer), z);
            }
            if (layer < depth) {
                panel.maskBelow(layer + 1, z);
            }
        }
    }

    private void backward(Panel panel, PaddedMatrix[] a, PaddedMatrix[] d) {
        int depth = architecture.depth();
        loss.curvature(panel.outputs(), a[depth], samples, kernels, d[depth]);
        for (int layer = depth; layer >= 1; layer--) {
            sum.addWeights(layer, d[layer], panel.activation(layer - 1));
            sum.addBiases(layer, d[layer]);
            if (layer > 1) {
                sum.addWeights(layer, panel.delta(layer), a[layer - 1]);
                kernels.multiply(d[layer], point.backward(layer), d[layer - 1]);
                kernels.multiplyAdd(panel.delta(layer), packedDirection.backward(layer), d[layer - 1]);
                panel.maskBelow(layer, d[layer - 1]);
            }
        }
    }
}
