package saddlefarm.descent;

import saddlefarm.network.Parameters;

/**
 * A trajectory of parameters, one step at a time: {@link #evaluate()} the state, look at it, {@link #advance()} to the
 * next. Owns its parameters and memory: one thread at a time.
 */
public interface Descent {

    /** Computes loss and gradient at the current state. */
    void evaluate();

    /** Moves to the next state, which is not evaluated yet. */
    void advance();

    /** Gives up the memory that only computing needs, until the next step. */
    default void rest() {}

    /** The number of steps taken since the initial state, which is step 0. */
    long step();

    /** t = Σ η, the time at which gradient flow would be here. */
    double flowTime();

    /** C at the evaluated state. */
    double loss();

    /** |∇C|² at the evaluated state. */
    double squaredGradientNorm();

    /** The current parameters, owned by the descent. */
    Parameters parameters();

    /** Whether loss, gradient and parameters of the evaluated state are within bounds; if not, the run has diverged. */
    boolean finite();

    /** An immutable copy of the evaluated state. */
    DescentState state();

    /**
     * An immutable copy of the evaluated state before the current one.
     *
     * @throws IllegalStateException unless it has advanced since it was made, or since it rested
     */
    DescentState previousState();
}
