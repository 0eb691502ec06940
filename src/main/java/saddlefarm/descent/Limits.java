package saddlefarm.descent;

import org.jspecify.annotations.Nullable;

/**
 * Where a run stops by its own state alone, tested at every step; 0 is no limit.
 *
 * @param maxSteps steps taken at most
 * @param maxFlowTime t at which to stop, at the first step that reaches it
 * @param loss C at or below which the run has converged
 * @param gradientNorm |∇C| at or below which the run has converged
 */
public record Limits(long maxSteps, double maxFlowTime, double loss, double gradientNorm) {

    /** Why the descent ends at its evaluated state, or null when it goes on. */
    public @Nullable Ending reached(Descent descent) {
        if (!descent.finite()) {
            return Ending.DIVERGED;
        }
        if (loss > 0 && descent.loss() <= loss) {
            return Ending.LOSS;
        }
        if (gradientNorm > 0 && descent.squaredGradientNorm() <= gradientNorm * gradientNorm) {
            return Ending.GRADIENT_NORM;
        }
        if (maxSteps > 0 && descent.step() >= maxSteps) {
            return Ending.MAX_STEPS;
        }
        if (maxFlowTime > 0 && descent.flowTime() >= maxFlowTime) {
            return Ending.MAX_FLOW_TIME;
        }
        return null;
    }
}
