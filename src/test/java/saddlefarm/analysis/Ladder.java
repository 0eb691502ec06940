package saddlefarm.analysis;

import java.util.List;
import saddlefarm.descent.DescentState;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

/**
 * Gradient flow of a two-layer linear network on whitened inputs from an aligned balanced start, in closed form: mode j
 * of strength s grows as {@code a(t) = s e^{2st} / (e^{2st} − 1 + s/a0)} (A. Saxe, J. McClelland, S. Ganguli, <i>Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks</i>, 2014), one mode after the other.
 *
 * <p>{@code C = ½ Σ (s − a)²}, and the square of the gradient is {@code −dC/dt = Σ 2 a (s − a)²}.
 */
final class Ladder {

    /** One plateau for each strength, the origin among them. */
    static final List<Double> STRENGTHS = List.of(4.0, 2.0, 1.0, 0.5);

    /** a(0) of every mode. */
    static final double START = 1e-12;

    /** t of step n is n times this. */
    static final double STEP = 0.01;

    /** The loss of step 5000 is below 1e-19 of the first. */
    static final int STEPS = 5000;

    private static final Architecture ARCHITECTURE = new Architecture(List.of(4, 4, 4), Activation.LINEAR, false);

    private Ladder() {}

    static double time(long step) {
        return STEP * step;
    }

    static double loss(double flowTime) {
        double sum = 0;
        for (double strength : STRENGTHS) {
            double missing = strength - learned(strength, flowTime);
            sum += missing * missing / 2;
        }
        return sum;
    }

    static double squaredGradientNorm(double flowTime) {
        double sum = 0;
        for (double strength : STRENGTHS) {
            double learned = learned(strength, flowTime);
            sum += 2 * learned * (strength - learned) * (strength - learned);
        }
        return sum;
    }

    /** q = t |∇C|²/C. */
    static double pace(double flowTime) {
        return flowTime * squaredGradientNorm(flowTime) / loss(flowTime);
    }

    /** t at which half of mode k is learned, in the midst of the escape from plateau k. */
    static double halfTime(int k) {
        double strength = STRENGTHS.get(k);
        return Math.log(strength / START - 1) / (2 * strength);
    }

    /** Weights √a on both diagonals. */
    static DescentState state(long step) {
        double t = time(step);
        var parameters = new Parameters(ARCHITECTURE);
        for (int layer = 1; layer <= 2; layer++) {
            for (int j = 0; j < STRENGTHS.size(); j++) {
                parameters.weights(layer).set(j, j, Math.sqrt(learned(STRENGTHS.get(j), t)));
            }
        }
        return new DescentState(step, t, loss(t), squaredGradientNorm(t), parameters);
    }

    private static double learned(double strength, double flowTime) {
        return strength / (1 + (strength / START - 1) * Math.exp(-2 * strength * flowTime));
    }
}
