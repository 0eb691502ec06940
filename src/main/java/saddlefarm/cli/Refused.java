package saddlefarm.cli;

import java.io.Serial;

/**
 * A farm elsewhere, or the other nodes of this one, do not do what they are asked, or do not answer; the message is for
 * the user.
 */
final class Refused extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
