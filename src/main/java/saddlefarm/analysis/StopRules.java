package saddlefarm.analysis;

import org.jspecify.annotations.Nullable;
import saddlefarm.descent.Ending;

/**
 * Where a run ends by what is found on its way, decided at rows and probes; 0 is no such rule.
 *
 * @param afterEscapes confirmed escapes, the origin's among them
 * @param rank of the run
 * @param minimum |∇C| at or below which the run ends if the Hessian certifies a local minimum there
 * @param beyondBudget at least 1: ends on a plateau when its predicted escape is so many times as far away as the end
 *     of the budget
 * @param budget t at the end of the budget; wanted by {@code beyondBudget} alone
 */
public record StopRules(int afterEscapes, int rank, double minimum, double beyondBudget, double budget) {

    /** Nothing that is found ends the run. */
    public static final StopRules NONE = afterEscapes(0);

    public StopRules {
        if (beyondBudget > 0 && !(beyondBudget >= 1 && budget > 0)) {
            throw new IllegalArgumentException(
                    "%s times beyond a budget of %s cannot be judged".formatted(beyondBudget, budget));
        }
    }

    /** To end after so many escapes, and by nothing else that is found. */
    public static StopRules afterEscapes(int escapes) {
        return new StopRules(escapes, 0, 0, 0, 0);
    }

    /** The rule that a run has met which has left so many plateaus and is of this rank; null for none. */
    @Nullable
    Ending met(int escapes, int rankNow) {
        if (afterEscapes > 0 && escapes >= afterEscapes) {
            return Ending.AFTER_ESCAPES;
        }
        return rank > 0 && rankNow >= rank ? Ending.RANK : null;
    }

    /** Whether a |∇C|² is small enough to ask for a minimum. */
    boolean flat(double squaredGradientNorm) {
        return minimum > 0 && squaredGradientNorm <= minimum * minimum;
    }

    /** Whether an escape that is a flow time away from t is beyond the budget. */
    boolean beyond(double flowTime, double timeToEscape) {
        return beyondBudget > 0 && timeToEscape > beyondBudget * Math.max(0, budget - flowTime);
    }
}
