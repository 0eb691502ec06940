package saddlefarm.k8s;

import static saddlefarm.k8s.Manifests.list;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A Deployment or a StatefulSet, of one container. */
record Workload(JsonNode object) {

    static List<Workload> all(Manifests manifests) {
        return Stream.of("Deployment", "StatefulSet")
                .flatMap(kind -> manifests.all(kind).stream())
                .map(Workload::new)
                .toList();
    }

    String title() {
        return Manifests.title(object);
    }

    JsonNode pod() {
        return object.at("/spec/template/spec");
    }

    JsonNode container() {
        return pod().at("/containers/0");
    }

    /** Its container's mounts that are not read-only, as they are in the manifest. */
    List<JsonNode> writableMounts() {
        return list(container().path("volumeMounts")).stream()
                .filter(mount -> !mount.path("readOnly").asBoolean())
                .toList();
    }

    /** Whether a selector, as labels that a pod has to have, selects its pods. */
    boolean isSelected(JsonNode labels) {
        JsonNode own = object.at("/spec/template/metadata/labels");
        return !labels.isEmpty()
                && labels.properties().stream()
                        .allMatch(label -> Objects.equals(own.get(label.getKey()), label.getValue()));
    }

    /** Whether its container has a port, by its name or its number. */
    boolean listens(JsonNode port) {
        return list(container().path("ports")).stream()
                .anyMatch(each ->
                        each.path(port.isTextual() ? "name" : "containerPort").equals(port));
    }
}
