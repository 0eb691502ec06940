package saddlefarm.theory;

import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Gradient;
import saddlefarm.network.Parameters;

/** A point with ‖W_ℓ‖_F = 1 in every layer that climbs −L0, and the residual of its stationarity. */
final class Ascent {

    private final Gradient evaluator;
    private final Parameters point;
    private final Parameters gradient;
    private final Parameters mean;
    private final int depth;
    private double speed;
    private double pointResidual;
    private double weight;
    private double speedMean;
    private int meanSteps;
    private int meanStep;
    private int steps;

    /** @param start each layer not 0; taken over */
    Ascent(Parameters start, PaddedMatrix inputs, PaddedMatrix outputGradient, Kernels kernels) {
        point = start;
        depth = start.architecture().depth();
        gradient = new Parameters(start.architecture());
        mean = new Parameters(start.architecture());
        evaluator = new Gradient(start.architecture(), new LocalizedLoss(), inputs, outputGradient, kernels);
        for (int layer = 1; layer <= depth; layer++) {
            normalize(layer);
        }
        evaluate();
    }

    /** Moves by a multiple of the gradient that is {@code rate · ‖θ‖} long, and back to the spheres. */
    void step(double rate) {
        double scale = rate * Math.sqrt(depth / gradient.squaredNorm());
        for (int layer = 1; layer <= depth; layer++) {
            Vectors.addScaled(-scale, gradient.weights(layer).data, point.weights(layer).data);
            normalize(layer);
        }
        steps++;
        evaluate();
        if (meanStep < meanSteps) {
            addToMean();
        }
    }

    /** Whether no output depends on the weights here, as where all units of a layer are closed. */
    boolean dead() {
        return gradient.squaredNorm() == 0;
    }

    /** −L0. */
    double speed() {
        return speed;
    }

    /** {@code ‖∇L0 + s θ‖ / (s √L)} at the point itself; infinite without a positive speed. */
    double pointResidual() {
        return pointResidual;
    }

    /** The residual at the point, or that of the mean gradient around it, whichever is less. */
    double residual() {
        if (weight == 0) {
            return pointResidual;
        }
        double square = 0;
        for (int layer = 1; layer <= depth; layer++) {
            double[] m = mean.weights(layer).data;
            square += Vectors.squaredNorm(m);
        }
        double meanSpeed = speedMean / weight;
        double meanResidual = meanSpeed > 0 ? Math.sqrt(square / depth) / (weight * meanSpeed) : pointResidual;
        return Math.min(pointResidual, meanResidual);
    }

    EscapeDirection direction() {
        return new EscapeDirection(point.copy(), speed, residual(), steps);
    }

    /**
     * Begins a new mean of {@code ∇L0 + s θ} over the next steps. Where the ascent goes to and fro between the sides of
     * a kink, a convex combination of the gradients on its sides vanishes, which is what stationary means there (A.
     * Goldstein, <i>Optimization of Lipschitz continuous functions</i>, 1977).
     */
    void beginMean(int over) {
        for (int layer = 1; layer <= depth; layer++) {
            mean.weights(layer).zero();
        }
        weight = 0;
        speedMean = 0;
        meanSteps = over;
        meanStep = 0;
    }

    /** With weights that rise and fall over the steps, so that the first and the last ones of a period do not show. */
    private void addToMean() {
        meanStep++;
        double part = (double) meanStep / (meanSteps + 1);
        double w = Math.min(part, 1 - part) / Math.sqrt(gradient.squaredNorm());
        for (int layer = 1; layer <= depth; layer++) {
            double[] sum = mean.weights(layer).data;
            Vectors.addScaled(w, gradient.weights(layer).data, sum);
            Vectors.addScaled(w * speed, point.weights(layer).data, sum);
        }
        weight += w;
        speedMean += w * speed;
    }

    private void evaluate() {
        speed = -evaluator.evaluate(point, gradient);
        double square = 0;
        for (int layer = 1; layer <= depth; layer++) {
            double[] g = gradient.weights(layer).data;
            double[] w = point.weights(layer).data;
            for (int i = 0; i < g.length; i++) {
                double difference = g[i] + speed * w[i];
                square += difference * difference;
            }
        }
        pointResidual = speed > 0 ? Math.sqrt(square / depth) / speed : Double.POSITIVE_INFINITY;
    }

    private void normalize(int layer) {
        double[] weights = point.weights(layer).data;
        Vectors.scale(1 / Vectors.norm(weights), weights);
    }
}
