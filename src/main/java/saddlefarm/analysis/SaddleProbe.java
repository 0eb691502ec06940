package saddlefarm.analysis;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/** Takes a saddle apart; one thread at a time. A function of its arguments and the task alone. */
@FunctionalInterface
public interface SaddleProbe {

    /**
     * What a probe finds.
     *
     * @param saddle with an index when curvature was asked for
     * @param cosine length of the projection of the unit displacement, from the saddle to where it was left, onto the
     *     span of all negative eigenvectors that were found, in [0, 1]; null without curvature, or where that point was
     *     not given or is the saddle's
     * @param leadingCosine |cos| of the displacement with the most negative eigenvector; 0 when there is none; null
     *     where {@code cosine} is
     */
    record Findings(
            Saddle saddle,
            @Nullable Double cosine,
            @Nullable Double leadingCosine) {}

    /**
     * Looks at a plateau's deepest snapshot.
     *
     * @param deepest θ there; read only
     * @param flowTime t there, > 0 when curvature is asked for
     * @param rank of the run there, ≥ 0
     * @param curvature whether to look for directions down, which takes up to some hundred Hessian-vector products; not
     *     at the origin
     * @param left θ where the plateau was left, by which directions down are compared with the way taken; null where it
     *     was not left, or is not known
     */
    Findings at(Parameters deepest, double flowTime, int rank, boolean curvature, @Nullable Parameters left);

    /** A probe on a task. */
    static SaddleProbe of(Loss loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        return (deepest, flowTime, rank, curvature, left) -> {
            int pairs = deepest.architecture().depth() - 1;
            var none = IntStream.range(0, pairs).mapToObj(l -> 0.0).toList();
            var zero = IntStream.range(0, pairs).mapToObj(l -> 0).toList();
            return new Findings(new Saddle(null, 0, zero, none, none, zero), null, null);
        };
    }
}
