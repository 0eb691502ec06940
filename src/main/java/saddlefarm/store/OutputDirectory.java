package saddlefarm.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory in which one farm works, for as long as this is open. Others may read.
 *
 * <p>Ownership is the operating system's lock on the file {@code lock}, so it dies with its holder; the file stays, and
 * says which process held it last.
 */
public final class OutputDirectory implements AutoCloseable {

    /** Name of the locked file. */
    static final String LOCK = "lock";

    /** Name of the database. */
    static final String DATABASE = "saddlefarm.db";

    /**
     * Locked by this process, which the operating system cannot tell: it locks out other processes only, and drops the
     * lock as soon as this one closes the file anywhere.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path held;
    private final FileChannel channel;

    private OutputDirectory(Path path, Path held, FileChannel channel) {
        this.path = path;
        this.held = held;
        this.channel = channel;
    }

    /**
     * Takes a directory for writing, and creates it if it does not exist.
     *
     * @throws ResultsPlaceException if it cannot be written, or another farm works in it
     */
    public static OutputDirectory open(Path path) {
        Path held = create(path).resolve(LOCK);
        if (!HELD.add(held)) {
            throw inUse(path, ProcessHandle.current().pid() + ", this one");
        }
        try {
            return new OutputDirectory(path, held, lock(path));
        } catch (RuntimeException e) {
            HELD.remove(held);
            throw e;
        }
    }

    /** The directory as the user named it. */
    public Path path() {
        return path;
    }

    /** Opens its store for writing, and makes or upgrades the database first where that is needed. */
    public SqlRunStore openStore() {
        return openStore(() -> {});
    }

    /** The same, with what is done after the store is closed. */
    SqlRunStore openStore(Runnable closed) {
        return SqlRunStore.openForWriting(new SqliteFile(path.resolve(DATABASE)), closed);
    }

    /** Lets other farms work here. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unusable(path, e);
        } finally {
            HELD.remove(held);
        }
    }

    /** Returns the directory's real path. */
    private static Path create(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new ResultsPlaceException(path + " is a file, not a directory");
        }
        try {
            return Files.createDirectories(path).toRealPath();
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    private static FileChannel lock(Path directory) {
        Path file = directory.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                // A byte far behind the text, so that where locks are mandatory the text can still be read.
                if (channel.tryLock(Long.MAX_VALUE - 1, 1, false) == null) {
                    throw inUse(directory, Files.readString(file).strip());
                }
                channel.truncate(0);
                channel.write(
                        StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
                return channel;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static ResultsPlaceException inUse(Path directory, String process) {
        return new ResultsPlaceException("another farm works in %s: %s is locked by process %s"
                .formatted(directory, directory.resolve(LOCK), process));
    }

    private static ResultsPlaceException unusable(Path directory, IOException e) {
        return new ResultsPlaceException("cannot write to directory %s: %s".formatted(directory, reason(e)), e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException missing) {
            return "%s cannot be made there".formatted(missing.getFile());
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
