package saddlefarm.linalg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import saddlefarm.linalg.Lanczos.Ritz;

/**
 * The eigenvalues of a symmetric operator below a bound, each as often as it occurs, with eigenvectors.
 *
 * <p>A Krylov space has one eigenvector of each eigenvalue, whatever its multiplicity. So what has converged is locked,
 * and the search begins again from a new random vector orthogonal to it, until a space shows nothing more below the
 * bound (B. Parlett, <i>The Symmetric Eigenvalue Problem</i>, 1998, ch. 13).
 *
 * <p>The vectors are orthonormal and the operator is diagonal in them but for the residuals. So there are never fewer
 * eigenvalues below the bound than are found here (A. Cauchy's interlacing theorem), except such as are within a
 * residual of it. That there are no more is as certain as a random vector makes it.
 */
public final class LowerSpectrum {

    /**
     * A Ritz pair has converged when its residual is at most this part of the largest magnitude of an eigenvalue.
     * Looser ones let a space end before the values near the bound have come below it, and the search then ends too
     * early.
     */
    private static final double CONVERGED = 1e-6;

    /** Nothing is below the bound when the least Ritz value is above it by so much that its residual is this part. */
    private static final double RESOLVED = 0.1;

    /** Products without a new Ritz value below the bound after which convergence is looked at, at least. */
    private static final int QUIET = 8;

    /** And, since looking takes the cube of a space's dimension, so many times fewer than it has dimensions. */
    private static final int QUIET_PART = 16;

    private final SymmetricOperator operator;
    private final double bound;
    private final int most;
    private final RandomStream random;
    private final List<Ritz> values = new ArrayList<>();
    private final List<double[]> vectors = new ArrayList<>();
    private double largest;
    private int products;
    private boolean complete;

    private LowerSpectrum(SymmetricOperator operator, double bound, int most, RandomStream random) {
        this.operator = operator;
        this.bound = bound;
        this.most = most;
        this.random = random;
    }

    /**
     * Searches for all eigenvalues below a bound.
     *
     * @param operator of dimension n ≥ 1
     * @param bound < 0
     * @param most products after which the search ends, ≥ 1; so many vectors of n numbers are kept, and about {@code 4
     *     n most²} operations spent on keeping them orthogonal
     * @param random where start vectors come from
     */
    public static LowerSpectrum of(SymmetricOperator operator, double bound, int most, RandomStream random) {
        var spectrum = new LowerSpectrum(operator, bound, most, random);
        while (!spectrum.complete && spectrum.products < most) {
            spectrum.search();
        }
        return spectrum;
    }

    /** How many were found. */
    public int count() {
        return values.size();
    }

    /** Whether the search ended because nothing more is below the bound; else it had spent its products. */
    public boolean complete() {
        return complete;
    }

    /** Products that it took. */
    public int products() {
        return products;
    }

    /** The largest magnitude of a Ritz value, below the bound or not: max |λ|. */
    public double largest() {
        return largest;
    }

    /** The indices of what was found, the least value first. */
    public List<Integer> ascending() {
        return IntStream.range(0, count())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values.get(i).value()))
                .toList();
    }

    /** A value below the bound, with its residual; when the search is not complete some may not have converged. */
    public Ritz ritz(int index) {
        return values.get(index);
    }

    /** Its unit vector, orthogonal to all others; owned by this object. */
    public double[] vector(int index) {
        return vectors.get(index);
    }

    /** Grows one space, orthogonal to all that was found, until it has nothing more to tell. */
    private void search() {
        int dimensions = operator.dimension() - count();
        int capacity = Math.min(most - products, dimensions);
        var space = new KrylovSpace(operator, List.copyOf(vectors), capacity, random);
        int below = 0;
        int changed = 0;
        RitzPairs pairs = null;
        boolean settled = false;
        while (!settled && space.size() < capacity && !space.exhausted()) {
            space.grow();
            if (space.below(bound) != below) {
                below = space.below(bound);
                changed = space.size();
            } else if (space.size() - changed >= Math.max(QUIET, space.size() / QUIET_PART)) {
                changed = space.size();
                pairs = look(space);
                settled = settled(pairs);
            }
        }
        if (!settled || pairs == null) {
            pairs = look(space);
            settled = settled(pairs);
        }
        products += space.size();
        boolean nothing = lock(pairs) == 0;
        complete = space.size() == dimensions || (settled && nothing);
    }

    private RitzPairs look(KrylovSpace space) {
        RitzPairs pairs = space.ritzPairs();
        for (int i = 0; i < pairs.size(); i++) {
            largest = Math.max(largest, Math.abs(pairs.value(i)));
        }
        return pairs;
    }

    /** Whether all below the bound has converged, or, if nothing is, whether that is clear. */
    private boolean settled(RitzPairs pairs) {
        Ritz least = new Ritz(Double.POSITIVE_INFINITY, 0);
        for (int i = 0; i < pairs.size(); i++) {
            Ritz ritz = pairs.ritz(i);
            if (ritz.value() < bound && ritz.residual() > CONVERGED * largest) {
                return false;
            }
            if (ritz.value() < least.value()) {
                least = ritz;
            }
        }
        double clear = Math.max(RESOLVED * (least.value() - bound), CONVERGED * largest);
        return least.value() < bound || least.residual() <= clear;
    }

    /** Keeps what is below the bound; how much that is. */
    private int lock(RitzPairs pairs) {
        int before = count();
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.value(i) < bound) {
                values.add(pairs.ritz(i));
                vectors.add(pairs.vector(i));
            }
        }
        return count() - before;
    }
}
