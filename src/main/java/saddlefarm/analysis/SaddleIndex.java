package saddlefarm.analysis;

import java.util.List;

/**
 * How many eigenvalues of the Hessian are below −tolerance: in how many independent directions the loss falls fast
 * enough to matter.
 *
 * @param count with multiplicity, ≥ 0; where it is not complete, there are at least as many
 * @param complete whether the search ended because nothing more was below −tolerance, and not because it had taken all
 *     the products that it may
 * @param tolerance 0.1 / t at flow time t, > 0: what is above it would not be noticed within ten times the run's own
 *     age, as in {@link Curvature#stable}
 * @param modes the most negative ones, at most {@link #MODES}, the most negative first
 */
public record SaddleIndex(int count, boolean complete, double tolerance, List<EscapeMode> modes) {

    /** How many modes are kept at most. */
    public static final int MODES = 3;

    public SaddleIndex {
        modes = List.copyOf(modes);
        if (modes.size() != Math.min(count, MODES)) {
            throw new IllegalArgumentException("%d modes for an index of %d".formatted(modes.size(), count));
        }
        if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a tolerance is finite and above 0 but was " + tolerance);
        }
    }
}
