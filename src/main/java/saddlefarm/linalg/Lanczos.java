package saddlefarm.linalg;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Both ends of a symmetric operator's spectrum by the Lanczos method with full reorthogonalization (C. Lanczos, 1950;
 * B. Parlett, <i>The Symmetric Eigenvalue Problem</i>, 1998, ch. 13).
 */
public final class Lanczos {

    private Lanczos() {}

    /**
     * A Ritz value at one end of the spectrum.
     *
     * @param value the eigenvalue's approximation, from inside the spectrum
     * @param residual ‖A v − value·v‖ of its unit Ritz vector, an upper bound of the distance to an eigenvalue
     */
    public record Ritz(double value, double residual) {}

    /** The least and the greatest Ritz value, and the number of operator products that they took. */
    public record Extremes(Ritz least, Ritz greatest, int products) {}

    /**
     * The extreme Ritz values of a Krylov space.
     *
     * @param operator of dimension n ≥ 1
     * @param steps the space's dimension at most; fewer are taken when the space is exhausted
     * @param random where the start vector comes from
     */
    public static Extremes extremes(SymmetricOperator operator, int steps, RandomStream random) {
        int n = operator.dimension();
        int most = Math.min(steps, n);
        List<double[]> basis = new ArrayList<>(most);
        double[] diagonal = new double[most];
        double[] offDiagonal = new double[most];
        double[] vector = unitVector(n, random);
        double unit = 1;
        double scale = 0;
        int size = 0;
        while (size < most) {
            basis.add(vector);
            double[] next = new double[n];
            operator.apply(vector, next);
            if (size == 0) {
                // On small plateaus the operator may be near 1e-200, where the squares in a norm are 0. In units of a
                // power of two near its size they are not, and nothing is rounded.
                unit = Vectors.powerOfTwo(Vectors.largest(next));
            }
            Vectors.scale(1 / unit, next);
            diagonal[size] = Vectors.dot(vector, next);
            orthogonalize(next, basis);
            orthogonalize(next, basis); // twice is enough (W. Kahan): the second pass removes the first one's rounding
            double norm = Vectors.norm(next);
            offDiagonal[size] = norm;
            scale = Math.max(scale, Math.abs(diagonal[size]) + norm);
            size++;
            if (norm <= 1e-14 * scale) {
                offDiagonal[size - 1] = 0;
                break;
            }
            Vectors.scale(1 / norm, next);
            vector = next;
        }
        return extremesOfTridiagonal(diagonal, offDiagonal, size, unit);
    }

    private static double[] unitVector(int n, RandomStream random) {
        double[] vector = new double[n];
        for (int i = 0; i < n; i++) {
            vector[i] = random.nextGaussian();
        }
        Vectors.scale(1 / Vectors.norm(vector), vector);
        return vector;
    }

    private static void orthogonalize(double[] vector, List<double[]> basis) {
        for (double[] direction : basis) {
            Vectors.addScaled(-Vectors.dot(direction, vector), direction, vector);
        }
    }

    private static Extremes extremesOfTridiagonal(double[] diagonal, double[] offDiagonal, int size, double unit) {
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
        int least = 0;
        int greatest = 0;
        for (int i = 1; i < size; i++) {
            if (eigen.getEigenvalue(i).real < eigen.getEigenvalue(least).real) {
                least = i;
            }
            if (eigen.getEigenvalue(i).real > eigen.getEigenvalue(greatest).real) {
                greatest = i;
            }
        }
        double tail = offDiagonal[size - 1] * unit;
        return new Extremes(
                ritz(eigen.getEigenvalue(least).real * unit, eigen.getEigenVector(least), tail),
                ritz(eigen.getEigenvalue(greatest).real * unit, eigen.getEigenVector(greatest), tail),
                size);
    }

    private static Ritz ritz(double value, DMatrixRMaj vector, double tail) {
        return new Ritz(value, Math.abs(tail * vector.get(vector.getNumElements() - 1)));
    }
}
