package saddlefarm.linalg;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * A Krylov space of a symmetric operator that grows by a product at a time, by the Lanczos method with full
 * reorthogonalization (C. Lanczos, 1950; B. Parlett, <i>The Symmetric Eigenvalue Problem</i>, 1998, ch. 13).
 */
final class KrylovSpace {

    private final SymmetricOperator operator;
    private final List<double[]> locked;
    private final List<double[]> basis = new ArrayList<>();
    // the operator's projection, in units of a power of two near its size
    private final double[] diagonal;
    private final double[] offDiagonal;
    private double[] next;
    private double unit = 1;
    private double scale;
    private boolean exhausted;

    /**
     * @param locked orthonormal vectors to which the space is orthogonal: the operator is restricted to their
     *     complement, which has at least one dimension
     * @param most dimensions that it will have
     * @param random where the start vector comes from
     */
    KrylovSpace(SymmetricOperator operator, List<double[]> locked, int most, RandomStream random) {
        this.operator = operator;
        this.locked = locked;
        diagonal = new double[most];
        offDiagonal = new double[most];
        next = start(random);
    }

    int size() {
        return basis.size();
    }

    /** Whether the operator maps the space to itself, so that its Ritz pairs are eigenpairs and it cannot grow. */
    boolean exhausted() {
        return exhausted;
    }

    /** Grows by one dimension, with one product. Not when exhausted. */
    void grow() {
        double[] vector = next;
        int at = basis.size();
        basis.add(vector);
        next = new double[vector.length];
        operator.apply(vector, next);
        if (at == 0) {
            // On small plateaus the operator may be near 1e-200, where the squares in a norm are 0. In units of a
            // power of two near its size they are not, and nothing is rounded.
            unit = Vectors.powerOfTwo(Vectors.largest(next));
        }
        Vectors.scale(1 / unit, next);
        diagonal[at] = Vectors.dot(vector, next);
        orthogonalize(next);
        orthogonalize(next); // twice is enough (W. Kahan): the second pass removes the first one's rounding
        double norm = Vectors.norm(next);
        offDiagonal[at] = norm;
        scale = Math.max(scale, Math.abs(diagonal[at]) + norm);
        exhausted = norm <= 1e-14 * scale;
        if (exhausted) {
            offDiagonal[at] = 0;
        } else {
            Vectors.scale(1 / norm, next);
        }
    }

    /** How many Ritz values are below a bound: so many pivots of T − bound·I are negative (J. Sylvester, 1852). */
    int below(double bound) {
        double pivot = 1;
        int count = 0;
        for (int i = 0; i < basis.size(); i++) {
            double coupling = i == 0 ? 0 : offDiagonal[i - 1] * offDiagonal[i - 1] / pivot;
            pivot = diagonal[i] - bound / unit - coupling;
            count += pivot < 0 ? 1 : 0;
        }
        return count;
    }

    /** The eigenpairs of the operator's projection on this space, as it is now. */
    RitzPairs ritzPairs() {
        int size = basis.size();
        var projection = new DMatrixRMaj(size, size);
        for (int i = 0; i < size; i++) {
            projection.set(i, i, diagonal[i]);
            if (i + 1 < size) {
                projection.set(i, i + 1, offDiagonal[i]);
                projection.set(i + 1, i, offDiagonal[i]);
            }
        }
        var eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(projection)) {
            throw new ArithmeticException("eigenvalues of the projected operator did not converge");
        }
        return new RitzPairs(eigen, basis, unit, offDiagonal[size - 1] * unit);
    }

    private double[] start(RandomStream random) {
        double[] vector = new double[operator.dimension()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextGaussian();
        }
        orthogonalize(vector);
        orthogonalize(vector);
        Vectors.scale(1 / Vectors.norm(vector), vector);
        return vector;
    }

    private void orthogonalize(double[] vector) {
        removeParts(vector, locked);
        removeParts(vector, basis);
    }

    private static void removeParts(double[] vector, List<double[]> directions) {
        for (double[] direction : directions) {
            Vectors.addScaled(-Vectors.dot(direction, vector), direction, vector);
        }
    }
}
