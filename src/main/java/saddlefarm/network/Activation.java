package saddlefarm.network;

/** What stands between two weight matrices; the last one is followed by nothing. */
public enum Activation {
    /** max(z, 0), with derivative 1 where the activation is above 0 and 0 elsewhere. */
    RELU,
    /** The identity: a deep linear network. */
    LINEAR
}
