package saddlefarm.data;

/** What a class label becomes. */
public enum Targets {
    /** One-hot minus the mean of all classes, 1/K: for the mean squared error. */
    CENTRED,
    /** One-hot, a probability distribution: for the cross-entropy. */
    DISTRIBUTION
}
