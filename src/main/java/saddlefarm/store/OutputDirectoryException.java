package saddlefarm.store;

import java.io.Serial;

/**
 * A directory or a database cannot be used for a farm's results; the message names it and says why, for the user who
 * chose it.
 */
public final class OutputDirectoryException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    public OutputDirectoryException(String message) {
        super(message);
    }

    public OutputDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
