package saddlefarm.linalg;

import org.jspecify.annotations.Nullable;

/** The width of vectors that the system property {@code saddlefarm.vector-bits} asks for. */
public final class VectorWidth {

    private static final String PROPERTY = "saddlefarm.vector-bits";

    private VectorWidth() {}

    /**
     * The bits of a vector; 0 for the widest of this machine, where the property is not set.
     *
     * @throws IllegalArgumentException if there are no such vectors; the message is for the user
     */
    public static int asked() {
        @Nullable String bits = System.getProperty(PROPERTY);
        if (bits == null) {
            return 0;
        }
        return switch (bits) {
            case "128" -> 128;
            case "256" -> 256;
            case "512" -> 512;
            default ->
                throw new IllegalArgumentException("%s must be 128, 256 or 512 but was %s".formatted(PROPERTY, bits));
        };
    }
}
