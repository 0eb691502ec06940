package saddlefarm.theory;

import java.util.List;

/**
 * Everything that theory predicts for one run, to stand beside what is measured of it. A function of the run's
 * specification.
 *
 * @param optimal the fastest escape direction of the origin; the same for all runs on one task, network and loss
 * @param nearest the escape direction nearest to the one in which the run left
 * @param earliestEscape the flow time before which no flow from the run's own initial weights has lost {@link #DROP} of
 *     its loss, if no direction is faster than the optimal one found ({@link EscapeLaw})
 * @param ladder the losses of its plateaus
 * @param halfTimes of the modes of a linear network of two layers on whitened inputs, from the run's own initial
 *     weights
 * @param edgeOfStability 2/η, the curvature up to which gradient descent is stable
 */
public record Theory(
        Predicted<OptimalEscape> optimal,
        Predicted<NearestEscape> nearest,
        Predicted<Double> earliestEscape,
        Predicted<Ladder> ladder,
        Predicted<List<HalfTime>> halfTimes,
        Predicted<Double> edgeOfStability) {

    /** The origin counts as left at the first step that has lost this part of the loss of step 0. */
    public static final double DROP = 0.02;
}
