package saddlefarm.network;

import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.SymmetricOperator;

/**
 * The Hessian of the loss at one point, by exact products with vectors (B. Pearlmutter, <i>Fast exact multiplication by
 * the Hessian</i>, 1994). ReLU's second derivative counts as 0.
 *
 * <p>Owns the batch's activations and their directional derivatives: one thread at a time.
 */
public final class Hessian implements SymmetricOperator {

    private final Architecture architecture;
    private final Loss loss;
    private final Kernels kernels;
    private final Parameters point;
    private final Gradient atPoint;
    private final Parameters direction;
    private final Parameters derivative;
    // derivatives of the activations and deltas along the direction, [N × n_ℓ]; a layer 0 stays unused, its derivative
    // is 0
    private final DMatrixRMaj[] activations;
    private final DMatrixRMaj[] deltas;
    private final DMatrixRMaj[] terms;
    private final Parameters gradientTerm;

    /**
     * Evaluates the network at a point.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     * @param point θ, which must not change while this Hessian is used
     */
    public Hessian(Loss loss, DMatrixRMaj inputs, DMatrixRMaj targets, Kernels kernels, Parameters point) {
        this.architecture = point.architecture();
        this.loss = loss;
        this.kernels = kernels;
        this.point = point;
        atPoint = new Gradient(architecture, loss, inputs, targets, kernels);
        direction = new Parameters(architecture);
        derivative = new Parameters(architecture);
        gradientTerm = new Parameters(architecture);
        int depth = architecture.depth();
        activations = new DMatrixRMaj[depth + 1];
        deltas = new DMatrixRMaj[depth + 1];
        terms = new DMatrixRMaj[depth + 1];
        for (int layer = 0; layer <= depth; layer++) {
            int rows = layer == 0 ? 0 : inputs.numRows;
            activations[layer] = new DMatrixRMaj(rows, architecture.widths().get(layer));
            deltas[layer] = new DMatrixRMaj(rows, architecture.widths().get(layer));
            terms[layer] = new DMatrixRMaj(rows, architecture.widths().get(layer));
        }
        atPoint.evaluate(point, gradientTerm);
    }

    @Override
    public int dimension() {
        return architecture.parameters();
    }

    @Override
    public void apply(double[] vector, double[] product) {
        direction.set(vector);
        forward();
        backward();
        System.arraycopy(derivative.toVector(), 0, product, 0, product.length);
    }

    private void forward() {
        int depth = architecture.depth();
        for (int layer = 1; layer <= depth; layer++) {
            DMatrixRMaj z = activations[layer];
            kernels.multiplyTransposed(atPoint.activation(layer - 1), direction.weights(layer), z);
            if (layer > 1) {
                kernels.multiplyTransposed(activations[layer - 1], point.weights(layer), terms[layer]);
                add(terms[layer], z);
            }
            Gradient.addToRows(direction.biases(layer), z);
            if (layer < depth && architecture.activation() == Activation.RELU) {
                kernels.mask(atPoint.activation(layer), z);
            }
        }
    }

    private void backward() {
        int depth = architecture.depth();
        loss.curvature(atPoint.outputs(), activations[depth], deltas[depth]);
        for (int layer = depth; layer >= 1; layer--) {
            DMatrixRMaj gradient = derivative.weights(layer);
            kernels.transposedMultiply(deltas[layer], atPoint.activation(layer - 1), gradient);
            if (layer > 1) {
                kernels.transposedMultiply(atPoint.delta(layer), activations[layer - 1], gradientTerm.weights(layer));
                add(gradientTerm.weights(layer), gradient);
            }
            Gradient.sumRows(deltas[layer], derivative.biases(layer));
            if (layer > 1) {
                kernels.multiply(deltas[layer], point.weights(layer), deltas[layer - 1]);
                kernels.multiply(atPoint.delta(layer), direction.weights(layer), terms[layer - 1]);
                add(terms[layer - 1], deltas[layer - 1]);
                if (architecture.activation() == Activation.RELU) {
                    kernels.mask(atPoint.activation(layer - 1), deltas[layer - 1]);
                }
            }
        }
    }

    private static void add(DMatrixRMaj term, DMatrixRMaj sum) {
        for (int i = 0; i < sum.getNumElements(); i++) {
            sum.data[i] += term.data[i];
        }
    }
}
