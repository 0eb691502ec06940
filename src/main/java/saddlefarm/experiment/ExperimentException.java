package saddlefarm.experiment;

import java.io.Serial;

/**
 * An experiment that cannot be run as written. The message is for the user: one line for each mistake, with key, bound,
 * value, file and line.
 */
public final class ExperimentException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    public ExperimentException(String message) {
        super(message);
    }
}
