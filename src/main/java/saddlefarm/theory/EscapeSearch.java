package saddlefarm.theory;

import java.util.Optional;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Architecture;
import saddlefarm.network.Initialization;
import saddlefarm.network.Parameters;

/**
 * The escape directions of the origin for one network and task, by ascent of −L0 from random starts (the definition: I.
 * Bantzis, J. B. Simon, A. Jacot, <i>Saddle-To-Saddle Dynamics in Deep ReLU Networks</i>, 2025).
 *
 * <p>On the sphere ‖θ‖ = √L a stationary point of positive speed has ‖W_ℓ‖_F = 1 in every layer: by homogeneity
 * {@code ⟨∇_{W_ℓ} L0, W_ℓ⟩ = L0}, which is −s, for each ℓ. So the ascent keeps each layer on its own unit sphere, where
 * it converges much faster, and loses no direction.
 *
 * <p>Immutable and safe for use by several threads; starts are independent of each other.
 */
public final class EscapeSearch {

    /** A direction whose residual is not above this is taken for stationary. */
    public static final double STATIONARY = 2e-3;

    /** Within this distance of ρ, as a part of its length, gradients are averaged for the residual. */
    static final double RADIUS = 1e-4;

    /** Until it is stationary but for rounding, or three rounds are over. */
    private static final Climb.Schedule THOROUGH = new Climb.Schedule(0.3, 0, 1e-6, 4000, 3, 1e-12);

    private final Architecture architecture;
    private final PaddedMatrix inputs;
    private final PaddedMatrix gradient;
    private final Kernels kernels;

    /**
     * @param inputs X, [N × n_0]
     * @param gradient G, [N × n_L], as {@link saddlefarm.network.Objective#gradientAtZero} gives it
     * @throws IllegalArgumentException if there are no escape directions; see {@link #obstacle}
     */
    public EscapeSearch(Architecture architecture, PaddedMatrix inputs, PaddedMatrix gradient, Kernels kernels) {
        obstacle(architecture, gradient).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        this.architecture = architecture;
        this.inputs = inputs;
        this.gradient = gradient;
        this.kernels = kernels;
    }

    /**
     * Why the origin has no escape directions; empty if it may have some.
     *
     * @param gradient G, [N × n_L]
     */
    public static Optional<String> obstacle(Architecture architecture, PaddedMatrix gradient) {
        if (architecture.depth() < 2) {
            return Optional.of("in a network of one layer the origin is no critical point");
        }
        if (architecture.bias()) {
            return Optional.of("with biases the loss is not homogeneous at the origin");
        }
        if (isZero(gradient)) {
            return Optional.of("the loss has no slope at output 0");
        }
        return Optional.empty();
    }

    /**
     * Ascends from one start. A function of the start's number alone.
     *
     * @param restart from 0; the seed of the Gaussian start
     * @return where it ended; empty if it did not get off the ground, as a network of ReLU whose units are all closed
     */
    public Optional<EscapeDirection> direction(int restart) {
        Climb climb = climb(restart, THOROUGH);
        while (!climb.done()) {
            climb.step();
        }
        return climb.direction();
    }

    /**
     * The ascent from one start, to be climbed. A function of the start's number and the schedule alone.
     *
     * @param restart from 0; the seed of the Gaussian start
     */
    public Climb climb(int restart, Climb.Schedule schedule) {
        Parameters start = Initialization.gaussian(architecture, 1, RandomStream.of(restart, "escape direction"));
        return new Climb(new Ascent(start, inputs, gradient, kernels), schedule);
    }

    /**
     * The ascent from given weights, to be climbed.
     *
     * @param start no layer of it 0; copied
     */
    public Climb climb(Parameters start, Climb.Schedule schedule) {
        return new Climb(new Ascent(start.copy(), inputs, gradient, kernels), schedule);
    }

    private static boolean isZero(PaddedMatrix matrix) {
        for (int n = 0; n < matrix.rows(); n++) {
            for (int j = 0; j < matrix.columns(); j++) {
                if (matrix.get(n, j) != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
