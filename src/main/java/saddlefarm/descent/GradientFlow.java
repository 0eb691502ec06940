package saddlefarm.descent;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Parameters;

/**
 * Gradient flow {@code θ' = −∇C(θ)} by stabilized Runge-Kutta-Chebyshev steps of order 2, whose length follows from an
 * estimate of their error (B. Sommeijer, L. Shampine, J. Verwer, <i>RKC: an explicit solver for parabolic PDEs</i>,
 * 1998). A step of the descent is an accepted step of the method, t the sum of their lengths.
 *
 * <p>On a plateau the flow is slow and stiff: most weights have settled in directions of curvature λ, the next ones
 * grow at a small fraction of it. There s evaluations go as far as ⅓ s² steps of gradient descent at the edge of
 * stability.
 *
 * <p>A step's error may be the tolerance times ‖θ‖, over all layers together. Relative, since all scales of initial
 * weights behave alike; one norm for all, since the flow keeps {@code ‖W_ℓ‖² − ‖W_{ℓ−1}‖²} constant and so the layers
 * of one size; and not relative to each parameter, since those that hardly matter would then decide. Where rejections
 * buy nothing, gradient descent takes over: see {@link Handover}.
 *
 * <p>A step allocates a few small objects, and one vector whenever the spectral radius is measured.
 */
public final class GradientFlow implements Descent {

    /** The radius is measured again after as many steps, as in RKC, or when a step is rejected. */
    private static final int OLD = 25;

    /** ‖Δθ‖/‖θ‖ of the first step, and the most of any step to first order. */
    private static final double FIRST_MOVE = 0.01;

    private static final double LONGEST_MOVE = 0.5;

    /** The most by which t grows in a step, so that what happens has a time also where nothing else limits it. */
    private static final double GROWTH = 0.25;

    /** h stays below this, so that t is finite even where the gradient is 0. */
    private static final double LONGEST = 1e100;

    /** After so many attempts the error is rounding, and shorter steps do not lessen it. */
    private static final int MOST_REJECTIONS = 50;

    private final Architecture architecture;
    private final FlowField field;
    private final ChebyshevStep chebyshev;
    private final FlowHessian hessian;
    private final double tolerance;
    private final double[] direction;
    private final Parameters view;
    private double[] current;
    private double[] gradient;
    // an attempt; after it was accepted, the state before it
    private double[] other;
    private double[] otherGradient;
    private double otherLoss;
    private boolean evaluated;
    private long step;
    private double flowTime;
    private double loss;
    private double squaredGradientNorm;
    private @Nullable FlowMemory memory;
    private double previousTime;
    private double previousSquare;
    private @Nullable FlowMemory previousMemory;

