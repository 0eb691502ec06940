package saddlefarm.analysis;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Hessian;
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
     * @param leadingCosine the same for those alone whose eigenvalue is within 1% of the most negative one: |cos| with
     *     that where there is one such; 0 where there is none; null where {@code cosine} is
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

    /**
     * A probe on a task.
     *
     * @param inputs X, [N × n_0]
     * @param targets T, [N × n_L]
     */
    static SaddleProbe of(Loss loss, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        return (deepest, flowTime, rank, curvature, left) -> {
            if (!curvature) {
                return new Findings(describe(null, loss, inputs, targets, kernels, deepest, rank), null, null);
            }
            var hessian = new Hessian(loss, inputs, targets, kernels, deepest);
            var ways = new WaysDown(hessian, flowTime);
            var index = ways.index(deepest.architecture(), kernels);
            Saddle saddle = describe(index, loss, inputs, targets, kernels, deepest, rank);
            double @Nullable [] displacement = displacement(deepest, left);
            return displacement == null
                    ? new Findings(saddle, null, null)
                    : new Findings(saddle, ways.cosine(displacement), ways.leadingCosine(displacement));
        };
    }

    private static Saddle describe(
            @Nullable SaddleIndex index,
            Loss loss,
            PaddedMatrix inputs,
            PaddedMatrix targets,
            Kernels kernels,
            Parameters point,
            int rank) {
        var function = new FunctionRank(point, inputs, kernels);
        var pairs = IntStream.range(1, point.architecture().depth())
                .mapToObj(layer -> new NeighbouringLayers(point.weights(layer), point.weights(layer + 1)))
                .toList();
        return new Saddle(
                index,
                function.ofJacobian(FunctionRank.slope(loss, inputs, targets, kernels)),
                function.ofActivations(),
                pairs.stream().map(NeighbouringLayers::balance).toList(),
                pairs.stream().map(pair -> pair.alignment(Math.max(1, rank))).toList(),
                function.deadUnits());
    }

    /** Null where there is none. */
    private static double @Nullable [] displacement(Parameters from, @Nullable Parameters to) {
        if (to == null) {
            return null;
        }
        double[] displacement = to.toVector();
        Vectors.addScaled(-1, from.toVector(), displacement);
        return Vectors.squaredNorm(displacement) == 0 ? null : displacement;
    }
}
