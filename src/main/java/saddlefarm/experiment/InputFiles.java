package saddlefarm.experiment;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The one place where a path in an experiment becomes a file, and where such a file is opened. */
public final class InputFiles {

    private final @Nullable Path directory;
    private final boolean confined;

    private InputFiles(@Nullable Path directory, boolean confined) {
        this.directory = directory == null ? null : directory.toAbsolutePath().normalize();
        this.confined = confined;
    }

    /** Paths are absolute or relative to a directory, and lead anywhere: for a user at their own machine. */
    public static InputFiles relativeTo(Path directory) {
        return new InputFiles(directory, false);
    }

    /** Paths lead to files in a directory and below, also after following links: for users from elsewhere. */
    public static InputFiles within(Path directory) {
        return new InputFiles(directory, true);
    }

    /** No path leads to a file: for users from elsewhere, where nothing is laid out for them. */
    public static InputFiles none() {
        return new InputFiles(null, true);
    }

    /**
     * The file that an experiment names, as it is now.
     *
     * @throws ExperimentException if it may not be used or cannot be read; the message tells nothing about other places
     */
    InputFile read(String path) {
        return new InputFile(resolve(path), sha256(bytes(resolve(path), path)));
    }

    /** The file that an experiment names, not opened. */
    Path resolve(String path) {
        if (directory == null) {
            throw new ExperimentException("this farm has no data directory, so no file may be used: " + path);
        }
        Path resolved;
        try {
            resolved = directory.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new ExperimentException("not a path: " + path);
        }
        if (confined && !inside(resolved, directory)) {
            throw new ExperimentException("only files in the data directory may be used: " + path);
        }
        return resolved;
    }

    private static boolean inside(Path path, Path directory) {
        if (!path.startsWith(directory)) {
            return false;
        }
        try {
            return !Files.exists(path) || path.toRealPath().startsWith(directory.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** The SHA-256 of some bytes, as 64 hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Opens a file, all of it read and compared: a run never mixes two contents.
     *
     * @throws ExperimentException if the file cannot be read or no longer is what the experiment was read with
     */
    static InputStream open(InputFile file) {
        byte[] bytes = bytes(file.path(), file.path().toString());
        String sha256 = sha256(bytes);
        if (!sha256.equals(file.sha256())) {
            throw new ExperimentException("%s has changed: its SHA-256 is %s but the experiment was read with %s"
                    .formatted(file.path(), sha256, file.sha256()));
        }
        return new ByteArrayInputStream(bytes);
    }

    private static byte[] bytes(Path path, String shown) {
        if (!Files.exists(path)) {
            throw new ExperimentException("no such file: " + shown);
        }
        if (!Files.isRegularFile(path)) {
            throw new ExperimentException("not a file: " + shown);
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new ExperimentException("cannot be read: %s (%s)".formatted(shown, e));
        }
    }
}
