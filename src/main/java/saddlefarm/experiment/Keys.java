package saddlefarm.experiment;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keys of an experiment. */
final class Keys {

    static final String SWEEP = "sweep.";
    static final String ZIP = "sweep.zip";

    /** Appended to the key of an input file, the SHA-256 of its contents. */
    static final String SHA256 = "-sha256";

    /** Every key, except {@code sweep.…}. */
    static final List<String> ALL = List.of(
            "name",
            "network.depth",
            "network.width",
            "network.widths",
            "network.activation",
            "network.bias",
            "data.source",
            "data.samples",
            "data.dimension",
            "data.strengths",
            "data.seed",
            "data.inputs",
            "data.inputs-sha256",
            "data.targets",
            "data.targets-sha256",
            "data.file",
            "data.file-sha256",
            "data.target-columns",
            "data.images",
            "data.images-sha256",
            "data.labels",
            "data.labels-sha256",
            "initialization.source",
            "initialization.scale",
            "initialization.seed",
            "initialization.weights",
            "initialization.weights-sha256",
            "loss",
            "descent.method",
            "descent.learning-rate",
            "descent.tolerance",
            "stop.max-steps",
            "stop.max-flow-time",
            "stop.loss",
            "stop.gradient-norm",
            "stop.after-escapes",
            "stop.rank",
            "stop.minimum",
            "stop.beyond-budget",
            "observe.cadence",
            "observe.every-steps",
            "observe.singular-values",
            "observe.curvature",
            "checkpoint.every",
            "scheduling.priority",
            "notify.url",
            "notify.on",
            "linalg.backend",
            "arithmetic");

    /**
     * The keys of a run that was forked from another: in its specification, and in no experiment that a user writes.
     */
    static final List<String> FORK = List.of("fork.parent", "fork.plateau", "fork.perturb", "fork.size", "fork.index");

    /** The keys whose values decide which others of their section are used. */
    static final List<String> CHOOSERS = List.of("data.source", "initialization.source", "descent.method");

    private static final List<String> PROCESS_SECTIONS = List.of("farm", "store", "http");

    private Keys() {}

    static boolean known(String key) {
        return ALL.contains(key)
                || FORK.contains(key)
                || key.equals(ZIP)
                || (key.startsWith(SWEEP) && sweepable(key.substring(SWEEP.length())));
    }

    private static boolean sweepable(String key) {
        return ALL.contains(key) && !key.equals("name") && !key.equals("arithmetic");
    }

    /** The key whose value decides whether this one is used; empty when it always is. */
    static Optional<String> chooser(String key) {
        return CHOOSERS.stream()
                .filter(chooser -> section(chooser).equals(section(key)) && !chooser.equals(key))
                .findFirst();
    }

    /** What to tell about a key that there is not. */
    static String unknown(String key, Place place) {
        return "%s %s (%s)".formatted(key, reason(key), place.text());
    }

    private static String reason(String key) {
        List<String> members = members(key);
        if (!members.isEmpty()) {
            return "is a section and has no value itself; its keys are " + String.join(", ", members);
        }
        if (PROCESS_SECTIONS.contains(section(key))) {
            return "is a setting of the process: it comes from --config FILE or the environment, not from an experiment";
        }
        if (key.equals("sweep.name")) {
            return "cannot be swept: an experiment has one name";
        }
        return "is not a key" + suggestion(key);
    }

    private static List<String> members(String section) {
        String prefix = section + ".";
        return section.equals("sweep")
                ? List.of("the keys to sweep", "zip")
                : ALL.stream()
                        .filter(key -> key.startsWith(prefix))
                        .map(key -> key.substring(prefix.length()))
                        .toList();
    }

    private static String suggestion(String key) {
        Stream<String> candidates = key.startsWith(SWEEP)
                ? Stream.concat(
                        Stream.of(ZIP), ALL.stream().filter(Keys::sweepable).map(SWEEP::concat))
                : Stream.concat(Stream.of(ZIP), ALL.stream());
        return Spelling.suggestion(key, new TreeSet<>(candidates.toList()));
    }

    private static String section(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }
}
