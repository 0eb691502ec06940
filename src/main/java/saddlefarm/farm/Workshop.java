package saddlefarm.farm;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Training;

/** Makes what trainers and analyzers work with. Called from their threads, by several at a time. */
public interface Workshop {

    /** A run's training, from a checkpoint or, without one, from the beginning. */
    Training training(RunSpec run, @Nullable Checkpoint from);

    /** A run's analysis, from a checkpoint or, without one, from the beginning. */
    SaddleFinder finder(RunSpec run, @Nullable Checkpoint from);

    /** What a run is computed with here, for people: backend, kernels and processor. */
    String machine(RunSpec run);
}
