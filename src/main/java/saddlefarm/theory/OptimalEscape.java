package saddlefarm.theory;

/**
 * The fastest escape direction of the origin that a fixed number of restarts found.
 *
 * @param speed s*
 * @param residual of its stationarity, see {@link EscapeDirection#residual()}
 * @param restarts how many there were
 * @param reachedBest how many of them ended at this speed
 * @param verdict whether σ_1/σ_2 ≥ ℓ^{1/4} in it, see {@link EscapeVerdict#label()}
 */
public record OptimalEscape(double speed, double residual, int restarts, int reachedBest, String verdict) {

    static OptimalEscape of(EscapeFindings findings) {
        return new OptimalEscape(
                findings.best().speed(),
                findings.best().residual(),
                findings.restarts(),
                findings.reachedBest(),
                findings.verdict().label());
    }
}
