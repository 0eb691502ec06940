package saddlefarm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Arguments of a command that reads experiments.
 *
 * @param files at least one
 * @param overrides {@code key=value} for all of them
 */
record ExperimentArguments(List<Path> files, List<String> overrides) {

    /** @param example of a command with a file */
    static ExperimentArguments of(List<String> arguments, String example) {
        Map<Boolean, List<String>> parts = arguments.stream()
                .collect(Collectors.partitioningBy(text -> text.matches("[A-Za-z][A-Za-z0-9.-]*\\+?=(?s:.*)")));
        List<Path> files =
                parts.getOrDefault(false, List.of()).stream().map(Path::of).toList();
        if (files.isEmpty()) {
            throw new Misuse("no experiment file; for example: %s %s".formatted(Main.PROGRAM, example));
        }
        return new ExperimentArguments(files, parts.getOrDefault(true, List.of()));
    }

    /** The file of a command that takes one. */
    Path file(String command) {
        if (files.size() != 1) {
            throw new Misuse("%s takes one experiment file but was given %d".formatted(command, files.size()));
        }
        return files.get(0);
    }
}
