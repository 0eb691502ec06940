package saddlefarm.experiment;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.Optional;

/** A value as the user wrote it, and where. */
record Given(ConfigValue value, Place place) {

    private static final int MOST_SHOWN = 300;

    /** The digits or letters of a number, text or truth value exactly as written; empty for a list. */
    Optional<String> scalar() {
        return scalar(value);
    }

    /** The same of an item of a list. */
    static Optional<String> scalar(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("value").getString("value"));
            case LIST, OBJECT, NULL -> Optional.empty();
        };
    }

    /** The value for a message, or its beginning. */
    String shown() {
        String text = scalar().orElseGet(() -> value.render(ConfigRenderOptions.concise()));
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
