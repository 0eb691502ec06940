package saddlefarm.experiment;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the user asks for: runs, resolved and checked. Their order is that of the sweep, the last axis fastest.
 *
 * @param name of the experiment
 * @param runs at least one, no two the same
 */
public record Experiment(String name, List<RunSpec> runs) {

    private static final Pattern OVERRIDES_OF_FORKS = Pattern.compile("(stop|observe|checkpoint|scheduling)\\.");

    public Experiment {
        runs = List.copyOf(runs);
    }

    /**
     * Reads an experiment file. Paths in it are relative to its directory.
     *
     * @param overrides {@code key=value}, later ones win over earlier ones and over the file
     * @throws ExperimentException if file or overrides ask for anything that cannot be run
     */
    public static Experiment load(Path file, List<String> overrides) {
        Path directory = file.toAbsolutePath().getParent();
        return parse(text(file), file.toString(), directory == null ? file.toAbsolutePath() : directory, overrides);
    }

    /**
     * Reads the text of an experiment, or the specification of a run: that gives this one run, of the same id.
     *
     * @param hocon HOCON or JSON
     * @param origin name of the text for messages
     * @param baseDirectory what paths are relative to
     * @param overrides as for {@link #load}
     * @throws ExperimentException if text or overrides ask for anything that cannot be run
     */
    public static Experiment parse(String hocon, String origin, Path baseDirectory, List<String> overrides) {
        return parse(hocon, origin, InputFiles.relativeTo(baseDirectory), overrides);
    }

    /** The same, with a say in which files may be used. */
    public static Experiment parse(String hocon, String origin, InputFiles files, List<String> overrides) {
        return parse(hocon, Syntax.HOCON, origin, files, overrides, Sweep.MOST_RUNS);
    }

    /**
     * The same, with a say in how it is written, and in how many runs the sweep may make; more are an error, found
     * before any is made.
     */
    public static Experiment parse(
            String text, Syntax syntax, String origin, InputFiles files, List<String> overrides, int mostRuns) {
        Request request = Request.of(Hocon.values(text, syntax, origin, overrides));
        Sweep sweep = Sweep.of(request, Math.min(mostRuns, Sweep.MOST_RUNS));
        var reader = new RunReader(origin, files, new TaskLibrary());
        var runs = new ArrayList<RunSpec>();
        for (int i = 0; i < sweep.size(); i++) {
            var values = new TreeMap<>(request.plain());
            values.putAll(sweep.point(i));
            runs.add(reader.read(values, request.swept().keySet()));
        }
        requireUsed(request, reader);
        requireDistinct(runs, origin);
        return new Experiment(runs.get(0).experiment(), runs);
    }

    /**
     * Forks of a run: its specification, but for where they begin and where they stop.
     *
     * @param forks of the parent, at least one
     * @param overrides of {@code stop}, {@code observe}, {@code checkpoint} and {@code scheduling}, as for
     *     {@link #load}
     * @return of the parent's experiment, in the order of {@code forks}; swept are its keys and those that make a fork
     * @throws ExperimentException if the overrides ask for anything else, or for anything that cannot be run
     */
    public static List<RunSpec> forks(RunSpec parent, List<ForkSettings> forks, List<String> overrides) {
        for (String override : overrides) {
            if (!OVERRIDES_OF_FORKS.matcher(override).lookingAt()) {
                throw new ExperimentException(
                        "a fork may stop and be observed, checkpointed and scheduled in another way than its parent; not "
                                + override);
            }
        }
        return forks.stream()
                .map(fork -> {
                    var keys = new TreeMap<String, Object>(Map.of(
                            "fork.parent", fork.parent(),
                            "fork.plateau", fork.plateau(),
                            "fork.perturb", fork.perturb().toString(),
                            "fork.size", fork.size(),
                            "fork.index", fork.index()));
                    var all = new ArrayList<>(overrides);
                    var listed = new TreeMap<>(parent.swept());
                    keys.forEach((key, value) -> {
                        all.add(key + "=" + Json.text(value));
                        listed.put(key, Json.text(value));
                    });
                    return parse(
                                    parent.specification(),
                                    "the specification of run " + parent.id(),
                                    InputFiles.relativeTo(Path.of("")),
                                    all)
                            .runs()
                            .get(0)
                            .withSwept(Collections.unmodifiableSortedMap(listed));
                })
                .toList();
    }

    /**
     * The text of an experiment file.
     *
     * @throws ExperimentException if it cannot be read
     */
    public static String text(Path file) {
        if (!Files.exists(file)) {
            throw new ExperimentException("no such file: " + file);
        }
        if (Files.isDirectory(file)) {
            throw new ExperimentException("not a file but a directory: " + file);
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ExperimentException("not a text in UTF-8: " + file);
        } catch (IOException e) {
            throw new ExperimentException("cannot be read: %s (%s)".formatted(file, e));
        }
    }

    private static void requireUsed(Request request, RunReader reader) {
        var errors = new ArrayList<String>();
        request.plain().forEach((key, given) -> note(reader, key, key, given, errors));
        request.swept().forEach((key, given) -> note(reader, key, Keys.SWEEP + key, given, errors));
        if (!errors.isEmpty()) {
            throw new ExperimentException(String.join("\n", errors));
        }
    }

    private static void note(RunReader reader, String key, String shown, Given given, List<String> errors) {
        reader.unused(key)
                .ifPresent(why -> errors.add(
                        "%s %s (%s)".formatted(shown, why, given.place().text())));
    }

    private static void requireDistinct(List<RunSpec> runs, String origin) {
        var ids = new HashSet<String>();
        for (RunSpec run : runs) {
            if (!ids.add(run.id())) {
                throw new ExperimentException(
                        "the sweep makes the same run twice: with %s (%s)".formatted(assignments(run.swept()), origin));
            }
        }
    }

    private static String assignments(SortedMap<String, String> swept) {
        var texts = new ArrayList<String>();
        swept.forEach((key, value) -> texts.add(key + " = " + value));
        return String.join(", ", texts);
    }
}
