package saddlefarm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The processor of this machine. */
final class Processor {

    private static final Path LINUX = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Its name, such as {@code AMD EPYC}; where the system does not tell, the architecture, such as aarch64. */
    static String name() {
        // Only Linux on x86 has the file and the line.
        if (Files.isReadable(LINUX)) {
            try (Stream<String> lines = Files.lines(LINUX)) {
                return nameIn(lines);
            } catch (IOException e) {
                return architecture();
            }
        }
        return architecture();
    }

    static String nameIn(Stream<String> lines) {
        return lines.filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .orElseGet(Processor::architecture);
    }

    private static String architecture() {
        return System.getProperty("os.arch");
    }
}
