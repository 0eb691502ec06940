package saddlefarm.run;

import java.io.Serial;

/** The storage failed; the message names it and what it said. */
public sealed class StoreException extends RuntimeException permits StoreAwayException, StoreTakenException {

    @Serial
    private static final long serialVersionUID = 1;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
