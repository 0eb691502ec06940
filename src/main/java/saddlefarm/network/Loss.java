package saddlefarm.network;

import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/** What training makes small, a mean over the N samples. Outputs Y and targets T are [N × width], a sample a row. */
public enum Loss implements Objective {
    /** {@code C = 1/(2N) ‖Y − T‖²}. */
    MSE {
        @Override
        public void evaluate(
                PaddedMatrix outputs,
                PaddedMatrix targets,
                int samples,
                Kernels kernels,
                PaddedMatrix delta,
                double[] partialSums) {
            kernels.differences(outputs, targets, 1.0 / samples, delta, partialSums);
        }

        @Override
        public double total(double[] partialSums, int samples) {
            return Kernels.total(partialSums) / (2.0 * samples);
        }

        @Override
        public void curvature(PaddedMatrix outputs, PaddedMatrix direction, int samples, PaddedMatrix product) {
            for (int n = 0; n < direction.rows(); n++) {
                for (int j = 0; j < direction.columns(); j++) {
                    product.set(n, j, direction.get(n, j) / samples);
                }
            }
        }
    },

    /** {@code C = −1/N Σ_n Σ_j T_nj log softmax(Y_n)_j}; each row of T is a probability distribution. */
    CROSS_ENTROPY {
        @Override
        public void evaluate(
                PaddedMatrix outputs,
                PaddedMatrix targets,
                int samples,
                Kernels kernels,
                PaddedMatrix delta,
                double[] partialSums) {
            for (int n = 0; n < outputs.rows(); n++) {
                double logSum = logSumExp(outputs, n);
                double sample = 0;
                for (int j = 0; j < outputs.columns(); j++) {
                    double logProbability = outputs.get(n, j) - logSum;
                    sample -= targets.get(n, j) * logProbability;
                    delta.set(n, j, (StrictMath.exp(logProbability) - targets.get(n, j)) / samples);
                }
                partialSums[0] += sample;
            }
        }

        @Override
        public double total(double[] partialSums, int samples) {
            return Kernels.total(partialSums) / samples;
        }

        @Override
        public void curvature(PaddedMatrix outputs, PaddedMatrix direction, int samples, PaddedMatrix product) {
            for (int n = 0; n < outputs.rows(); n++) {
                double logSum = logSumExp(outputs, n);
                double mean = 0;
                for (int j = 0; j < outputs.columns(); j++) {
                    mean += StrictMath.exp(outputs.get(n, j) - logSum) * direction.get(n, j);
                }
                for (int j = 0; j < outputs.columns(); j++) {
                    double probability = StrictMath.exp(outputs.get(n, j) - logSum);
                    product.set(n, j, probability * (direction.get(n, j) - mean) / samples);
                }
            }
        }

        private double logSumExp(PaddedMatrix outputs, int row) {
            double largest = outputs.get(row, 0);
            for (int j = 1; j < outputs.columns(); j++) {
                largest = Math.max(largest, outputs.get(row, j));
            }
            double sum = 0;
            for (int j = 0; j < outputs.columns(); j++) {
                sum += StrictMath.exp(outputs.get(row, j) - largest);
            }
            return largest + StrictMath.log(sum);
        }
    }
}
