package saddlefarm.linalg;

import java.util.List;

/** Both ends of a symmetric operator's spectrum by the Lanczos method with full reorthogonalization. */
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
        int most = Math.min(steps, operator.dimension());
        var space = new KrylovSpace(operator, List.of(), most, random);
        while (space.size() < most && !space.exhausted()) {
            space.grow();
        }
        RitzPairs pairs = space.ritzPairs();
        int least = 0;
        int greatest = 0;
        for (int i = 1; i < pairs.size(); i++) {
            if (pairs.value(i) < pairs.value(least)) {
                least = i;
            }
            if (pairs.value(i) > pairs.value(greatest)) {
                greatest = i;
            }
        }
        return new Extremes(pairs.ritz(least), pairs.ritz(greatest), space.size());
    }
}
