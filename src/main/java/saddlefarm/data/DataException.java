package saddlefarm.data;

import java.io.Serial;

/** Data that cannot be used; the message says what is wrong, and where in the stream, for the user who supplied it. */
public final class DataException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }
}
