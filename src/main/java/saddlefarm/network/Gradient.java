package saddlefarm.network;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.Kernels;

/**
 * The loss of a network on a full batch, and its gradient by backpropagation. Owns the batch's activations: one thread
 * at a time. No call allocates.
 */
public final class Gradient {

    private final Architecture architecture;
    private final Loss loss;
    private final DMatrixRMaj targets;
    private final Kernels kernels;
    // activations[ℓ] is [N × n_ℓ]; activations[0] is the inputs, the last one the outputs
    private final DMatrixRMaj[] activations;
    // deltas[ℓ] is ∂C/∂(the input of layer ℓ's activation), [N × n_ℓ]; deltas[0] is unused
    private final DMatrixRMaj[] deltas;

    /**
     * @param inputs X, [N × n_0], a sample a row; read, never written
     * @param targets T, [N × n_L]; read, never written
     */
    public Gradient(Architecture architecture, Loss loss, DMatrixRMaj inputs, DMatrixRMaj targets, Kernels kernels) {
        int depth = architecture.depth();
        if (inputs.numCols != architecture.inputs(1)
                || targets.numCols != architecture.outputs(depth)
                || inputs.numRows != targets.numRows) {
            throw new IllegalArgumentException(
                    "a network of widths %s cannot map %d samples of %d inputs to %d of %d outputs"
                            .formatted(
                                    architecture.widths(),
                                    inputs.numRows,
                                    inputs.numCols,
                                    targets.numRows,
                                    targets.numCols));
        }
        this.architecture = architecture;
        this.loss = loss;
        this.targets = targets;
        this.kernels = kernels;
        activations = new DMatrixRMaj[depth + 1];
        deltas = new DMatrixRMaj[depth + 1];
        activations[0] = inputs;
        deltas[0] = new DMatrixRMaj(0, 0);
        for (int layer = 1; layer <= depth; layer++) {
            activations[layer] = new DMatrixRMaj(inputs.numRows, architecture.outputs(layer));
            deltas[layer] = new DMatrixRMaj(inputs.numRows, architecture.outputs(layer));
        }
    }

    /** The loss alone. */
    public double loss(Parameters parameters) {
        forward(parameters);
        return loss.evaluate(outputs(), targets);
    }

    /** The loss; sets {@code gradient} to ∂C/∂θ. */
    public double evaluate(Parameters parameters, Parameters gradient) {
        forward(parameters);
        backward(parameters, gradient);
        return loss.evaluate(outputs(), targets);
    }

    /** Y of the last evaluation, [N × n_L], owned by this object. */
    public DMatrixRMaj outputs() {
        return activations[architecture.depth()];
    }

    /** s(…) after layer ℓ of the last evaluation, [N × n_ℓ], owned by this object; layer 0 is the inputs. */
    DMatrixRMaj activation(int layer) {
        return activations[layer];
    }

    /** ∂C/∂(W_ℓ A_{ℓ−1}) of the last evaluation with gradient, [N × n_ℓ], owned by this object. */
    DMatrixRMaj delta(int layer) {
        return deltas[layer];
    }

    private void forward(Parameters parameters) {
        int depth = architecture.depth();
        for (int layer = 1; layer <= depth; layer++) {
            DMatrixRMaj z = activations[layer];
            kernels.multiplyTransposed(activations[layer - 1], parameters.weights(layer), z);
            addToRows(parameters.biases(layer), z);
            if (layer < depth && architecture.activation() == Activation.RELU) {
                kernels.relu(z);
            }
        }
    }

    private void backward(Parameters parameters, Parameters gradient) {
        int depth = architecture.depth();
        loss.gradient(outputs(), targets, deltas[depth]);
        for (int layer = depth; layer >= 1; layer--) {
            kernels.transposedMultiply(deltas[layer], activations[layer - 1], gradient.weights(layer));
            sumRows(deltas[layer], gradient.biases(layer));
            if (layer > 1) {
                kernels.multiply(deltas[layer], parameters.weights(layer), deltas[layer - 1]);
                if (architecture.activation() == Activation.RELU) {
                    kernels.mask(activations[layer - 1], deltas[layer - 1]);
                }
            }
        }
    }

    /** Adds a vector to every row; does nothing when it is empty. */
    static void addToRows(double[] vector, DMatrixRMaj matrix) {
        if (vector.length == 0) {
            return;
        }
        for (int row = 0, i = 0; row < matrix.numRows; row++) {
            for (int j = 0; j < vector.length; j++, i++) {
                matrix.data[i] += vector[j];
            }
        }
    }

    /** Sets a vector to the sum of all rows; does nothing when it is empty. */
    static void sumRows(DMatrixRMaj matrix, double[] vector) {
        if (vector.length == 0) {
            return;
        }
        Arrays.fill(vector, 0);
        for (int row = 0, i = 0; row < matrix.numRows; row++) {
            for (int j = 0; j < vector.length; j++, i++) {
                vector[j] += matrix.data[i];
            }
        }
    }
}
