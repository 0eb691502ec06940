package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.experiment.RunSpec;
import saddlefarm.network.Parameters;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Training;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Prediction;
import saddlefarm.theory.Theory;

/** Makes what trainers, analyzers and predictors work with. Called from their threads, by several at a time. */
public interface Workshop {

    /** A run's training, from a checkpoint or, without one, from the beginning. */
    Training training(RunSpec run, @Nullable Checkpoint from);

    /** A run's analysis, from a checkpoint or, without one, from the beginning. */
    SaddleFinder finder(RunSpec run, @Nullable Checkpoint from);

    /**
     * What works out a run's theory.
     *
     * @param left θ when the run left the origin, or why it is not known
     * @param kin theory of another run on the same problem; null where there is none
     */
    Prediction prediction(RunSpec run, Predicted<Parameters> left, @Nullable Theory kin);

    /** Bytes that a run needs while it is active, about; not counted is what runs share. */
    long memory(RunSpec run);

    /** The same when it is the only one, with what it would share. */
    default long memoryByItself(RunSpec run) {
        return memory(run);
    }

    /** What a run is computed with here, for people: backend, kernels and processor. */
    String machine(RunSpec run);
}
