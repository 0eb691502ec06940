package saddlefarm.experiment;

import saddlefarm.analysis.ObserveSettings;
import saddlefarm.analysis.StopRules;
import saddlefarm.descent.Limits;

/** Reads where a run stops. */
final class StopReader {

    private static final long LARGEST_COUNT = 1_000_000_000_000_000L;
    private static final String RANK = "stop.rank";
    private static final String MINIMUM = "stop.minimum";
    private static final String BEYOND_BUDGET = "stop.beyond-budget";

    private StopReader() {}

    /** By its own state alone. */
    static Limits limits(Values values) {
        return new Limits(
                values.one("stop.max-steps", Scalar.whole(0, LARGEST_COUNT)),
                values.one("stop.max-flow-time", Scalar.notNegative()),
                values.one("stop.loss", Scalar.notNegative()),
                values.one("stop.gradient-norm", Scalar.notNegative()));
    }

    /** By what is found. The specification has only those that are used. */
    static StopRules rules(Limits limits, DescentSettings descent, ObserveSettings observe, Values values) {
        int afterEscapes = values.integer("stop.after-escapes", 0, 1_000_000);
        int rank = values.integer(RANK, 0, 1_000_000);
        double minimum = values.one(MINIMUM, Scalar.notNegative());
        double beyondBudget = values.one(BEYOND_BUDGET, Scalar.notNegative());
        omitUnused(RANK, rank, values);
        omitUnused(MINIMUM, minimum, values);
        omitUnused(BEYOND_BUDGET, beyondBudget, values);
        if (limits.equals(new Limits(0, 0, 0, 0)) && afterEscapes == 0 && rank == 0 && minimum == 0) {
            values.missing("stop needs at least one limit above 0:"
                    + " max-steps, max-flow-time, loss, gradient-norm, after-escapes, rank or minimum");
        }
        requireCurvature(MINIMUM, minimum, observe, values);
        requireCurvature(BEYOND_BUDGET, beyondBudget, observe, values);
        double budget = budget(limits, descent);
        if (beyondBudget > 0 && beyondBudget < 1) {
            values.broken(BEYOND_BUDGET, "must be 0 or at least 1");
        } else if (beyondBudget > 0 && budget == 0) {
            values.error(
                    BEYOND_BUDGET,
                    descent instanceof DescentSettings.GradientDescent
                            ? "stop.beyond-budget needs stop.max-steps or stop.max-flow-time"
                            : "stop.beyond-budget needs stop.max-flow-time under gradient-flow");
        }
        return values.sound() ? new StopRules(afterEscapes, rank, minimum, beyondBudget, budget) : StopRules.NONE;
    }

    /** t at which the run's steps or its time are spent; 0 if neither is limited. */
    private static double budget(Limits limits, DescentSettings descent) {
        double steps = descent instanceof DescentSettings.GradientDescent gradient
                ? limits.maxSteps() * gradient.learningRate()
                : 0;
        double time = limits.maxFlowTime();
        return steps > 0 && time > 0 ? Math.min(steps, time) : Math.max(steps, time);
    }

    private static void omitUnused(String key, double value, Values values) {
        if (value == 0) {
            values.omit(key);
        }
    }

    private static void requireCurvature(String key, double value, ObserveSettings observe, Values values) {
        if (value > 0 && !observe.curvature()) {
            values.error(key, key + " needs observe.curvature = true");
        }
    }
}
