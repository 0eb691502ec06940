package saddlefarm.theory;

import saddlefarm.network.Parameters;

/**
 * How fast the origin is left. On an escape direction ρ of speed s, the flow of the localized loss is θ = c ρ with
 * {@code c' = s c^{L−1}}, and so {@code c = c0 e^{st}} at L = 2 and {@code c^{2−L} = c0^{2−L} − (L−2) s t} from L = 3
 * (I. Bantzis, J. B. Simon, A. Jacot, <i>Saddle-To-Saddle Dynamics in Deep ReLU Networks</i>, 2025).
 *
 * <p>What is exact, and what is not:
 *
 * <ul>
 *   <li>On the ray the law is exact for the localized loss.
 *   <li>From any start, with s the greatest speed and c = ‖θ‖/√L, it is a bound for the loss itself: the flow has
 *       {@code c' ≤ s c^{L−1}}, because {@code −⟨θ, ∇C⟩ = −L Tr[∇C(Y)ᵀ Y] ≤ −L Tr[Gᵀ Y] ≤ L s c^L} for a loss that is
 *       convex in Y; and it has lost at most {@code s c^L}. So times from {@link #size} are the earliest possible.
 *   <li>How long a random start takes to turn to the ray is not known. Homogeneity says how it scales: weights λ times
 *       as large take λ^{−(L−2)} times as long, exactly for the localized loss, and at L = 2 ln(1/λ)/s longer.
 * </ul>
 *
 * @param depth L ≥ 2
 * @param speed s > 0
 */
public record EscapeLaw(int depth, double speed) {

    public EscapeLaw {
        if (depth < 2 || !(speed > 0)) {
            throw new IllegalArgumentException(
                    "an escape has a depth from 2 and a speed above 0, not %d and %s".formatted(depth, speed));
        }
    }

    /** c of any weights, ‖θ‖/√L; on the ray it is the multiple of ρ. */
    public static double size(Parameters weights) {
        return Math.sqrt(weights.squaredNorm() / weights.architecture().depth());
    }

    /** c after a flow time t ≥ 0; infinite from {@link #blowUp} on. */
    public double size(double start, double time) {
        if (depth == 2) {
            return start * StrictMath.exp(speed * time);
        }
        double power = 1 - time / blowUp(start);
        return power <= 0 ? Double.POSITIVE_INFINITY : start * StrictMath.pow(power, -1.0 / (depth - 2));
    }

    /** The flow time from one c to a larger one, both above 0. */
    public double time(double start, double end) {
        return depth == 2
                ? StrictMath.log(end / start) / speed
                : blowUp(start) * -StrictMath.expm1((2 - depth) * StrictMath.log(end / start));
    }

    /** The flow time at which c is infinite, {@code c0^{2−L} / ((L−2) s)}; never at L = 2. */
    public double blowUp(double start) {
        return depth == 2 ? Double.POSITIVE_INFINITY : StrictMath.pow(start, 2 - depth) / ((depth - 2) * speed);
    }

    /** The c at which the localized loss has fallen by so much: {@code (drop/s)^{1/L}}. */
    public double sizeAtDrop(double drop) {
        return StrictMath.pow(drop / speed, 1.0 / depth);
    }

    /**
     * The flow time from c = start until the loss has fallen by a part of its value at the origin: on the ray, to first
     * order in the outputs; from any start of that size, the earliest possible. 0 where the start is beyond it.
     *
     * @param lossAtOrigin C(θ = 0) > 0
     * @param fraction in (0, 1]
     */
    public double timeToDrop(double start, double lossAtOrigin, double fraction) {
        return Math.max(0, time(start, sizeAtDrop(fraction * lossAtOrigin)));
    }

    /** The power of α that escape times follow, −(L−2); 0 at L = 2, where they grow by ln(1/α)/s. */
    public static int exponent(int depth) {
        return 2 - depth;
    }
}
