package saddlefarm.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A dashboard as it is in the tree, and as Grafana reads it. */
record DashboardFile(Path path, JsonNode json) {

    /**
     * A panel that is not a row.
     *
     * @param repeat the variable for each of whose values it, or its row, is shown; null where it is shown once
     */
    record Placed(JsonNode json, @Nullable String repeat) {

        String title() {
            return json.path("title").asText();
        }

        List<JsonNode> targets() {
            return list(json.path("targets"));
        }
    }

    static List<DashboardFile> all() throws IOException {
        try (Stream<Path> paths = Files.list(Path.of("grafana", "dashboards"))) {
            var files = new ArrayList<DashboardFile>();
            for (Path path : paths.sorted().toList()) {
                files.add(new DashboardFile(path, new ObjectMapper().readTree(path.toFile())));
            }
            return files;
        }
    }

    List<Placed> panels() {
        var panels = new ArrayList<Placed>();
        @Nullable String rowsRepeat = null;
        for (JsonNode panel : json.path("panels")) {
            if (isRow(panel)) {
                rowsRepeat = panel.path("repeat").textValue();
            } else {
                @Nullable String own = panel.path("repeat").textValue();
                panels.add(new Placed(panel, own == null ? rowsRepeat : own));
            }
        }
        return panels;
    }

    /** Rows too. */
    List<JsonNode> everythingPlaced() {
        return list(json.path("panels"));
    }

    List<JsonNode> variables() {
        return list(json.path("templating").path("list"));
    }

    List<JsonNode> annotations() {
        return list(json.path("annotations").path("list"));
    }

    static boolean isRow(JsonNode panel) {
        return panel.path("type").asText().equals("row");
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    @Override
    public String toString() {
        return path.getFileName().toString();
    }
}
