package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.LauncherOptions;
import saddlefarm.store.SqlRunStore;

/**
 * The first promise across JVMs: this one and every other that is installed beside it, of which one at least has
 * another version, each with vectors of every width and without any.
 */
@DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*second-jdk.*")
class EveryJvmIT {

    /** ReLU and linear networks, biases, both losses, both methods; each with its plateaus' curvature. */
    private static final List<String> EXPERIMENTS = List.of("""
            name = digits
            network { depth = 4, width = 21, bias = true }
            data { source = digits, samples = 75 }
            initialization { scale = 0.4 }
            loss = cross-entropy
            descent { learning-rate = 0.1 }
            stop { max-steps = 1500 }
            sweep { initialization.seed = [0, 1] }
            """, """
            name = teacher
            network { depth = 3, width = 13 }
            data { source = relu-teacher }
            initialization { scale = 0.1 }
            descent { method = gradient-flow }
            stop { after-escapes = 2, max-steps = 3000 }
            """, """
            name = ladder
            network { depth = 3, width = 20, activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { learning-rate = 0.0157 }
            stop { max-steps = 4000 }
            """);

    @TempDir
    private Path directory;

    @Test
    void everyJvmAndEveryVectorWidthExportTheSame() throws Exception {
        Map<Path, Integer> javas = javas();
        assertThat(Set.copyOf(javas.values()))
                .as("versions of Java in one directory: %s", javas)
                .hasSizeGreaterThan(1);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < EXPERIMENTS.size(); i++) {
            files.add(Files.writeString(directory.resolve(i + ".conf"), EXPERIMENTS.get(i)));
        }
        var expected = Cli.export(train("here", List.of(), own(), files), directory.resolve("expected"));
        assertThat(expected.get("plateaus.csv")).contains(",saddle,");
        int count = 0;
        for (Path java : javas.keySet()) {
            for (int bits : new int[] {0, 128, 256, 512}) {
                var options = new ArrayList<String>();
                if (bits > 0) {
                    options.addAll(LauncherOptions.VECTORS);
                    options.add("-Dsaddlefarm.vector-bits=" + bits);
                }
                String name = "run-" + count++;
                Path out = train(name, options, java, files);
                assertThat(machines(out))
                        .as("what computed each run, by %s", java)
                        .hasSize(4)
                        .allSatisfy(machine -> assertThat(machine)
                                .startsWith(
                                        bits == 0
                                                ? "ordered (no vectors: "
                                                : "ordered (%d-bit vectors)".formatted(bits)));
                Map<String, String> exported = Cli.export(out, directory.resolve("export-" + name));
                assertThat(exported).as("%s with %d bits", java, bits).isEqualTo(expected);
            }
        }
    }

    /** Of each run all that is stored. */
    private static List<String> machines(Path out) {
        try (var store = SqlRunStore.openReadOnly(out)) {
            return store.runs().stream()
                    .flatMap(run -> store.machines(run.id()).stream())
                    .toList();
        }
    }

    private Path train(String name, List<String> options, Path java, List<Path> files) throws Exception {
        Path out = directory.resolve(name);
        var arguments = new ArrayList<Object>(List.of("run"));
        arguments.addAll(files);
        arguments.addAll(List.of("--out", out, "--no-progress"));
        Path output = directory.resolve("output-" + name);
        Process farm = Cli.start(List.of(java.toString()), Map.of(), options, output, arguments.toArray());
        assertThat(farm.waitFor()).as("%s: %s", java, Files.readString(output)).isZero();
        return out;
    }

    private static Path own() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Of all JDKs from 17 on in the directory of this one, with their versions. */
    private static Map<Path, Integer> javas() throws IOException {
        Map<Path, Integer> javas = new LinkedHashMap<>();
        javas.put(own().toRealPath(), Runtime.version().feature());
        try (Stream<Path> homes =
                Files.list(Path.of(System.getProperty("java.home")).toRealPath().getParent())) {
            for (Path home : homes.sorted().toList()) {
                Path java = home.resolve("bin/java");
                if (Files.isExecutable(java) && version(home) >= 17) {
                    javas.putIfAbsent(java.toRealPath(), version(home));
                }
            }
        }
        return javas;
    }

    /** From a line such as {@code JAVA_VERSION="17.0.15"}; 0 where there is none. */
    private static int version(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.exists(release)) {
            return 0;
        }
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION=\""))
                .map(line -> line.split("\"", -1)[1].split("[.+-]", -1)[0])
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }
}
