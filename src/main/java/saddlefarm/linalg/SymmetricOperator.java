package saddlefarm.linalg;

/** A real symmetric matrix known by its products with vectors. */
public interface SymmetricOperator {

    /** The number of rows. */
    int dimension();

    /** {@code product = A vector}; both of length {@link #dimension()} and distinct. */
    void apply(double[] vector, double[] product);
}
