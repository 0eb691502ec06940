package saddlefarm.linalg;

import org.ejml.data.DMatrixRMaj;

/**
 * The dense operations that training is made of. Rows are samples.
 *
 * <p>Those of {@link #ordered()} give the same bits on every machine: each element of a product is summed in ascending
 * order of the inner index with fused multiply-adds, whatever the vector width, and sums over all elements run over
 * eight interleaved partial sums. Thread-safe; no method allocates, but {@link #singularValues}.
 */
public interface Kernels {

    /** The fastest kernels here that keep to the order above. */
    static Kernels ordered() {
        return Ordered.KERNELS;
    }

    /**
     * The kernels of a backend: {@code ordered}, or {@code openblas}, which gives the same bits on processors of one
     * kind only.
     *
     * @throws UnsupportedOperationException if this machine does not have it; says why
     */
    static Kernels of(String backend) {
        return switch (backend) {
            case "ordered" -> ordered();
            case "openblas" -> OpenBlas.kernels();
            default -> throw new IllegalArgumentException("no backend " + backend);
        };
    }

    /** The backend's name as it enters a run's specification. */
    String backend();

    /** How it computes on this machine, for people: such as {@code 512-bit vectors}. */
    String description();

    /** {@code c = a b} with a [m × k], b [k × n], c [m × n]. */
    void multiply(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c);

    /** {@code c += a b} with a [m × k], b [k × n], c [m × n]: the sum begins with what is in c. */
    void multiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c);

    /** {@code c += aᵀ b} with a [k × m], b [k × n], c [m × n]: the sum begins with what is in c. */
    void transposedMultiplyAdd(PaddedMatrix a, PaddedMatrix b, PaddedMatrix c);

    /** {@code z = max(z, 0)} element by element; the result of −0 and of NaN is 0. */
    void relu(PaddedMatrix z);

    /** {@code delta = 0} wherever the activation, of the same shape, is not above 0. */
    void mask(PaddedMatrix activation, PaddedMatrix delta);

    /**
     * {@code difference = factor (y − t)}, all of the same shape, and the squares of y − t added to eight partial sums:
     * column j to sum j mod 8.
     */
    void differences(PaddedMatrix y, PaddedMatrix t, double factor, PaddedMatrix difference, double[] partialSums);

    /**
     * A row of p becomes the softmax {@code e^{y_j} / Σ_k e^{y_k}} of the same row of y, another matrix of its shape.
     *
     * @return log Σ_k e^{y_k}
     */
    double softmax(PaddedMatrix y, int row, PaddedMatrix p);

    /** Adds the squares of all elements to eight partial sums, element i to sum i mod 8. */
    void addSquares(double[] x, double[] partialSums);

    /** {@code to = from − rate · gradient}, arrays of equal length; {@code to} may be {@code from}. */
    void descend(double[] from, double rate, double[] gradient, double[] to);

    /** All singular values of a matrix, as {@link SingularValues#of}. */
    default double[] singularValues(DMatrixRMaj matrix) {
        return SingularValues.of(matrix);
    }

    /** The total of eight partial sums, by pairs. */
    static double total(double[] partialSums) {
        return ((partialSums[0] + partialSums[1]) + (partialSums[2] + partialSums[3]))
                + ((partialSums[4] + partialSums[5]) + (partialSums[6] + partialSums[7]));
    }
}
