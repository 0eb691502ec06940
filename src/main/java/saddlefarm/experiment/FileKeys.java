package saddlefarm.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of an experiment that name files. Each file is read once, so all runs of an experiment see the same
 * contents. The files of a stored specification are not read at all: it says what they contained, and can be read when
 * they are gone.
 */
final class FileKeys {

    private static final Scalar<String> PATH = Scalar.text(4096);
    private static final InputFile NONE = new InputFile(Path.of("none"), "");

    private final InputFiles files;
    private final Map<String, InputFile> seen = new HashMap<>();

    FileKeys(InputFiles files) {
        this.files = files;
    }

    /** The file that a key names. */
    InputFile one(Values values, String key) {
        String path = values.one(key, PATH);
        String pinKey = key + Keys.SHA256;
        String pin = values.has(pinKey) ? values.one(pinKey, Scalar.sha256()) : null;
        InputFile file = values.has(key) ? read(values, key, path, pin) : NONE;
        values.settle(key, file.path().toString());
        values.settle(pinKey, file.sha256());
        return file;
    }

    /** The files that a key lists. */
    List<InputFile> list(Values values, String key) {
        List<String> paths = values.list(key, PATH);
        String pinKey = key + Keys.SHA256;
        List<String> pins = values.has(pinKey) ? values.list(pinKey, Scalar.sha256()) : List.of();
        if (!pins.isEmpty() && pins.size() != paths.size()) {
            values.broken(pinKey, "must have as many items as %s, which has %d,".formatted(key, paths.size()));
            return List.of();
        }
        var read = new ArrayList<InputFile>();
        for (int i = 0; i < paths.size(); i++) {
            read.add(read(values, key, paths.get(i), pins.isEmpty() ? null : pins.get(i)));
        }
        values.settle(key, read.stream().map(file -> file.path().toString()).toList());
        values.settle(pinKey, read.stream().map(InputFile::sha256).toList());
        return read;
    }

    private InputFile read(Values values, String key, String path, @Nullable String pin) {
        try {
            if (pin != null && values.stored()) {
                return new InputFile(files.resolve(path), pin);
            }
            InputFile file = seen.computeIfAbsent(path, files::read);
            if (pin != null && !pin.equals(file.sha256())) {
                values.error(
                        key,
                        "%s: %s has the SHA-256 %s but %s%s asks for %s"
                                .formatted(key, path, file.sha256(), key, Keys.SHA256, pin));
            }
            return file;
        } catch (ExperimentException e) {
            values.error(key, "%s: %s".formatted(key, e.getMessage()));
            return NONE;
        }
    }
}
