package saddlefarm.run;

import java.io.Serial;

/** The storage cannot be reached for now: later the same call may succeed. */
public final class StoreAwayException extends StoreException {

    @Serial
    private static final long serialVersionUID = 1;

    private final boolean undecided;

    /** @param undecided whether the connection was lost during the call, so that nobody knows if that is stored */
    public StoreAwayException(String message, Throwable cause, boolean undecided) {
        super(message, cause);
        this.undecided = undecided;
    }

    /** Whether nobody knows if the call is stored, all of it or nothing; otherwise nothing is. */
    public boolean undecided() {
        return undecided;
    }
}
