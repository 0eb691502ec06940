package saddlefarm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;
import saddlefarm.experiment.Arithmetic;
import saddlefarm.linalg.Kernels;

/** What runs here. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "saddlefarm " + number(),
            "arithmetic %d, backends ordered (%s) and openblas (loaded by the runs that ask for it)"
                    .formatted(Arithmetic.VERSION, Kernels.ordered().description()),
            "processor %s".formatted(Processor.name()),
            "Java %s (%s), %s %s"
                    .formatted(
                            System.getProperty("java.version"),
                            System.getProperty("java.vendor"),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"))
        };
    }

    private static String number() {
        var properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("/saddlefarm/version.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
