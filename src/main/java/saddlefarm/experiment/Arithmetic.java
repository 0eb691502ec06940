package saddlefarm.experiment;

/** The version of the product's arithmetic. */
public final class Arithmetic {

    /**
     * Raised by every change that alters the bits of some run, so that results of old and new arithmetic never share an
     * id.
     */
    public static final int VERSION = 3;

    private Arithmetic() {}
}
