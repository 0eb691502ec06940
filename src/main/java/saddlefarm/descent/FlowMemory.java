package saddlefarm.descent;

import saddlefarm.network.Parameters;

/**
 * What gradient flow knows besides its state, and needs to go on from it bit for bit. Immutable.
 *
 * @param nextStep the step h to try next; 0 before the first
 * @param lastStep the last h of an accepted Chebyshev step; 0 before the first
 * @param lastError its error in units of the allowed one
 * @param radius the Hessian's spectral radius when it was last measured, with its margin
 * @param age accepted steps since then; −1 when it was never measured
 * @param direction where the power method goes on from
 * @param evaluations of ∇C so far, those of rejected steps and of the spectral radius among them
 * @param handover whether Chebyshev steps or gradient descent's come next
 */
public record FlowMemory(
        double nextStep,
        double lastStep,
        double lastError,
        double radius,
        int age,
        Parameters direction,
        long evaluations,
        Handover handover) {

    /** At the start, where nothing but the gradient is known. */
    static FlowMemory initial(Parameters gradient, long evaluations) {
        return new FlowMemory(0, 0, 0, 0, -1, gradient, evaluations, Handover.NONE);
    }

    /** With a radius that was measured here. */
    FlowMemory measured(double newRadius, Parameters newDirection) {
        return new FlowMemory(nextStep, lastStep, lastError, newRadius, 0, newDirection, evaluations, handover);
    }
}
