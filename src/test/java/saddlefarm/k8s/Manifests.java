package saddlefarm.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import saddlefarm.Program;

/** Objects for Kubernetes, as they would be sent to it. */
record Manifests(List<JsonNode> objects) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** What {@code kubectl} makes of an overlay. */
    static Manifests rendered(String overlay) throws IOException, InterruptedException {
        Path directory = Path.of("k8s", "overlays", overlay);
        return of(Program.output(Path.of("."), "kubectl", List.of("kustomize", directory.toString())));
    }

    static Manifests file(String name) throws IOException {
        return of(Files.readString(Path.of("k8s").resolve(name)));
    }

    private static Manifests of(String yaml) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Manifests(documents.readAll());
        }
    }

    /** The same objects, which may then be changed. */
    Manifests copy() {
        return new Manifests(objects.stream().map(JsonNode::<JsonNode>deepCopy).toList());
    }

    List<JsonNode> all(String kind) {
        return objects.stream().filter(object -> is(object, kind)).toList();
    }

    /** The one object of a kind that has a name, to which kustomize may have added a hash. */
    JsonNode one(String kind, String name) {
        Pattern wanted = Pattern.compile(Pattern.quote(name) + "(-[2-9bcdfghkmt]{10})?");
        List<JsonNode> found = all(kind).stream()
                .filter(object -> wanted.matcher(name(object)).matches())
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("there are %d of %s %s".formatted(found.size(), kind, name));
        }
        return found.get(0);
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static boolean is(JsonNode object, String kind) {
        return object.path("kind").asText().equals(kind);
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    /** The kind and the name of an object, for people. */
    static String title(JsonNode object) {
        return object.path("kind").asText() + " " + name(object);
    }
}
