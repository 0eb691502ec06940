package saddlefarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The files of an export, to be compared. */
@NullMarked
public final class TextFiles {

    private TextFiles() {}

    /** The text of every file in a directory, by name. */
    public static Map<String, String> in(Path directory) throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : paths.toList()) {
                files.put(String.valueOf(path.getFileName()), Files.readString(path));
            }
        }
        return files;
    }
}