    /**
     * @param evaluator the task and network, used by this descent alone
     * @param tolerance error of a step relative to ‖θ‖, in (0, 1)
     * @param start where to go on; its parameters are copied
     */
    public GradientFlow(Gradient evaluator, double tolerance, DescentState start) {
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new IllegalArgumentException("tolerance must be above 0 and below 1 but was " + tolerance);
        }
        this.tolerance = tolerance;
        memory = start.memory();
        architecture = start.parameters().architecture();
        field = new FlowField(evaluator, architecture, memory == null ? 0 : memory.evaluations());
        chebyshev = new ChebyshevStep(field);
        hessian = new FlowHessian(field);
        direction = new double[field.dimension()];
        view = start.parameters().copy();
        current = view.toVector();
        gradient = new double[current.length];
        other = new double[current.length];
        otherGradient = new double[current.length];
        step = start.step();
        flowTime = start.flowTime();
        loss = start.loss();
        squaredGradientNorm = start.squaredGradientNorm();
    }

    @Override
    public void evaluate() {
        if (evaluated) {
            return;
        }
        // What a state that is gone on from cost is in its memory already.
        loss = memory == null ? field.evaluate(current, gradient) : field.evaluateUncounted(current, gradient);
        squaredGradientNorm = Vectors.squaredNorm(gradient);
        evaluated = true;
        if (memory == null) {
            memory = FlowMemory.initial(Parameters.of(architecture, gradient), field.evaluations());
        }
    }

    @Override
    public void advance() {
        evaluate();
        FlowMemory now = Objects.requireNonNull(memory);
        previousMemory = now;
        previousTime = flowTime;
        previousSquare = squaredGradientNorm;
        memory = now.handover().descending() ? descend(now) : flow(now);
        step++;
    }

    @Override
    public void rest() {
        field.rest();
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public double flowTime() {
        return flowTime;
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double squaredGradientNorm() {
        return squaredGradientNorm;
    }

    @Override
    public Parameters parameters() {
        return view;
    }

    @Override
    public boolean finite() {
        return Double.isFinite(loss)
                && Double.isFinite(squaredGradientNorm)
                && Vectors.squaredNorm(current) <= GradientDescent.LARGEST_NORM * GradientDescent.LARGEST_NORM;
    }

    @Override
    public DescentState state() {
        return new DescentState(step, flowTime, loss, squaredGradientNorm, view.copy(), memory);
    }

    @Override
    public DescentState previousState() {
        return new DescentState(
                step - 1, previousTime, otherLoss, previousSquare, Parameters.of(architecture, other), previousMemory);
    }

    /** Copies θ and ∇C of the evaluated state. */
    void copyTo(double[] theta, double[] slope) {
        System.arraycopy(current, 0, theta, 0, theta.length);
        System.arraycopy(gradient, 0, slope, 0, slope.length);
    }

    /** How often ∇C was evaluated. */
    public long evaluations() {
        return field.evaluations();
    }

    // --- Chebyshev steps ---

    private FlowMemory flow(FlowMemory now) {
        long before = field.evaluations();
        double size = size(current);
        double slope = Math.sqrt(squaredGradientNorm);
        FlowMemory known = now.age() < 0 || now.age() >= OLD ? measured(now, size) : now;
        boolean first = now.lastStep() == 0;
        double h = first ? FIRST_MOVE * size / slope : Math.min(now.nextStep(), GROWTH * flowTime);
        h = Math.min(
                Math.min(h, LONGEST_MOVE * size / slope), Math.min(LONGEST, ChebyshevStep.longest(known.radius())));
        double error = attempt(h, known.radius(), size);
        int rejected = 0;
        while (!(error <= 1) && rejected < MOST_REJECTIONS) {
            rejected++;
            known = known.age() > 0 ? measured(known, size) : known;
            h *= StepControl.afterRejection(error);
            error = attempt(h, known.radius(), size);
        }
        double next = h * StepControl.afterAcceptance(h, error, now.lastStep(), now.lastError());
        accept(h);
        var handover = now.handover()
                .afterFlow(
                        h,
                        rejected,
                        field.evaluations() - before,
                        previousSquare,
                        squaredGradientNorm,
                        flowTime,
                        known.radius() / SpectralRadius.SAFETY);
        return new FlowMemory(
                next, h, error, known.radius(), known.age() + 1, known.direction(), field.evaluations(), handover);
    }

    /** Takes a step into the other buffers and returns its error in units of the allowed one. */
    private double attempt(double h, double radius, double size) {
        chebyshev.take(current, gradient, h, ChebyshevStep.stages(h, radius), other);
        otherLoss = field.evaluate(other, otherGradient);
        return ChebyshevStep.error(current, gradient, h, other, otherGradient) / (tolerance * size);
    }

    // --- gradient descent's steps ---

    private FlowMemory descend(FlowMemory now) {
        FlowMemory known = now.age() >= Handover.SHARPNESS_AGE ? measured(now, size(current)) : now;
        double h = Math.min(Handover.RATE * SpectralRadius.SAFETY / known.radius(), LONGEST);
        FlowField.descend(current, h, gradient, other);
        otherLoss = field.evaluate(other, otherGradient);
        accept(h);
        return new FlowMemory(
                known.nextStep(),
                known.lastStep(),
                known.lastError(),
                known.radius(),
                known.age() + 1,
                known.direction(),
                field.evaluations(),
                known.handover().afterDescent(flowTime, squaredGradientNorm));
    }

    // --- both ---

    private FlowMemory measured(FlowMemory now, double size) {
        now.direction().copyTo(direction);
        hessian.moveTo(current, gradient, size);
        double radius = SpectralRadius.of(hessian, direction, other);
        return now.measured(radius, Parameters.of(architecture, direction));
    }

    private void accept(double h) {
        double[] parameters = current;
        current = other;
        other = parameters;
        double[] slope = gradient;
        gradient = otherGradient;
        otherGradient = slope;
        double before = loss;
        loss = otherLoss;
        otherLoss = before;
        squaredGradientNorm = Vectors.squaredNorm(gradient);
        flowTime += h;
        view.set(current);
    }

    /** ‖θ‖; 1 where that is 0, since then there is no scale to be relative to. */
    private static double size(double[] theta) {
        double norm = Vectors.norm(theta);
        return norm == 0 ? 1 : norm;
    }
}
