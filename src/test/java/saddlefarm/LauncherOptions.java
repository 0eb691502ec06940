package saddlefarm;

import java.util.List;
import org.jspecify.annotations.NullMarked;

/** What the launcher tells the JVM, for tests that start JVMs of their own. */
@NullMarked
public final class LauncherOptions {

    /** For commands that compute. */
    public static final List<String> VECTORS =
            List.of("--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0");

    private LauncherOptions() {}
}
