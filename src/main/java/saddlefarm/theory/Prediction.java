package saddlefarm.theory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * Works out the {@link Theory} of one run piece by piece, each piece about as long as one evaluation of a gradient. One
 * thread at a time.
 */
public final class Prediction {

    /** Starts of the search for the fastest escape direction. */
    public static final int RESTARTS = 8;

    private static final Climb.Schedule SEARCH = new Climb.Schedule(0.3, 0.5, 1e-5, 700, 3, 1e-6);

    /** With short steps from the beginning, so that it stays in the basin in which it starts. */
    private static final Climb.Schedule NEAREST = new Climb.Schedule(0.03, 0.5, 1e-5, 1000, 2, 1e-6);

    /**
     * What is asked about.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     * @param start the run's initial weights
     * @param learningRate η; null where there is none
     * @param left θ when the run left the origin, or why it is not known
     */
    public record Question(
            Architecture architecture,
            Loss loss,
            PaddedMatrix inputs,
            PaddedMatrix targets,
            Parameters start,
            @Nullable Double learningRate,
            Predicted<Parameters> left) {}

    private final Question question;
    private final Kernels kernels;
    private final Predicted<EscapeSearch> search;
    private final List<Optional<EscapeDirection>> ends = new ArrayList<>();
    private final @Nullable Predicted<Ladder> knownLadder;
    private @Nullable Predicted<OptimalEscape> optimal;
    private @Nullable Predicted<NearestEscape> nearest;
    private @Nullable Climb climb;

    /**
     * @param kin what is known of another run on the same task, network and loss, whose optimal escape and ladder are
     *     the same
     */
    public Prediction(Question question, @Nullable Theory kin, Kernels kernels) {
        this.question = question;
        this.kernels = kernels;
        search = search(question, kernels);
        optimal = kin == null ? null : kin.optimal();
        knownLadder = kin == null ? null : kin.ladder();
        beginNext();
    }

    public boolean done() {
        return climb == null;
    }

    /** Does the next piece of work; at most so many as are left. */
    public void step() {
        Climb current = climb;
        if (current == null) {
            throw new IllegalStateException("all is done");
        }
        if (!current.done()) {
            current.step();
        }
        if (current.done()) {
            arrived(current.direction());
            beginNext();
        }
    }

    /** How many restarts of the search are done, of {@link #RESTARTS}. */
    public int restarts() {
        return optimal == null ? ends.size() : RESTARTS;
    }

    /** What came out, once it is done. */
    public Theory theory() {
        if (climb != null || optimal == null || nearest == null) {
            throw new IllegalStateException("there is more to do");
        }
        return new Theory(
                optimal,
                nearest,
                earliestEscape(optimal),
                knownLadder == null
                        ? Ladder.of(question.architecture, question.loss, question.inputs, question.targets)
                        : knownLadder,
                TwoLayerModes.halfTimes(
                        question.architecture, question.loss, question.inputs, question.targets, question.start),
                question.learningRate == null
                        ? Predicted.not("gradient flow has no learning rate")
                        : Predicted.of(EdgeOfStability.sharpness(question.learningRate)));
    }

    private static Predicted<EscapeSearch> search(Question question, Kernels kernels) {
        PaddedMatrix gradient = question.loss.gradientAtZero(question.targets, kernels);
        return EscapeSearch.obstacle(question.architecture, gradient)
                .<Predicted<EscapeSearch>>map(Predicted::not)
                .orElseGet(() ->
                        Predicted.of(new EscapeSearch(question.architecture, question.inputs, gradient, kernels)));
    }

    private void beginNext() {
        climb = null;
        EscapeSearch directions = search.value();
        if (directions == null) {
            optimal = Predicted.not(search.reason());
            nearest = Predicted.not(search.reason());
        } else if (optimal == null) {
            climb = directions.climb(ends.size(), SEARCH);
        } else if (nearest == null) {
            beginNearest(directions);
        }
    }

    private void beginNearest(EscapeSearch directions) {
        Parameters left = question.left.value();
        if (left == null) {
            nearest = Predicted.not(question.left.reason());
        } else if (hasEmptyLayer(left)) {
            nearest = Predicted.not("a layer of the direction in which the run left is 0");
        } else {
            climb = directions.climb(left, NEAREST);
        }
    }

    private void arrived(Optional<EscapeDirection> direction) {
        if (optimal == null) {
            ends.add(direction);
            if (ends.size() == RESTARTS) {
                optimal = EscapeFindings.of(ends)
                        .map(findings -> Predicted.of(OptimalEscape.of(findings)))
                        .orElseGet(() ->
                                Predicted.not("none of %d restarts found an escape direction".formatted(RESTARTS)));
            }
        } else {
            Parameters left = Objects.requireNonNull(question.left.value());
            nearest = direction
                    .map(end -> Predicted.of(NearestEscape.of(end, left)))
                    .orElseGet(() -> Predicted.not("no ascent leads from the direction in which the run left"));
        }
    }

    private Predicted<Double> earliestEscape(Predicted<OptimalEscape> fastest) {
        OptimalEscape best = fastest.value();
        if (best == null) {
            return Predicted.not(fastest.reason());
        }
        double size = EscapeLaw.size(question.start);
        if (size == 0) {
            return Predicted.not("the run begins at the origin");
        }
        var atOrigin = new Parameters(question.architecture);
        double lossAtOrigin = loss(atOrigin);
        // The run counts its drop from its own first loss, the law from that at the origin.
        double drop = lossAtOrigin - (1 - Theory.DROP) * loss(question.start);
        var law = new EscapeLaw(question.architecture.depth(), best.speed());
        return Predicted.of(drop <= 0 ? 0.0 : law.timeToDrop(size, lossAtOrigin, drop / lossAtOrigin));
    }

    private double loss(Parameters parameters) {
        return new Gradient(question.architecture, question.loss, question.inputs, question.targets, kernels)
                .evaluate(parameters, new Parameters(question.architecture));
    }

    private static boolean hasEmptyLayer(Parameters parameters) {
        for (int layer = 1; layer <= parameters.architecture().depth(); layer++) {
            if (Vectors.squaredNorm(parameters.weights(layer).data) == 0) {
                return true;
            }
        }
        return false;
    }
}
