package saddlefarm.network;

import org.ejml.data.DMatrixRMaj;

/**
 * What training makes small, a mean over the N samples. Outputs Y and targets T are [N × width], a sample a row.
 *
 * <p>Sums run over a sample's outputs first, then over samples, in ascending order.
 */
public enum Loss {
    /** {@code C = 1/(2N) ‖Y − T‖²}. */
    MSE {
        @Override
        double evaluate(DMatrixRMaj outputs, DMatrixRMaj targets) {
            double sum = 0;
            for (int n = 0, i = 0; n < outputs.numRows; n++) {
                double sample = 0;
                for (int j = 0; j < outputs.numCols; j++, i++) {
                    double residual = outputs.data[i] - targets.data[i];
                    sample += residual * residual;
                }
                sum += sample;
            }
            return sum / (2.0 * outputs.numRows);
        }

        @Override
        void gradient(DMatrixRMaj outputs, DMatrixRMaj targets, DMatrixRMaj gradient) {
            double samples = outputs.numRows;
            for (int i = 0; i < outputs.getNumElements(); i++) {
                gradient.data[i] = (outputs.data[i] - targets.data[i]) / samples;
            }
        }

        @Override
        void curvature(DMatrixRMaj outputs, DMatrixRMaj direction, DMatrixRMaj product) {
            double samples = outputs.numRows;
            for (int i = 0; i < outputs.getNumElements(); i++) {
                product.data[i] = direction.data[i] / samples;
            }
        }
    },

    /** {@code C = −1/N Σ_n Σ_j T_nj log softmax(Y_n)_j}; each row of T is a probability distribution. */
    CROSS_ENTROPY {
        @Override
        double evaluate(DMatrixRMaj outputs, DMatrixRMaj targets) {
            double sum = 0;
            for (int n = 0; n < outputs.numRows; n++) {
                int row = n * outputs.numCols;
                double logSum = logSumExp(outputs, row);
                double sample = 0;
                for (int j = row; j < row + outputs.numCols; j++) {
                    sample += targets.data[j] * (logSum - outputs.data[j]);
                }
                sum += sample;
            }
            return sum / outputs.numRows;
        }

        @Override
        void gradient(DMatrixRMaj outputs, DMatrixRMaj targets, DMatrixRMaj gradient) {
            for (int n = 0; n < outputs.numRows; n++) {
                int row = n * outputs.numCols;
                double logSum = logSumExp(outputs, row);
                for (int j = row; j < row + outputs.numCols; j++) {
                    gradient.data[j] = (StrictMath.exp(outputs.data[j] - logSum) - targets.data[j]) / outputs.numRows;
                }
            }
        }

        @Override
        void curvature(DMatrixRMaj outputs, DMatrixRMaj direction, DMatrixRMaj product) {
            for (int n = 0; n < outputs.numRows; n++) {
                int row = n * outputs.numCols;
                double logSum = logSumExp(outputs, row);
                double mean = 0;
                for (int j = row; j < row + outputs.numCols; j++) {
                    mean += StrictMath.exp(outputs.data[j] - logSum) * direction.data[j];
                }
                for (int j = row; j < row + outputs.numCols; j++) {
                    double probability = StrictMath.exp(outputs.data[j] - logSum);
                    product.data[j] = probability * (direction.data[j] - mean) / outputs.numRows;
                }
            }
        }

        private double logSumExp(DMatrixRMaj outputs, int row) {
            double largest = outputs.data[row];
            for (int j = row + 1; j < row + outputs.numCols; j++) {
                largest = Math.max(largest, outputs.data[j]);
            }
            double sum = 0;
            for (int j = row; j < row + outputs.numCols; j++) {
                sum += StrictMath.exp(outputs.data[j] - largest);
            }
            return largest + StrictMath.log(sum);
        }
    };

    /** The loss at the outputs Y. */
    abstract double evaluate(DMatrixRMaj outputs, DMatrixRMaj targets);

    /** {@code gradient = ∂C/∂Y}. */
    abstract void gradient(DMatrixRMaj outputs, DMatrixRMaj targets, DMatrixRMaj gradient);

    /** {@code product = (∂²C/∂Y²) direction}. */
    abstract void curvature(DMatrixRMaj outputs, DMatrixRMaj direction, DMatrixRMaj product);
}
