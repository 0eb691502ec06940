package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.StoreTakenException;
import saddlefarm.theory.Prediction;

/** Told of what happens in a farm, as it happens. Called from actors: return at once, and never throw. */
public interface FarmListener {

    /** Something was found; what the last commit does not hold yet is found again after a crash. */
    void found(RunSpec run, Finding finding);

    /** A run's status changed. */
    void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause);

    /**
     * The farm can work no more, so it ends; what it has not committed is not stored.
     *
     * @param why a {@link StoreTakenException} if its store belongs to another farm by now, otherwise the failure of an
     *     actor that all runs need
     */
    default void broken(Throwable why) {}

    /**
     * A run's theory is being worked out.
     *
     * @param restarts of the search for escape directions that are done, of {@link Prediction#RESTARTS}
     */
    default void predicting(RunSpec run, int restarts) {}
}
