package saddlefarm.analysis;

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
        long step,
        double flowTime,
        double loss,
        double gradientNorm,
        double parameterNorm,
        int rank,
        Spectra spectra) {}
