package saddlefarm.experiment;

import java.nio.file.Path;

/**
 * A file that results depend on.
 *
 * @param path absolute; where the file is, which no result depends on
 * @param sha256 of the contents when the experiment was read, 64 lower-case hexadecimal digits
 */
public record InputFile(Path path, String sha256) {}
