package saddlefarm.grafana;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A dashboard as Grafana's classic JSON: variables, annotations, and rows of panels that are laid out from left to
 * right. Methods change it and return it.
 */
final class Dashboard {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROW_HEIGHT = 1;

    private final ObjectNode json = JSON.createObjectNode();
    private final ArrayNode annotations;
    private final ArrayNode variables;
    private final ArrayNode panels;
    private int x;
    private int y;
    private int lineHeight;

    /** @param uid by which links find it, in whatever Grafana it is */
    Dashboard(String uid, String title, String description) {
        json.put("uid", uid).put("title", title).put("description", description);
        json.putArray("tags").add("saddlefarm");
        json.put("schemaVersion", 39)
                .put("version", 1)
                .put("editable", false)
                .put("graphTooltip", 1) // crosshairs are shared
                .put("timezone", "browser")
                .put("refresh", "5s");
        json.putObject("time").put("from", "now-30m").put("to", "now");
        links(json.putArray("links"));
        annotations = json.putObject("annotations").putArray("list");
        variables = json.putObject("templating").putArray("list");
        panels = json.putArray("panels");
        with(Variable.datasource());
        with(Variable.text("farm", "Farm's address", "http://127.0.0.1:8080"));
    }

    /** The data source that the hidden variable names. */
    static ObjectNode datasource() {
        return JSON.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
    }

    /** An expression with its texts in double quotes. */
    static String quoted(String expression) {
        return expression.replace('\'', '"');
    }

    private static void links(ArrayNode links) {
        ObjectNode siblings = links.addObject().put("type", "dashboards").put("title", "Saddlefarm");
        siblings.putArray("tags").add("saddlefarm");
        siblings.put("asDropdown", false).put("includeVars", true).put("keepTime", true);
        links.addObject()
                .put("type", "link")
                .put("title", "The farm's page")
                .put("tooltip", "In steps, flow time and its logarithm, where a dashboard has the time of day")
                .put("url", "${farm:raw}/")
                .put("icon", "external link")
                .put("targetBlank", true);
    }

    Dashboard with(Variable variable) {
        variables.add(variable.json());
        return this;
    }

    /** Marks the moments at which an expression has a value. */
    Dashboard marking(String name, String expression, String text) {
        ObjectNode annotation = annotations.addObject().put("name", name);
        annotation.set("datasource", datasource());
        annotation
                .put("enable", true)
                .put("hide", false)
                .put("iconColor", "purple")
                .put("expr", quoted(expression))
                .put("titleFormat", name)
                .put("textFormat", text)
                .put("step", "5s");
        return this;
    }

    /** A row of panels below what is there. */
    Dashboard row(String title, Panel... rowPanels) {
        beginRow(title);
        for (Panel panel : rowPanels) {
            place(panel);
        }
        return this;
    }

    /** A row for each chosen value of a variable. */
    Dashboard rowForEach(String variable, String title, Panel... rowPanels) {
        int header = panels.size();
        row(title, rowPanels);
        ((ObjectNode) panels.get(header)).put("repeat", variable);
        return this;
    }

    ObjectNode json() {
        return json;
    }

    private void beginRow(String title) {
        breakLine();
        ObjectNode row = panels.addObject()
                .put("id", panels.size())
                .put("type", "row")
                .put("title", title)
                .put("collapsed", false);
        row.putObject("gridPos").put("x", 0).put("y", y).put("w", Panel.COLUMNS).put("h", ROW_HEIGHT);
        row.putArray("panels");
        y += ROW_HEIGHT;
    }

    private void place(Panel panel) {
        if (x + panel.width() > Panel.COLUMNS) {
            breakLine();
        }
        panels.add(panel.json(panels.size() + 1, x, y));
        x += panel.width();
        lineHeight = Math.max(lineHeight, panel.height());
    }

    private void breakLine() {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
    }
}
