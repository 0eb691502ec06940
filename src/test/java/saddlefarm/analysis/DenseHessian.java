package saddlefarm.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.jspecify.annotations.NullMarked;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.network.Hessian;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/** A Hessian built column by column and decomposed as a whole: all of its eigenvalues and vectors. */
@NullMarked
final class DenseHessian {

    private final EigenDecomposition_F64<DMatrixRMaj> eigen;
    private final List<Integer> ascending;

    DenseHessian(Loss loss, Task task, Parameters point) {
        this(new Hessian(loss, task.inputs(), task.targets(), Kernels.ordered(), point));
    }

    private DenseHessian(SymmetricOperator hessian) {
        int n = hessian.dimension();
        var dense = new DMatrixRMaj(n, n);
        for (int column = 0; column < n; column++) {
            double[] unit = new double[n];
            unit[column] = 1;
            double[] product = new double[n];
            hessian.apply(unit, product);
            for (int row = 0; row < n; row++) {
                // half to either side of the diagonal, so that it is symmetric to the bit
                dense.add(row, column, product[row] / 2);
                dense.add(column, row, product[row] / 2);
            }
        }
        eigen = DecompositionFactory_DDRM.eig(n, true, true);
        if (!eigen.decompose(dense)) {
            throw new ArithmeticException("no eigenvalues");
        }
        ascending = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> eigen.getEigenvalue(i).real))
                .toList();
    }

    /** All eigenvalues, ascending. */
    double[] eigenvalues() {
        return ascending.stream().mapToDouble(i -> eigen.getEigenvalue(i).real).toArray();
    }

    /** How many are below a bound. */
    int below(double bound) {
        return (int) ascending.stream()
                .filter(i -> eigen.getEigenvalue(i).real < bound)
                .count();
    }

    /** The unit eigenvector of the eigenvalue of an index among the ascending ones. */
    double[] eigenvector(int index) {
        return eigen.getEigenVector(ascending.get(index)).data;
    }
}
