package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import saddlefarm.LauncherOptions;

/** The same bits from every vector width, without vectors, and before any code is compiled. */
class KernelBitsIT {

    private static final int[] WIDTHS = {128, 256, 512};

    @Test
    void everyVectorWidthAndNoneGiveTheSameBits() throws Exception {
        List<String> scalar = lines(List.of(), 70, 1);
        assertThat(scalar.get(0)).contains("no vectors");
        for (int bits : WIDTHS) {
            List<String> vectors = lines(with(bits), 70, 1);
            assertThat(vectors.get(0)).isEqualTo(bits + "-bit vectors");
            assertThat(vectors.get(1)).as(vectors.get(0)).isEqualTo(scalar.get(1));
        }
    }

    /** A bound of 27 is enough for every tile: those of the widest vectors have 8 rows and 24 columns. */
    @Test
    void nothingIsDifferentWhereCodeIsOnlyInterpreted() throws Exception {
        assertSameAsScalar("-Xint", 27, 10);
    }

    @Test
    void nothingIsDifferentWhereTheFirstCompilerAloneHasCompiled() throws Exception {
        assertSameAsScalar("-XX:TieredStopAtLevel=1", 70, 10);
    }

    private static void assertSameAsScalar(String option, int most, int every) throws Exception {
        String scalar = lines(List.of(), most, every).get(1);
        for (int bits : WIDTHS) {
            var options = new ArrayList<>(with(bits));
            options.add(option);
            List<String> vectors = lines(options, most, every);
            assertThat(vectors.get(0)).isEqualTo(bits + "-bit vectors");
            assertThat(vectors.get(1)).as("%d bits", bits).isEqualTo(scalar);
        }
    }

    /** A JVM emulates vectors that the machine does not have. */
    private static List<String> with(int bits) {
        var options = new ArrayList<>(LauncherOptions.VECTORS);
        options.add("-Dsaddlefarm.vector-bits=" + bits);
        return options;
    }

    private static List<String> lines(List<String> options, int most, int every) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelBits.class.getName()));
        command.addAll(List.of(Integer.toString(most), Integer.toString(every)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().toList();
    }
}
