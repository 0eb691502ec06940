package saddlefarm.store;

import java.nio.file.Path;

/** A directory with an SQLite database, in which one farm works at a time. */
public record ResultsDirectory(Path path) implements ResultsPlace {

    @Override
    public SqlRunStore open() {
        OutputDirectory directory = OutputDirectory.open(path);
        try {
            return directory.openStore(directory::close);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public SqlRunStore openReadOnly() {
        return SqlRunStore.openReadOnly(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
