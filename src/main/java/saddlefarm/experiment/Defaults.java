package saddlefarm.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Optional;

/** What holds for a key that is not given: {@code reference.conf}. */
final class Defaults {

    // Parsed by itself and not as part of the process's configuration: no system property may change what a run is.
    private static final Config REFERENCE =
            ConfigFactory.parseResources(Defaults.class.getClassLoader(), "reference.conf");
    private static final Config EXPERIMENT = REFERENCE.getConfig("saddlefarm.experiment");
    private static final Config METHODS = REFERENCE.getConfig("saddlefarm.descent-methods");
    private static final Config SOURCES = REFERENCE.getConfig("saddlefarm.data-sources");

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
