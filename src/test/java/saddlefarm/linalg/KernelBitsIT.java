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

    @Test
    void everyVectorWidthAndNoneGiveTheSameBits() throws Exception {
        List<String> scalar = lines(List.of(), 1);
        assertThat(scalar.get(0)).contains("no vectors");
        for (int bits : new int[] {128, 256, 512}) {
            List<String> vectors = lines(with(bits), 1);
            assertThat(vectors.get(0)).isEqualTo(bits + "-bit vectors");
            assertThat(vectors.get(1)).as(vectors.get(0)).isEqualTo(scalar.get(1));
        }
    }

    @Test
    void nothingChangesWhenCodeIsCompiled() throws Exception {
        int every = 400;
        String compiled = lines(List.of(), every).get(1);
        for (int bits : new int[] {128, 256, 512}) {
            var interpreted = new ArrayList<>(with(bits));
            interpreted.add("-Xint");
            assertThat(lines(interpreted, every).get(1)).as("%d bits", bits).isEqualTo(compiled);
            var firstCompiler = new ArrayList<>(with(bits));
            firstCompiler.add("-XX:TieredStopAtLevel=1");
            assertThat(lines(firstCompiler, every).get(1)).as("%d bits", bits).isEqualTo(compiled);
        }
    }

    /** A JVM emulates vectors that the machine does not have. */
    private static List<String> with(int bits) {
        var options = new ArrayList<>(LauncherOptions.VECTORS);
        options.add("-Dsaddlefarm.vector-bits=" + bits);
        return options;
    }

    private static List<String> lines(List<String> options, int every) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), KernelBits.class.getName(), Integer.toString(every)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().toList();
    }
}
