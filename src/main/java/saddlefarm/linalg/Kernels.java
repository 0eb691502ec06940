package saddlefarm.linalg;

import org.ejml.data.DMatrixRMaj;

/**
 * The dense operations that training is made of, over row-major matrices whose rows are samples.
 *
 * <p>Every element of a product is summed in ascending order of the inner index, so the result does not depend on the
 * number of threads, the panel size or the machine. An instance may own scratch memory: use it from one thread at a
 * time. No method allocates once it has seen its largest shapes.
 */
public interface Kernels {

    /** The backend's name as it enters a run's specification. */
    String backend();

    /** {@code c = a b} with a [m × k], b [k × n], c [m × n]. */
    void multiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c);

    /** {@code c = a bᵀ} with a [m × k], b [n × k], c [m × n]. */
    void multiplyTransposed(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c);

    /** {@code c = aᵀ b} with a [k × m], b [k × n], c [m × n]. */
    void transposedMultiply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c);

    /** {@code z = max(z, 0)} element by element; the result of −0 and of NaN is 0. */
    void relu(DMatrixRMaj z);

    /** {@code delta = 0} wherever the activation is not above 0. */
    void mask(DMatrixRMaj activation, DMatrixRMaj delta);

    /** {@code to = from − rate · gradient}, arrays of equal length; {@code to} may be {@code from}. */
    void descend(double[] from, double rate, double[] gradient, double[] to);
}
