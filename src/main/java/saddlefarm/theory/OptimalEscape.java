package saddlefarm.theory;

import java.util.List;

/**
 * The fastest escape direction of the origin that a fixed number of restarts found.
 *
 * @param speed s*
 * @param residual of its stationarity, see {@link EscapeDirection#residual()}
 * @param restarts how many there were
 * @param reachedBest how many of them ended at this speed
 * @param verdict whether σ_1/σ_2 ≥ ℓ^{1/4} in it, see {@link EscapeVerdict#label()}
 * @param ratios σ_1/σ_2 of each of its layers, the first layer first; infinite in a layer of rank one; none where an
 *     earlier build worked it out and did not keep them
 */
public record OptimalEscape(
        double speed, double residual, int restarts, int reachedBest, String verdict, List<Double> ratios) {

    public OptimalEscape {
        ratios = ratios == null ? List.of() : List.copyOf(ratios); // null from a document without them
    }

    static OptimalEscape of(EscapeFindings findings) {
        return new OptimalEscape(
                findings.best().speed(),
                findings.best().residual(),
                findings.restarts(),
                findings.reachedBest(),
                findings.verdict().label(),
                findings.best().layers().stream().map(EscapeLayer::ratio).toList());
    }
}
