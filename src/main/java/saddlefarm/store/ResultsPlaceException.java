package saddlefarm.store;

import java.io.Serial;

/**
 * A directory or a database cannot be used for a farm's results; the message names it and says why, for the user who
 * chose it.
 */
public final class ResultsPlaceException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    public ResultsPlaceException(String message) {
        super(message);
    }

    public ResultsPlaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
