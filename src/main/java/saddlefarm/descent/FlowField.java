package saddlefarm.descent;

import saddlefarm.linalg.Vectors;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Parameters;

/** ∇C as a function of all P parameters in one vector, with a count of its evaluations. One thread at a time. */
final class FlowField {

    private final Gradient evaluator;
    private final Parameters point;
    private final Parameters gradient;
    private long evaluations;

    /** @param evaluations made before */
    FlowField(Gradient evaluator, Architecture architecture, long evaluations) {
        this.evaluator = evaluator;
        point = new Parameters(architecture);
        gradient = new Parameters(architecture);
        this.evaluations = evaluations;
    }

    /** P. */
    int dimension() {
        return point.architecture().parameters();
    }

    /** C at θ; sets {@code slope} to ∇C there. */
    double evaluate(double[] theta, double[] slope) {
        evaluations++;
        return evaluateUncounted(theta, slope);
    }

    /** The same for a point whose evaluation was counted before. */
    double evaluateUncounted(double[] theta, double[] slope) {
        point.set(theta);
        double loss = evaluator.evaluate(point, gradient);
        gradient.copyTo(slope);
        return loss;
    }

    /** Gives up the memory of evaluations until the next one. */
    void rest() {
        evaluator.rest();
    }

    /** How often ∇C was evaluated. */
    long evaluations() {
        return evaluations;
    }

    /** {@code to = from − rate · slope}. */
    static void descend(double[] from, double rate, double[] slope, double[] to) {
        System.arraycopy(from, 0, to, 0, from.length);
        Vectors.addScaled(-rate, slope, to);
    }
}
