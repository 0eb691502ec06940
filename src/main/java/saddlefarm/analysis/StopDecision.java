package saddlefarm.analysis;

import org.jspecify.annotations.Nullable;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;

/** Applies {@link StopRules} to one run. */
final class StopDecision {

    /** The Hessian is asked again when t has grown by a quarter. */
    private static final double AGAIN = 1.25;

    private final StopRules rules;
    private final Curvature.Probe curvature;
    private double asked;

    /** @param asked t when the Hessian was last asked, 0 before */
    StopDecision(StopRules rules, Curvature.Probe curvature, double asked) {
        this.rules = rules;
        this.curvature = curvature;
        this.asked = asked;
    }

    double asked() {
        return asked;
    }

    /** Why the run ends at a state that was looked at; null while it goes on. */
    @Nullable
    Ending at(DescentState state, Phase phase, int escapes, int rank) {
        if (rules.afterEscapes() > 0 && escapes >= rules.afterEscapes()) {
            return Ending.AFTER_ESCAPES;
        }
        if (rules.rank() > 0 && rank >= rules.rank()) {
            return Ending.RANK;
        }
        boolean flat = rules.flat(state.squaredGradientNorm());
        boolean waits = rules.beyondBudget() > 0 && phase == Phase.PLATEAU;
        return (flat || waits) && state.flowTime() >= AGAIN * asked ? ask(state, flat, waits) : null;
    }

    private @Nullable Ending ask(DescentState state, boolean flat, boolean waits) {
        asked = state.flowTime();
        Curvature here = curvature.at(state.parameters());
        if (flat && here.stable(state.flowTime())) {
            return Ending.MINIMUM;
        }
        int depth = state.parameters().architecture().depth();
        return waits
                        && here.resolved()
                        && rules.beyond(
                                state.flowTime(), here.timeToEscape(depth, state.squaredGradientNorm(), state.loss()))
                ? Ending.BEYOND_BUDGET
                : null;
    }
}
