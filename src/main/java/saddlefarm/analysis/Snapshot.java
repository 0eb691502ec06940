package saddlefarm.analysis;

import saddlefarm.descent.DescentState;

/**
 * One row of a run: its state at a step.
 *
 * @param step ≥ 0
 * @param flowTime t
 * @param loss C
 * @param gradientNorm |∇C|
 * @param parameterNorm ‖θ‖
 * @param rank of the run, see {@link Rank}
 * @param spectra the leading singular values of each layer
 */
public record Snapshot(
        long step, double flowTime, double loss, double gradientNorm, double parameterNorm, int rank, Spectra spectra) {

    /**
     * The row of a state.
     *
     * @param spectra singular values that the row keeps
     */
    public static Snapshot of(DescentState state, int rank, Spectra spectra) {
        return new Snapshot(
                state.step(),
                state.flowTime(),
                state.loss(),
                Math.sqrt(state.squaredGradientNorm()),
                Math.sqrt(state.parameters().squaredNorm()),
                rank,
                spectra);
    }
}
