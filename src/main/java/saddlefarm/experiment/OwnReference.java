package saddlefarm.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URL;
import java.util.Objects;

/** This program's {@code reference.conf}, without those of libraries, which are much longer. */
public final class OwnReference {

    // The first on the class path. Parsed by itself and not as part of the process's configuration: no system property
    // may change what a run is.
    private static final Config CONFIG = ConfigFactory.parseURL(resource()).getConfig("saddlefarm");

    private OwnReference() {}

    /** What stands under {@code saddlefarm}. */
    public static Config config() {
        return CONFIG;
    }

    private static URL resource() {
        return Objects.requireNonNull(OwnReference.class.getResource("/reference.conf"), "no reference.conf");
    }
}
