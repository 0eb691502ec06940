package saddlefarm.store;

import java.io.Serial;

/** A directory cannot be used as a farm's output; the message names it and says why, for the user who chose it. */
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
