package saddlefarm.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Optional;

/** What holds for a key that is not given: {@code reference.conf}. */
final class Defaults {

    private static final Config EXPERIMENT = OwnReference.config().getConfig("experiment");
    private static final Config METHODS = OwnReference.config().getConfig("descent-methods");
    private static final Config SOURCES = OwnReference.config().getConfig("data-sources");

    private Defaults() {}

    /** The default of a key; empty when it has none. */
    static Optional<Given> of(String key) {
        return at(EXPERIMENT, key);
    }

    /** The default of a key under a method of descent; empty when it has none of its own. */
    static Optional<Given> underMethod(String key, String method) {
        return at(METHODS, ConfigUtil.joinPath(method) + "." + key);
    }

    /** The default of a key {@code data.…} under a source of data; empty when it has none. */
    static Optional<Given> of(String key, String source) {
        return at(SOURCES, ConfigUtil.joinPath(source, key.substring("data.".length())));
    }

    private static Optional<Given> at(Config config, String path) {
        if (!config.hasPath(path)) {
            return Optional.empty();
        }
        ConfigValue value = config.getValue(path);
        return Optional.of(new Given(value, Place.DEFAULT));
    }
}
