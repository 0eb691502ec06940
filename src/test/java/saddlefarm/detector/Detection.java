package saddlefarm.detector;

import java.util.List;
import saddlefarm.analysis.Plateau;

/**
 * A plateau that the product says was left.
 *
 * @param confirmed flow time at which it said so
 * @param rankAfter the rank of the next plateau, or at the end of the run
 * @param candidates what was published of it while it was open
 */
record Detection(Plateau plateau, double confirmed, int rankAfter, List<Look> candidates) {

    /** A candidate as published at a flow time. */
    record Look(double flowTime, Plateau.Kind kind) {}

    double start() {
        return plateau.startTime();
    }

    double end() {
        Double end = plateau.endTime();
        if (end == null) {
            throw new IllegalStateException("a plateau that was left has no end");
        }
        return end;
    }

    @Override
    public String toString() {
        return "plateau %d of rank %d, t = %.4g to %.4g, loss %.4g"
                .formatted(plateau.number(), plateau.rank(), start(), end(), plateau.loss());
    }
}
