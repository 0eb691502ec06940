package saddlefarm.analysis;

/**
 * How closely a run is watched.
 *
 * @param cadence how rows are spaced
 * @param everySteps steps between rows: exactly under {@link Cadence.Kind#LINEAR}, at least under
 *     {@link Cadence.Kind#ADAPTIVE}; ≥ 1
 * @param singularValues how many singular values of each layer a row keeps, ≥ 1
 * @param curvature whether the Hessian's extreme eigenvalues are computed at plateaus
 */
public record ObserveSettings(Cadence.Kind cadence, long everySteps, int singularValues, boolean curvature) {}
