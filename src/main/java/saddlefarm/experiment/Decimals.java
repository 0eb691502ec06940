package saddlefarm.experiment;

import com.fasterxml.jackson.core.io.NumberOutput;

/** How numbers are written: the shortest decimal that reads back exactly, the same on every JDK. */
public final class Decimals {

    private Decimals() {}

    /**
     * The text of a double as JDK 19 and later print it (before, {@code Double.toString(2e23)} was a digit too long).
     */
    public static String text(double value) {
        return NumberOutput.toString(value, true);
    }
}
