package saddlefarm.cli;

import java.io.Serial;

/** A command that cannot be done as it was given; the message is for the user. */
final class Misuse extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    Misuse(String message) {
        super(message);
    }
}
