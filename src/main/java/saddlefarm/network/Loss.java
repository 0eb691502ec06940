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
        public void curvature(
                PaddedMatrix outputs, PaddedMatrix direction, int samples, Kernels kernels, PaddedMatrix product) {
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
                double logSum = kernels.softmax(outputs, n, delta);
                double sample = 0;
                for (int j = 0; j < outputs.columns(); j++) {
                    double target = targets.get(n, j);
                    sample = Math.fma(-target, outputs.get(n, j) - logSum, sample);
                    delta.set(n, j, (delta.get(n, j) - target) / samples);
                }
                partialSums[0] += sample;
            }
        }

        @Override
        public double total(double[] partialSums, int samples) {
            return Kernels.total(partialSums) / samples;
        }

        @Override
        public void curvature(
                PaddedMatrix outputs, PaddedMatrix direction, int samples, Kernels kernels, PaddedMatrix product) {
            for (int n = 0; n < outputs.rows(); n++) {
                kernels.softmax(outputs, n, product);
                double mean = 0;
                for (int j = 0; j < outputs.columns(); j++) {
                    mean = Math.fma(product.get(n, j), direction.get(n, j), mean);
                }
                for (int j = 0; j < outputs.columns(); j++) {
                    product.set(n, j, product.get(n, j) * (direction.get(n, j) - mean) / samples);
                }
            }
        }
    }
}
