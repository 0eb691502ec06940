package saddlefarm.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.descent.DescentState;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Parameters;

/**
 * How a plateau was left: measured at the first step after its deepest one at which the loss is at most .98 of what the
 * plateau had, which is C(0) on the origin and later the loss at the deepest step. (An origin whose own deepest step is
 * more than 2% away from C(0), as from large weights, is taken as the later ones are.)
 *
 * <p>The direction is θ itself on the origin, and later the way θ has come from the plateau's deepest snapshot.
 *
 * @param step of the measurement
 * @param flowTime t there
 * @param loss C there
 * @param speed −L0(θ)/c^L with c = ‖θ‖/√L and L0 the loss to first order in the outputs: the speed of an escape
 *     direction, if θ were one (I. Bantzis, J. B. Simon, A. Jacot, <i>Saddle-To-Saddle Dynamics in Deep ReLU
 *     Networks</i>, 2025). Null after the origin and with biases
 * @param cosine length in [0, 1] of what of the direction, as a unit vector, lies in the span of the eigenvectors of
 *     negative curvature that were found at the saddle; null on the origin and where curvature is not observed
 * @param leadingCosine length of its projection onto the eigenvectors within 1% of the most negative eigenvalue, 0
 *     where none is negative; null where {@code cosine} is
 * @param ratios σ1/σ2 of each layer of the direction; infinite where there is no second singular value
 * @param energies ‖·‖_F² of each layer of the direction, as parts of the whole
 * @param direction the direction, not normed; nobody writes to it
 */
public record Escape(
        long step,
        double flowTime,
        double loss,
        @Nullable Double speed,
        @Nullable Double cosine,
        @Nullable Double leadingCosine,
        List<Double> ratios,
        List<Double> energies,
        Parameters direction) {

    public Escape {
        ratios = List.copyOf(ratios);
        energies = List.copyOf(energies);
    }

    static Escape measured(
            DescentState drop,
            Parameters direction,
            @Nullable Double speed,
            SaddleProbe.Findings anatomy,
            Kernels kernels) {
        return new Escape(
                drop.step(),
                drop.flowTime(),
                drop.loss(),
                speed,
                anatomy.cosine(),
                anatomy.leadingCosine(),
                DirectionShape.ratios(direction, kernels),
                DirectionShape.energies(direction),
                direction);
    }
}
