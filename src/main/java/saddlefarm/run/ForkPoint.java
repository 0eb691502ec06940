package saddlefarm.run;

import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.PlateauDetector;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.Spectra;
import saddlefarm.descent.DescentState;

/**
 * Where a fork begins, and what of its parent's beginning it is measured against. Immutable.
 *
 * @param start step, flow time and weights, not evaluated
 * @param initialLoss C at the parent's step 0
 * @param initial largest singular value of each layer there
 */
public record ForkPoint(DescentState start, double initialLoss, Spectra initial) {

    /** What the fork goes on from before its first step: on a plateau that begins here. */
    public Checkpoint beginning() {
        var detector = PlateauDetector.State.beginning(start.step(), start.flowTime(), initialLoss);
        return new Checkpoint(
                start, Cadence.State.beginningWith(detector), SaddleFinder.State.beginningWith(detector, initial));
    }
}
