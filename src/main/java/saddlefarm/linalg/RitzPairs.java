package saddlefarm.linalg;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import saddlefarm.linalg.Lanczos.Ritz;

/** The eigenpairs of a symmetric operator's projection on a Krylov space, in no order. */
final class RitzPairs {

    private final EigenDecomposition_F64<DMatrixRMaj> eigen;
    private final List<double[]> basis;
    private final int size;
    private final double unit;
    private final double tail;

    /**
     * @param eigen of the projection, in units of {@code unit}
     * @param basis of the space, orthonormal; it may grow afterwards
     * @param tail length of the part of the last product that is outside the space
     */
    RitzPairs(EigenDecomposition_F64<DMatrixRMaj> eigen, List<double[]> basis, double unit, double tail) {
        this.eigen = eigen;
        this.basis = basis;
        this.size = eigen.getNumberOfEigenvalues();
        this.unit = unit;
        this.tail = tail;
    }

    int size() {
        return size;
    }

    double value(int pair) {
        return eigen.getEigenvalue(pair).real * unit;
    }

    Ritz ritz(int pair) {
        return new Ritz(value(pair), Math.abs(tail * eigen.getEigenVector(pair).get(size - 1)));
    }

    /** A new unit vector. */
    double[] vector(int pair) {
        double[] vector = new double[basis.get(0).length];
        DMatrixRMaj coordinates = eigen.getEigenVector(pair);
        for (int i = 0; i < size; i++) {
            Vectors.addScaled(coordinates.get(i), basis.get(i), vector);
        }
        return vector;
    }
}
