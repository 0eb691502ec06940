package saddlefarm.cli;

import java.util.OptionalLong;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.RunSpec;

/** How far runs go at most. */
final class Budget {

    private Budget() {}

    /** The steps that a run takes at most; empty where only the course of the run decides. */
    static OptionalLong steps(RunSpec run) {
        long most = run.limits().maxSteps() > 0 ? run.limits().maxSteps() : Long.MAX_VALUE;
        if (run.limits().maxFlowTime() > 0 && run.descent() instanceof DescentSettings.GradientDescent descent) {
            double steps = Math.ceil(run.limits().maxFlowTime() / descent.learningRate());
            most = Math.min(most, (long) Math.min(steps, 9e18));
        }
        return most == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(most);
    }
}
