package saddlefarm.network;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.NullMarked;

/**
 * A network at work, sample by sample and sum by sum as the formulas say: slow, and the measure of the fast one. Knows
 * no derivatives.
 */
@NullMarked
public final class NaiveNetwork {

    private final Parameters parameters;
    private final DMatrixRMaj outputs;
    private double nearestKink = Double.POSITIVE_INFINITY;
    private boolean alive;

    public NaiveNetwork(Parameters parameters, DMatrixRMaj inputs) {
        this.parameters = parameters;
        outputs = new DMatrixRMaj(inputs.numRows, parameters.architecture().outputs(depth()));
        for (int n = 0; n < inputs.numRows; n++) {
            forward(n, inputs);
        }
    }

    /** Y, a sample a row. */
    public DMatrixRMaj outputs() {
        return outputs;
    }

    /** The least distance of a ReLU's argument from 0, over all samples. */
    double nearestKink() {
        return nearestKink;
    }

    /** Whether some sample passes at least one open unit in every layer. */
    boolean alive() {
        return alive;
    }

    /** C at targets T, a sample a row. */
    double loss(Loss loss, DMatrixRMaj targets) {
        double sum = 0;
        for (int n = 0; n < outputs.numRows; n++) {
            double exponentials = 0;
            for (int j = 0; j < outputs.numCols; j++) {
                exponentials += Math.exp(outputs.get(n, j));
            }
            for (int j = 0; j < outputs.numCols; j++) {
                double output = outputs.get(n, j);
                double target = targets.get(n, j);
                sum += switch (loss) {
                    case MSE -> (output - target) * (output - target) / 2;
                    case CROSS_ENTROPY -> -target * Math.log(Math.exp(output) / exponentials);
                };
            }
        }
        return sum / outputs.numRows;
    }

    private int depth() {
        return parameters.architecture().depth();
    }

    private void forward(int sample, DMatrixRMaj inputs) {
        double[] below = new double[inputs.numCols];
        for (int j = 0; j < below.length; j++) {
            below[j] = inputs.get(sample, j);
        }
        boolean open = true;
        for (int layer = 1; layer <= depth(); layer++) {
            boolean rectified = layer < depth() && parameters.architecture().activation() == Activation.RELU;
            double[] above = new double[parameters.architecture().outputs(layer)];
            boolean any = false;
            for (int i = 0; i < above.length; i++) {
                double z = parameters.architecture().bias() ? parameters.biases(layer)[i] : 0;
                for (int j = 0; j < below.length; j++) {
                    z += parameters.weights(layer).get(i, j) * below[j];
                }
                any |= !rectified || z > 0;
                above[i] = rectified && z < 0 ? 0 : z;
                if (rectified) {
                    nearestKink = Math.min(nearestKink, Math.abs(z));
                }
            }
            open &= any;
            below = above;
        }
        alive |= open;
        for (int j = 0; j < below.length; j++) {
            outputs.set(sample, j, below[j]);
        }
    }
}
