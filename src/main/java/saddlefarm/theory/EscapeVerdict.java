package saddlefarm.theory;

/** What the best direction says about the claim that optimal ones have σ_1/σ_2 ≥ ℓ^{1/4}. */
public sealed interface EscapeVerdict {

    /** Every layer is within the bound. */
    record Holds() implements EscapeVerdict {}

    /**
     * Some layer is not, which the theorem allows for finitely many first layers.
     *
     * @param layer the first of them
     */
    record Violated(int layer) implements EscapeVerdict {}

    /** Nothing is said, because the direction may not be optimal: too few restarts agree on it. */
    record TooFewAgree(int reached, int needed) implements EscapeVerdict {}

    /** Nothing is said, because the direction is not stationary. */
    record NotStationary(double residual, double most) implements EscapeVerdict {}

    /** As programs read it. */
    default String label() {
        if (this instanceof Violated violated) {
            return "violated at layer " + violated.layer();
        }
        return this instanceof Holds ? "holds" : "direction not shown optimal";
    }
}
