package saddlefarm.analysis;

import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Lanczos;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Hessian;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * The ends of the Hessian's spectrum at a point.
 *
 * @param least the least Ritz value, λ_min, with its residual
 * @param greatest the greatest, λ_max (the sharpness)
 */
public record Curvature(Lanczos.Ritz least, Lanczos.Ritz greatest) {

    /** Hessian-vector products a probe takes at most. */
    public static final int PRODUCTS = 30;

    /** S = −λ_min t above which a plateau is left within about its own age. */
    private static final double UNSTABLE = 0.7;

    /** S below which nothing leads down in any time that the run has known. */
    static final double STABLE = 0.1;

    /** −λ_min/λ_max below which a minimum is one for all that can be told. */
    private static final double FLAT = 0.01;

    /** Computes curvature; one thread at a time. */
    @FunctionalInterface
    public interface Probe {
        Curvature at(Parameters parameters);
    }

    /** A probe of the loss on a task; the Lanczos start vector is the same at every point. */
    public static Probe probe(Loss loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        return parameters -> {
            var hessian = new Hessian(loss, inputs, targets, kernels, parameters);
            var extremes = Lanczos.extremes(hessian, PRODUCTS, RandomStream.of(0, "curvature"));
            return new Curvature(extremes.least(), extremes.greatest());
        };
    }

    /** The least eigenvalue. */
    public double lambdaMin() {
        return least.value();
    }

    /** The greatest eigenvalue. */
    public double lambdaMax() {
        return greatest.value();
    }

    /** What an open plateau at flow time t looks like: left soon, not at all, or not known. */
    public Plateau.Kind kind(double flowTime) {
        double instability = -least.value() * flowTime;
        if (instability > UNSTABLE) {
            return Plateau.Kind.SADDLE;
        }
        return instability < STABLE && resolved() ? Plateau.Kind.MINIMUM : Plateau.Kind.CANDIDATE;
    }

    /**
     * Whether a point at flow time t may be a minimum: nothing is seen to lead down in any time that the run has known,
     * nor, since near the origin that time may be short, a hundredth as steeply as up.
     */
    boolean allowsMinimum(double flowTime) {
        return stable(flowTime) && -least.value() < FLAT * greatest.value();
    }

    /** Whether λ_min can be trusted: it is not negative, or its residual is far smaller. */
    boolean resolved() {
        return least.value() >= 0 || least.residual() < 0.1 * -least.value();
    }

    /**
     * The flow time until a plateau is left: infinite where λ_min ≥ 0.
     *
     * <p>With λ_min as it is, the gradient's part along its eigenvector grows as e^{|λ_min| t}; it is at most |∇C|, and
     * after {@code ln(1 + 2 |λ_min| d C/|∇C|²) / (2 |λ_min|)} a part d of the loss can be gone, that which confirms an
     * escape. In a network of L ≥ 3 layers λ_min itself grows with the mode that escapes: c' = s c^{L−1} has the growth
     * rate {@code (L−1) s c^{L−2}}, and after {@code (L−1)/((L−2) |λ_min|)} c is infinite. The earlier one is taken.
     *
     * @param depth L
     */
    double timeToEscape(int depth, double squaredGradientNorm, double loss) {
        double rate = -least.value();
        if (!(rate > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double lost = 2 * rate * PlateauDetector.DROP * loss / squaredGradientNorm;
        double exponential = StrictMath.log1p(lost) / (2 * rate);
        return depth < 3 ? exponential : Math.min(exponential, (depth - 1.0) / ((depth - 2) * rate));
    }

    /** Whether a run that has converged at flow time t has done so at a minimum. */
    public boolean stable(double flowTime) {
        return -least.value() * flowTime < STABLE;
    }
}
