package saddlefarm.grafana;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A panel: one of Grafana's visualizations with its queries, as classic dashboard JSON. Methods change it and return
 * it.
 */
final class Panel {

    /** The columns of a dashboard. */
    static final int COLUMNS = 24;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode json = JSON.createObjectNode();
    private final ObjectNode defaults;
    private final ObjectNode custom;
    private final ObjectNode options;
    private final ArrayNode targets;
    private final int width;
    private final int height;

    /** Lines over time. */
    static Panel graph(String title, int width, String unit, String description) {
        Panel panel = new Panel("timeseries", title, width, 8, unit, description);
        panel.custom.put("fillOpacity", 0).put("showPoints", "auto");
        panel.options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
        panel.options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
        return panel;
    }

    /** A number as it is at the end of the time range. */
    static Panel stat(String title, int width, String unit, String description) {
        Panel panel = new Panel("stat", title, width, 4, unit, description);
        panel.options.put("graphMode", "none").put("colorMode", "none");
        panel.reduceToLast();
        return panel;
    }

    /** For each series a band over time that shows its states. */
    static Panel states(String title, int width, String unit, String description) {
        Panel panel = new Panel("state-timeline", title, width, 8, unit, description);
        panel.options.put("showValue", "auto").put("mergeValues", true);
        panel.options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
        return panel;
    }

    /** A table with a line for each series and a column for each of its labels but those of the scrape. */
    static Panel table(String title, int width, String unit, String description) {
        Panel panel = new Panel("table", title, width, 6, unit, description);
        ObjectNode organize = panel.json.putArray("transformations").addObject().put("id", "organize");
        ObjectNode excluded = organize.putObject("options").putObject("excludeByName");
        for (String column : new String[] {"Time", "Value", "__name__", "instance", "job"}) {
            excluded.put(column, true);
        }
        return panel;
    }

    private Panel(String type, String title, int width, int height, String unit, String description) {
        this.width = width;
        this.height = height;
        json.put("type", type).put("title", title).put("description", description);
        json.set("datasource", Dashboard.datasource());
        ObjectNode fieldConfig = json.putObject("fieldConfig");
        defaults = fieldConfig.putObject("defaults").put("unit", unit);
        custom = defaults.putObject("custom");
        fieldConfig.putArray("overrides");
        options = json.putObject("options");
        targets = json.putArray("targets");
        linked("The farm's page", "${farm:raw}/");
    }

    /** Adds a query over the time range; the legend names each of its series. */
    Panel query(String expression, String legend) {
        target(expression).put("legendFormat", legend).put("range", true);
        return this;
    }

    /** Adds a query at the end of the time range. */
    Panel queryNow(String expression) {
        target(expression).put("legendFormat", "__auto").put("instant", true).put("range", false);
        if (json.get("type").textValue().equals("table")) {
            last().put("format", "table");
        }
        return this;
    }

    /** Each series is a run: its link leads to the run's own place in the farm's page. */
    Panel ofRuns() {
        return linked("The run's page", "${farm:raw}/#run=${__field.labels.run}");
    }

    /** Each line of the table is a run. */
    Panel ofRunsByLine() {
        return linked("The run's page", "${farm:raw}/#run=${__data.fields.run}");
    }

    private Panel linked(String title, String url) {
        defaults.putArray("links")
                .addObject()
                .put("title", title)
                .put("url", url)
                .put("targetBlank", true);
        return this;
    }

    /** On a logarithmic axis. */
    Panel log() {
        custom.putObject("scaleDistribution").put("type", "log").put("log", 10);
        return this;
    }

    /** With steps instead of slopes: what is shown is a count. */
    Panel steps() {
        custom.put("lineInterpolation", "stepAfter");
        return this;
    }

    /** With the series on top of each other. */
    Panel stacked() {
        custom.put("fillOpacity", 60)
                .putObject("stacking")
                .put("mode", "normal")
                .put("group", "A");
        return this;
    }

    /** With a line at a value that theory gives. */
    Panel lineAt(double value) {
        ObjectNode thresholds = defaults.putObject("thresholds").put("mode", "absolute");
        ArrayNode steps = thresholds.putArray("steps");
        steps.addObject().put("color", "transparent").putNull("value");
        steps.addObject().put("color", "orange").put("value", value);
        custom.putObject("thresholdsStyle").put("mode", "dashed");
        return this;
    }

    /** With a word and a colour for a value. */
    Panel meaning(int value, String word, String color) {
        ArrayNode mappings = defaults.withArray("mappings");
        ObjectNode mapping = mappings.addObject().put("type", "value");
        mapping.putObject("options")
                .putObject(Integer.toString(value))
                .put("text", word)
                .put("color", color)
                .put("index", mappings.size() - 1);
        return this;
    }

    /** With a colour that follows the value. */
    Panel shaded() {
        defaults.putObject("color").put("mode", "continuous-BlPu");
        return this;
    }

    /** Once for each chosen value of a variable, side by side. */
    Panel repeatedBy(String variable) {
        json.put("repeat", variable).put("repeatDirection", "h").put("maxPerRow", COLUMNS / width);
        return this;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** The panel at its place in a dashboard. */
    ObjectNode json(int id, int x, int y) {
        ObjectNode placed = JSON.createObjectNode().put("id", id);
        placed.putObject("gridPos").put("x", x).put("y", y).put("w", width).put("h", height);
        return placed.setAll(json);
    }

    private void reduceToLast() {
        ObjectNode reduce = options.putObject("reduceOptions").put("values", false);
        reduce.putArray("calcs").add("lastNotNull");
    }

    private ObjectNode target(String expression) {
        ObjectNode target = targets.addObject()
                .put("refId", Character.toString('A' + targets.size() - 1))
                .put("expr", Dashboard.quoted(expression));
        target.set("datasource", Dashboard.datasource());
        return target;
    }

    private ObjectNode last() {
        return (ObjectNode) targets.get(targets.size() - 1);
    }
}
