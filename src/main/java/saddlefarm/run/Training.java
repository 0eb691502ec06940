package saddlefarm.run;

import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.descent.Descent;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;
import saddlefarm.descent.Limits;

/**
 * The training of one run: descent, limits and cadence in the one order in which every execution applies them. One
 * thread at a time.
 */
public final class Training {

    private final Descent descent;
    private final Cadence cadence;
    private final Limits limits;
    private boolean evaluated;
    private Cadence.Look look = Cadence.Look.NONE;
    private @Nullable Ending ending;

    private Training(Descent descent, Cadence cadence, Limits limits) {
        this.descent = descent;
        this.cadence = cadence;
        this.limits = limits;
    }

    /** A training whose first step evaluates the descent's state. */
    public static Training begin(Descent descent, Cadence cadence, Limits limits) {
        return new Training(descent, cadence, limits);
    }

    /**
     * A training that goes on from a state that was evaluated, and taken in by the cadence, before it was stored. A
     * state that meets a limit is the training's end already.
     *
     * @param decided why what was found ends the training there, before any limit does; null if it does not
     */
    public static Training resume(Descent descent, Cadence cadence, Limits limits, @Nullable Ending decided) {
        var training = new Training(descent, cadence, limits);
        descent.evaluate();
        training.evaluated = true;
        training.ending = decided == null ? limits.reached(descent) : decided;
        return training;
    }

    /**
     * Goes to the next state and evaluates it.
     *
     * @throws ArithmeticException if the very first state is not finite, so that there is nothing to train
     */
    public void step() {
        boolean first = !evaluated;
        if (!first) {
            descent.advance();
        }
        descent.evaluate();
        evaluated = true;
        ending = limits.reached(descent);
        if (ending != Ending.DIVERGED) {
            look = cadence.at(descent.step(), descent.flowTime(), descent.loss(), descent.squaredGradientNorm());
        } else if (first) {
            throw new ArithmeticException("the loss at the initial weights is not finite");
        } else {
            look = Cadence.Look.NONE;
        }
    }

    /** Gives up the memory that only computing needs, until the next step. */
    public void rest() {
        descent.rest();
    }

    /** Whether there is an evaluated state, as there is after the first step. */
    public boolean evaluated() {
        return evaluated;
    }

    /** What the cadence wants of the evaluated state. */
    public Cadence.Look look() {
        return look;
    }

    /** Why the training ends at the evaluated state; null while it goes on. */
    public @Nullable Ending ending() {
        return ending;
    }

    /** The scalars of the evaluated state. */
    public Descent descent() {
        return descent;
    }

    /** The evaluated state, or when it is not finite the last one that was. Immutable. */
    public DescentState state() {
        return ending == Ending.DIVERGED ? descent.previousState() : descent.state();
    }

    /** What the cadence depends on after the evaluated state. */
    public Cadence.State cadence() {
        return cadence.state();
    }
}
