package saddlefarm.run;

import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.descent.DescentState;

/**
 * Everything that the future of a run depends on, at one step that has been evaluated and analyzed; or before that
 * step, where a {@linkplain ForkPoint#beginning fork begins}. Immutable.
 *
 * @param descent the trajectory
 * @param cadence the choice of snapshots
 * @param analysis the detection
 */
public record Checkpoint(DescentState descent, Cadence.State cadence, SaddleFinder.State analysis) {

    /** How far a run is that goes on from here. */
    public Progress progress() {
        return Progress.at(descent, analysis.rank(), analysis.plateaus());
    }
}
