package saddlefarm.theory;

import java.util.List;
import java.util.stream.IntStream;
import saddlefarm.network.Parameters;

/**
 * A direction ρ in which gradient flow leaves the origin on a straight line: ‖ρ‖ = √L and {@code ∇L0(ρ) = −s ρ}, s > 0
 * (I. Bantzis, J. B. Simon, A. Jacot, 2025). Those of greatest speed are the optimal ones.
 */
public final class EscapeDirection {

    private final Parameters weights;
    private final double speed;
    private final double residual;
    private final int steps;
    private final List<EscapeLayer> layers;

    /**
     * @param weights ρ; kept, so nobody writes to it afterwards
     * @param speed s = −L0(ρ)
     * @param residual see {@link #residual()}
     * @param steps of the ascent that found it
     */
    EscapeDirection(Parameters weights, double speed, double residual, int steps) {
        this.weights = weights;
        this.speed = speed;
        this.residual = residual;
        this.steps = steps;
        layers = IntStream.rangeClosed(1, weights.architecture().depth())
                .mapToObj(layer -> EscapeLayer.of(layer, weights.weights(layer)))
                .toList();
    }

    /** A copy of ρ, owned by the caller. */
    public Parameters weights() {
        return weights.copy();
    }

    /** s. */
    public double speed() {
        return speed;
    }

    /**
     * {@code ‖∇L0(ρ) + s ρ‖ / (s √L)}, how far ρ is from stationary; 1 would be as far as the gradient is long. Where ρ
     * lies on kinks of ReLU, as optimal directions may, L0 has no gradient there but those of all sides: then it is
     * that of the mean of those that were met within about {@link EscapeSearch#RADIUS} of ρ.
     */
    public double residual() {
        return residual;
    }

    /** How many steps of ascent found it. */
    public int steps() {
        return steps;
    }

    /** Its layers, the first one first. */
    public List<EscapeLayer> layers() {
        return layers;
    }

    /** L. */
    public int depth() {
        return layers.size();
    }

    /** Motion along this direction. */
    public EscapeLaw law() {
        return new EscapeLaw(depth(), speed);
    }
}
