package saddlefarm.experiment;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code fork} of a specification. */
final class ForkReader {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");
    private static final int MOST = 1_000_000;

    private ForkReader() {}

    /** Null where a run is no fork. */
    static @Nullable ForkSettings read(Values values) {
        if (Keys.FORK.stream().noneMatch(values::has)) {
            return null;
        }
        if (!values.stored()) {
            Keys.FORK.stream()
                    .filter(values::has)
                    .forEach(key -> values.broken(key, "is written by saddlefarm fork alone"));
        }
        String parent = values.one("fork.parent", Scalar.text(12));
        if (!ID.matcher(parent).matches()) {
            values.broken("fork.parent", "must be the id of a run");
        }
        int plateau = values.integer("fork.plateau", 0, MOST);
        String perturb = values.one("fork.perturb", Scalar.text(10));
        double size = values.one("fork.size", Scalar.positive());
        int index = values.integer("fork.index", 0, MOST);
        try {
            return new ForkSettings(parent, plateau, ForkSettings.Perturb.of(perturb), size, index);
        } catch (ExperimentException e) {
            values.error("fork.perturb", "fork." + e.getMessage());
            return null;
        }
    }
}
