package saddlefarm.descent;

import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Vectors;

/**
 * Gradient flow beside another descent from the same weights, and how far apart the two are at equal times.
 *
 * <p>The times are those of the other's steps; between its own steps the flow is interpolated by cubic Hermite
 * polynomials, of its parameters with θ' = −∇C and of its loss with C' = −|∇C|². One thread at a time.
 */
public final class Twin {

    /**
     * The largest differences so far.
     *
     * @param parameters max ‖θ_flow − θ_other‖/‖θ_other‖
     * @param parametersTime t where that was
     * @param loss max |C_flow − C_other|/C(0)
     * @param lossTime t where that was
     * @param interpolation the greatest error of the interpolated θ, relative to ‖θ‖: as estimated from how well a
     *     polynomial over two steps meets the state between them, which is about 16 times as much
     */
    public record Distance(
            double parameters, double parametersTime, double loss, double lossTime, double interpolation) {}

    /** By 2⁴: the error of a cubic polynomial grows with the fourth power of its interval. */
    private static final double DOUBLING = 16;

    private final GradientFlow flow;
    private final Descent other;
    private final double[] there;
    private final double[] interpolated;
    private Knot before;
    private Knot last;
    private Knot spare;
    private double initialLoss;
    private double parameters;
    private double parametersTime;
    private double loss;
    private double lossTime;
    private double interpolation;

    /** Both at the same initial weights, not evaluated yet. */
    public Twin(GradientFlow flow, Descent other) {
        this.flow = flow;
        this.other = other;
        int dimension = flow.parameters().architecture().parameters();
        there = new double[dimension];
        interpolated = new double[dimension];
        before = new Knot(dimension);
        last = new Knot(dimension);
        spare = new Knot(dimension);
    }

    /** Evaluates the initial state of both. */
    public void begin() {
        flow.evaluate();
        other.evaluate();
        initialLoss = flow.loss();
        last.set(flow);
    }

    /**
     * Takes one step of the flow, and as many of the other as lead up to it.
     *
     * @param limits at which the other stops
     * @return why the other stops; null when it goes on
     */
    public @Nullable Ending advance(Limits limits) {
        flow.advance();
        flow.evaluate();
        Knot knot = spare;
        spare = before;
        before = last;
        last = knot;
        last.set(flow);
        if (before.time > 0) {
            interpolate(spare, last, before.time);
            interpolation = Math.max(interpolation, distance(before.theta) / DOUBLING);
        }
        while (other.flowTime() <= last.time) {
            @Nullable Ending ending = limits.reached(other);
            if (ending != Ending.DIVERGED) {
                compare();
            }
            if (ending != null) {
                return ending;
            }
            other.advance();
            other.evaluate();
        }
        return null;
    }

    public Distance distance() {
        return new Distance(parameters, parametersTime, loss, lossTime, interpolation);
    }

    private void compare() {
        double time = other.flowTime();
        other.parameters().copyTo(there);
        interpolate(before, last, time);
        double far = distance(there);
        if (far > parameters) {
            parameters = far;
            parametersTime = time;
        }
        double farLoss = Math.abs(interpolatedLoss(time) - other.loss()) / initialLoss;
        if (farLoss > loss) {
            loss = farLoss;
            lossTime = time;
        }
    }

    /** ‖θ − interpolated‖/‖θ‖. */
    private double distance(double[] theta) {
        Vectors.addScaled(-1, theta, interpolated);
        return Vectors.norm(interpolated) / Vectors.norm(theta);
    }

    private void interpolate(Knot from, Knot to, double time) {
        double h = to.time - from.time;
        double x = (time - from.time) / h;
        double end = x * x * (3 - 2 * x);
        double begin = 1 - end;
        double slope = h * x * (1 - x) * (1 - x);
        double slopeThere = h * x * x * (x - 1);
        for (int i = 0; i < interpolated.length; i++) {
            interpolated[i] =
                    begin * from.theta[i] + end * to.theta[i] - slope * from.gradient[i] - slopeThere * to.gradient[i];
        }
    }

    private double interpolatedLoss(double time) {
        double h = last.time - before.time;
        double x = (time - before.time) / h;
        double end = x * x * (3 - 2 * x);
        return (1 - end) * before.loss
                + end * last.loss
                - h * x * (1 - x) * (1 - x) * before.squaredGradientNorm
                - h * x * x * (x - 1) * last.squaredGradientNorm;
    }

    /** A state of the flow; owns its vectors. */
    private static final class Knot {

        private final double[] theta;
        private final double[] gradient;
        private double time;
        private double loss;
        private double squaredGradientNorm;

        Knot(int dimension) {
            theta = new double[dimension];
            gradient = new double[dimension];
        }

        void set(GradientFlow flow) {
            flow.copyTo(theta, gradient);
            time = flow.flowTime();
            loss = flow.loss();
            squaredGradientNorm = flow.squaredGradientNorm();
        }
    }
}
