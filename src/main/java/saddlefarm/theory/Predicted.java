package saddlefarm.theory;

import org.jspecify.annotations.Nullable;

/**
 * A prediction, or why there is none: one of the two.
 *
 * @param value what is predicted; null where nothing is
 * @param why nothing is; null where something is
 */
public record Predicted<T>(@Nullable T value, @Nullable String why) {

    public Predicted {
        if ((value == null) == (why == null)) {
            throw new IllegalArgumentException("a prediction is a value, or a reason why there is none");
        }
    }

    public static <T> Predicted<T> of(T value) {
        return new Predicted<>(value, null);
    }

    public static <T> Predicted<T> not(String why) {
        return new Predicted<>(null, why);
    }

    /** Why nothing is predicted. */
    public String reason() {
        if (why == null) {
            throw new IllegalStateException("it is predicted: " + value);
        }
        return why;
    }
}
