package saddlefarm.descent;

/**
 * A step of the stabilized explicit Runge-Kutta method of order 2 with s stages whose stability polynomial is made from
 * Chebyshev's (B. Sommeijer, L. Shampine, J. Verwer, <i>RKC: an explicit solver for parabolic PDEs</i>, 1998, eqs. 2.1
 * to 2.8): with s evaluations it is stable up to h · radius ≈ ⅔ s², where s steps of gradient descent go as far as 2 s.
 *
 * <p>Owns its scratch memory: one thread at a time. No call allocates.
 */
final class ChebyshevStep {

    /** Fewer give no order 2. */
    static final int LEAST_STAGES = 2;

    /** More lose digits: rounding grows as s² (RKC, section 2.1). */
    static final int MOST_STAGES = 500;

    /** ε: by how much the stability polynomial is damped inside its interval, to about 1 − ε/3. */
    private static final double DAMPING = 2.0 / 13;

    /** s² per h · radius with a margin: the bound is (w0 + 1) T''/T' ≈ 0.653 (s² − 1). */
    private static final double STAGES = 1.54;

    private final FlowField field;
    private final Polynomial polynomial = new Polynomial();
    private final double[] slope;
    private double[] last;
    private double[] beforeLast;

    ChebyshevStep(FlowField field) {
        this.field = field;
        slope = new double[field.dimension()];
        last = new double[field.dimension()];
        beforeLast = new double[field.dimension()];
    }

    /** The least number of stages with which a step h is stable. */
    static int stages(double h, double radius) {
        double stages = 1 + Math.sqrt(1 + STAGES * h * radius);
        return (int) Math.max(LEAST_STAGES, Math.min(stages, MOST_STAGES));
    }

    /** The longest step that is stable with the most stages; infinite where nothing is stiff. */
    static double longest(double radius) {
        double most = MOST_STAGES - 1.0;
        return (most * most - 1) / (STAGES * radius);
    }

    /**
     * Moves by a time h along −∇C, with {@code stages − 1} evaluations.
     *
     * @param theta θ at the step's beginning
     * @param gradient ∇C there
     * @param to is set to θ at its end
     */
    void take(double[] theta, double[] gradient, double h, int stages, double[] to) {
        double w0 = 1 + DAMPING / ((double) stages * stages);
        double w1 = w1(w0, stages);
        polynomial.start(w0);
        double b = 1 / (4 * w0 * w0);
        double bBefore = b;
        System.arraycopy(theta, 0, beforeLast, 0, theta.length);
        FlowField.descend(theta, h * w1 * b, gradient, last);
        for (int j = 2; j <= stages; j++) {
            double a = 1 - b * polynomial.value;
            polynomial.next();
            double bNext = polynomial.curvature / (polynomial.slope * polynomial.slope);
            double mu = 2 * w0 * bNext / b;
            double nu = -bNext / bBefore;
            double rate = 2 * w1 * bNext / b * h;
            field.evaluate(last, slope);
            double[] next = j == stages ? to : beforeLast;
            for (int i = 0; i < next.length; i++) {
                next[i] = (1 - mu - nu) * theta[i]
                        + mu * last[i]
                        + nu * beforeLast[i]
                        - rate * (slope[i] - a * gradient[i]);
            }
            if (j < stages) {
                beforeLast = last;
                last = next;
            }
            bBefore = b;
            b = bNext;
        }
    }

    /** The estimate of a step's error, ‖0.8 (θ − θ') − 0.4 h (∇C + ∇C')‖ (RKC, eq. 2.10). */
    static double error(double[] theta, double[] gradient, double h, double[] to, double[] gradientThere) {
        double sum = 0;
        for (int i = 0; i < theta.length; i++) {
            double e = 0.8 * (theta[i] - to[i]) - 0.4 * h * (gradient[i] + gradientThere[i]);
            sum += e * e;
        }
        return Math.sqrt(sum);
    }

    private double w1(double w0, int stages) {
        polynomial.start(w0);
        for (int j = 2; j <= stages; j++) {
            polynomial.next();
        }
        return polynomial.slope / polynomial.curvature;
    }

    /** Chebyshev's T_j at w0 with its first two derivatives, from j = 1 on. */
    private static final class Polynomial {

        private double w0;
        private double value;
        private double slope;
        private double curvature;
        private double valueBefore;
        private double slopeBefore;
        private double curvatureBefore;

        void start(double at) {
            w0 = at;
            value = w0;
            slope = 1;
            curvature = 0;
            valueBefore = 1;
            slopeBefore = 0;
            curvatureBefore = 0;
        }

        void next() {
            double v = 2 * w0 * value - valueBefore;
            double s = 2 * w0 * slope - slopeBefore + 2 * value;
            double c = 2 * w0 * curvature - curvatureBefore + 4 * slope;
            valueBefore = value;
            slopeBefore = slope;
            curvatureBefore = curvature;
            value = v;
            slope = s;
            curvature = c;
        }
    }
}
