package saddlefarm.run;

import java.io.Serial;

/** The storage belongs to another farm by now: this one has to end, and nothing of the call is stored. */
public final class StoreTakenException extends StoreException {

    @Serial
    private static final long serialVersionUID = 1;

    public StoreTakenException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreTakenException(String message) {
        super(message);
    }
}
