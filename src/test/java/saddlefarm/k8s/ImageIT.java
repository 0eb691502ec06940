package saddlefarm.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.Program;

/** The image that the build lays out without Docker, but for its base, and the Dockerfile, which makes the same. */
class ImageIT {

    @TempDir
    private static Path image;

    @TempDir
    private static Path root;

    private static String dockerfile;

    @BeforeAll
    static void unpack() throws Exception {
        dockerfile = Files.readString(Path.of("Dockerfile"));
        unpack(Path.of("target", "jib-image.tar"), image);
        for (JsonNode layer : read("manifest.json").at("/0/Layers")) {
            unpack(image.resolve(layer.asText()), root);
        }
    }

    private static void unpack(Path archive, Path directory) throws Exception {
        Program.output(
                directory,
                "tar",
                List.of("--extract", "--file", archive.toAbsolutePath().toString()));
    }

    private static JsonNode read(String file) throws IOException {
        return new ObjectMapper().readTree(image.resolve(file).toFile());
    }

    @Test
    void itIsStartedAsTheDockerfileSays() throws IOException {
        JsonNode config = read("config.json").path("config");
        assertThat(config.path("User").asText()).isEqualTo(said("USER (.*)"));
        assertThat(config.path("WorkingDir").asText()).isEqualTo(said("USER .*\nWORKDIR (.*)"));
        assertThat(config.path("Cmd").toString()).isEqualTo(said("CMD (.*)"));
        assertThat(config.at("/Env/0").asText())
                .isEqualTo("SADDLEFARM_JAVA_OPTIONS=" + said("SADDLEFARM_JAVA_OPTIONS=\"(.*)\""));
        assertThat(config.path("ExposedPorts").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(said("EXPOSE (.*)").split(" ", -1))
                                .map(port -> port + "/tcp")
                                .toList());
        assertThat(config.at("/Entrypoint/0").asText()).isEqualTo(said("ln -s (\\S+) /usr/local/bin/saddlefarm"));
        assertThat(said("ENTRYPOINT (.*)")).isEqualTo("[\"saddlefarm\"]");
    }

    @Test
    void itHoldsEveryLibraryAndExperiment() throws IOException {
        assertThat(names(root.resolve("opt/saddlefarm/target/lib"))).isEqualTo(names(Path.of("target", "lib")));
        assertThat(names(root.resolve("opt/saddlefarm/config"))).isEqualTo(names(Path.of("config")));
        assertThat(names(root)).containsExactly("opt");
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
            return names;
        }
    }

    @Test
    void itsProgramStarts() throws Exception {
        Path launcher = root.resolve("opt/saddlefarm/saddlefarm");
        assertThat(launcher).isExecutable();
        assertThat(Program.output(
                        root,
                        "bash",
                        List.of(launcher.toString(), "run", "opt/saddlefarm/config/first-light.conf", "--dry-run")))
                .contains("first-light");
    }

    /** A module that is missing is noticed only when a class of it is wanted: for Artery's, when a node starts. */
    @Test
    void itsRuntimeHasEveryModuleThatClassesAskFor() throws IOException {
        var arguments = new ArrayList<String>(List.of(
                "--print-module-deps", "--ignore-missing-deps", "--multi-release", "17", "target/saddlefarm.jar"));
        names(Path.of("target", "lib")).forEach(library -> arguments.add("target/lib/" + library));
        var said = new StringWriter();
        var out = new PrintWriter(said);
        int exit = ToolProvider.findFirst("jdeps").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertThat(exit).as(said.toString()).isZero();
        assertThat(said("--add-modules (\\S+)").split(",", -1))
                .containsAll(Stream.of(said.toString().strip().split(",", -1))
                        .filter(module -> !module.startsWith("java."))
                        .toList())
                .contains("java.se");
    }

    /** What the Dockerfile says at one place. */
    private static String said(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(dockerfile);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
