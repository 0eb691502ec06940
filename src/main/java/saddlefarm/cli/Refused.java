package saddlefarm.cli;

import java.io.Serial;

/** A farm elsewhere does not do what it is asked, or does not answer; the message is for the user. */
final class Refused extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
