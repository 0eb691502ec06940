package saddlefarm.analysis;

import org.jspecify.annotations.Nullable;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;

/** Applies {@link StopRules} to one run; one thread at a time. */
public final class StopDecision {

    /**
     * When the Hessian was last asked since the last escape.
     *
     * @param flowTime t there, 0 before
     * @param square |∇C|² there, infinite before
     */
    public record Asked(double flowTime, double square) {

        /** Before the first question. */
        public static final Asked NEVER = new Asked(0, Double.POSITIVE_INFINITY);

        /** Whether to ask again: t has grown by a quarter, or |∇C|² fallen to a tenth. */
        boolean again(DescentState state) {
            return state.flowTime() >= 1.25 * flowTime || state.squaredGradientNorm() <= 0.1 * square;
        }
    }

    private final StopRules rules;
    private final Probes probes;
    private Asked asked;

    StopDecision(StopRules rules, Probes probes, Asked asked) {
        this.rules = rules;
        this.probes = probes;
        this.asked = asked;
    }

    Asked asked() {
        return asked;
    }

    /** A plateau was left: what was asked on it tells nothing of the next. */
    void forget() {
        asked = Asked.NEVER;
    }

    /** Why the run ends at a state that was looked at; null while it goes on. */
    @Nullable
    Ending at(DescentState state, Phase phase, int escapes, int rank) {
        @Nullable Ending met = rules.met(escapes, rank);
        if (met != null) {
            return met;
        }
        boolean flat = rules.flat(state.squaredGradientNorm());
        boolean waits = rules.beyondBudget() > 0 && phase == Phase.PLATEAU;
        return (flat || waits) && asked.again(state) ? ask(state, flat, waits, rank) : null;
    }

    private @Nullable Ending ask(DescentState state, boolean flat, boolean waits, int rank) {
        asked = new Asked(state.flowTime(), state.squaredGradientNorm());
        Curvature here = probes.curvature().at(state.parameters());
        if (flat && here.allowsMinimum(state.flowTime()) && nothingLeadsDown(state, rank)) {
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

    /** The least Ritz value is above the least eigenvalue: only a search that ends without finding one certifies. */
    private boolean nothingLeadsDown(DescentState state, int rank) {
        if (state.flowTime() == 0) {
            return false;
        }
        var index = probes.saddle()
                .at(state.parameters(), state.flowTime(), rank, true, null)
                .saddle()
                .index();
        return index != null && index.complete() && index.count() == 0;
    }
}
